// The receipt an office gets on the spot: one sheet to print, or a picture to hand over.

import { draw, Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { setFrame } from "./frame.js";
import { inkOf } from "./ink.js";
import { receiptOf } from "./receipt-content.js";
import { pageWords } from "./submit-card.js";
import { inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./receipt-content.js").Receipt} Receipt */

/** As many as one sheet has room for; the report tells all. */
export const MOST_UNMET = 10;

/** @type {Record<string, string>} */
const SHAPES = {
  none: "level-none",
  "light-blue": "level-disc",
  teal: "level-plate",
  gold: "level-star",
};

export class ReceiptPage extends Live {
  /** @type {Receipt | null} */
  told = null;

  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
    this.className = "page";
  }

  connectedCallback() {
    const { audit } = this.open.pack;
    const home = `#/audit/${audit.id}`;
    this.replaceChildren(stamp("receipt"));
    setFrame({
      title: _("ใบรับการตรวจ {office}", { office: inLang(audit.office.name) }),
      bar: inLang(audit.office.name),
      back: { href: home, words: inLang(audit.office.name) },
      thumb: {
        middle: { href: home, words: _("ทุกหมวด") },
        after: { href: `${home}/submit`, words: pageWords(this.open) },
      },
    });
    onTap(this, "print", () => print());
    onTap(this, "picture", () => this.#picture());
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  async #draw() {
    const told = await receiptOf(this.open);
    if (!this.isConnected) return;
    this.told = told;
    const { issuer, office, facts, level, score, percent, gates, sections, unmet } = told;
    say(this, { issuer, office, score, percent, gates, "level-name": level.name });
    slot(this, "level").setAttribute("class", `level level-${level.colour}`);
    draw(this, "level", SHAPES[level.colour] ?? "level-plate");
    slot(this, "facts").replaceChildren(
      ...facts.map(([what, value]) => {
        const fact = stamp("receipt-fact");
        say(fact, { what, value });
        return fact;
      }),
    );
    slot(this, "sections").replaceChildren(
      ...sections.map((section) => {
        const row = stamp("score-row");
        say(row, section);
        return row;
      }),
    );
    slot(this, "unmet-box").hidden = !unmet.length;
    slot(this, "unmet").replaceChildren(
      ...unmet.slice(0, MOST_UNMET).map((one) => {
        const line = stamp("receipt-unmet");
        say(line, one);
        return line;
      }),
    );
    const rest = unmet.length - MOST_UNMET;
    say(this, {
      "unmet-title": _("ข้อที่ยังไม่ได้คะแนนเต็มหรือไม่ผ่าน {n} ข้อ", { n: unmet.length }),
      "unmet-rest": rest > 0 ? _("และอีก {n} ข้อ ดูครบในรายงานผลการตรวจ", { n: rest }) : null,
      "check-code": _("รหัสตรวจสอบ {code}", { code: told.code }),
      made: _("ออกจากเครื่องของผู้ตรวจเมื่อ {date}", { date: told.made }),
    });
    slot(this, "signers").replaceChildren(...told.signers.map(signerBox));
  }

  async #picture() {
    if (!this.told) return;
    const { savePicture } = await import("./receipt-picture.js");
    say(this, { problem: null });
    try {
      await savePicture(this.told);
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      // Whoever closes the sheet of the phone wanted nothing saved.
      if (name !== "AbortError")
        say(this, { problem: _("บันทึกเป็นภาพไม่ได้: {why}", { why: message }) });
    }
  }
}
customElements.define("receipt-page", ReceiptPage);

/** @param {import("./receipt-content.js").Signer} signer */
const signerBox = ({ whose, name, post, when, strokes, note }) => {
  const box = stamp("receipt-signer");
  if (strokes) slot(box, "ink").append(inkOf({ name, strokes }));
  say(box, {
    name: name ? `(${name})` : `(${".".repeat(40)})`,
    post: post || null,
    whose: post === whose ? null : whose,
    when,
    note: note ?? (strokes ? null : _("ยังไม่ลงชื่อ")),
  });
  return box;
};
