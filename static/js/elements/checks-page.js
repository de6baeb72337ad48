// Before leaving: what to do here, what to look at again, and a word why something is all right.

import { draw, Live, mood, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { checkReason, checkTitle, checkWords } from "./check-words.js";
import { checked, see, seenIn, unsee } from "./checked.js";
import { comeFrom, setFrame } from "./frame.js";
import { showPhotos, thumbImage } from "./photo-viewer.js";
import { keep, snack } from "./snack.js";
import { mayWrite } from "./stage.js";
import { SubmitCard, submitWords } from "./submit-card.js";
import { criteriaOf, inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("../domain/finding.js").Finding} Finding */

const SHOWN = 5;

/** Whoever visits leaves; an office that assesses itself hands in. @param {Open} open */
export const titleOf = ({ pack }) =>
  pack.audit.kind === "self" ? _("ตรวจทานก่อนส่ง") : _("ตรวจก่อนออกจากที่นี่");

/** Findings of one kind together, in their order. @param {Finding[]} findings */
const groupsOf = (findings) => {
  /** @type {Map<Finding["code"], Finding[]>} */
  const groups = new Map();
  for (const one of findings) {
    const group = groups.get(one.code);
    if (group) group.push(one);
    else groups.set(one.code, [one]);
  }
  return [...groups];
};

/** How much there is, on the page of the visit; leads to the list. */
export class CheckCard extends Live {
  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
  }

  connectedCallback() {
    const body = stamp("check-card");
    body.setAttribute("href", `#/audit/${this.open.pack.audit.id}/checks`);
    this.replaceChildren(body);
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.hear(walk.vault, "photos", () => this.#draw());
    this.hear(walk.vault, "records", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { open, seen } = checked(this.open);
    const card = /** @type {HTMLElement} */ (this.firstElementChild);
    const here = open.filter(({ weight }) => weight === "here").length;
    const groups = groupsOf(open).slice(0, 3);
    const told = groups.map(([code, all]) => `${checkTitle(code)} ${all.length}`).join(" · ");
    // Where nothing can be changed there is nothing to be done.
    this.hidden = !mayWrite(this.open.pack);
    say(card, {
      title: titleOf(this.open),
      count: !open.length
        ? _("ไม่มีอะไรค้าง")
        : !here
          ? _("ควรดูอีกครั้ง {n} จุด", { n: open.length })
          : here === open.length
            ? _("ควรทำก่อน {n} จุด", { n: here })
            : _("ควรทำก่อน {n} จุด ดูอีกครั้ง {m} จุด", { n: here, m: open.length - here }),
      groups: told || null,
      seen: seen.length ? _("ดูแล้ว ไม่เป็นไร {n} จุด", { n: seen.length }) : null,
    });
    draw(card, "picture", open.length ? "clipboard-check" : "circle-check");
    mood(card, open.length ? "" : "met");
  }
}
customElements.define("check-card", CheckCard);

export class ChecksPage extends Live {
  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
    this.className = "page";
    this.key = "";
    this.where = new Map(criteriaOf(open.pack).map((one) => [one.criterion.code, one]));
  }

  connectedCallback() {
    const { audit } = this.open.pack;
    comeFrom(audit.id, { href: `#/audit/${audit.id}/checks`, words: _("จุดที่ควรดู") });
    this.replaceChildren(stamp("checks"));
    say(this, { title: titleOf(this.open) });
    slot(this, "submit").append(new SubmitCard(this.open));
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.hear(walk.vault, "photos", () => this.#draw());
    this.hear(walk.vault, "records", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const found = checked(this.open);
    const key = JSON.stringify(found);
    // A row in which somebody is typing is not taken from under the finger.
    if (key === this.key || this.querySelector("input:focus")) return;
    this.key = key;
    for (const weight of /** @type {const} */ (["here", "look"])) {
      const some = found.open.filter((one) => one.weight === weight);
      const box = slot(this, weight);
      box.hidden = !some.length;
      say(box, { count: _("{n} จุด", { n: some.length }) });
      slot(box, "groups").replaceChildren(...groupsOf(some).map((group) => this.#group(group)));
    }
    const waiting = found.later.reduce((sum, { detail }) => sum + detail.n, 0);
    slot(this, "later-box").hidden = !waiting;
    say(this, {
      later: waiting ? _("มี {n} ภาพรอส่ง เครื่องส่งเองเมื่อมีสัญญาณ ไม่ต้องรอที่นี่", { n: waiting }) : null,
    });
    slot(this, "clear").hidden = found.open.length > 0;
    slot(this, "seen").hidden = !found.seen.length;
    say(this, { "seen-words": _("ดูแล้ว ไม่เป็นไร {n} จุด", { n: found.seen.length }) });
    slot(this, "seen-rows").replaceChildren(...found.seen.map((one) => this.#row(one)));
    this.#frame(found.open[0]);
  }

  /** @param {Finding | undefined} first */
  #frame(first) {
    const { audit } = this.open.pack;
    const home = `#/audit/${audit.id}`;
    setFrame({
      title: titleOf(this.open),
      bar: inLang(audit.office.name),
      back: { href: home, words: inLang(audit.office.name) },
      thumb: {
        middle: { href: home, words: _("ทุกหมวด") },
        after: first
          ? { href: this.#address(first), words: _("ไปต่อ") }
          : { href: `${home}/submit`, words: submitWords(this.open) },
      },
    });
  }

  /** @param {Finding} finding */
  #address({ criterion }) {
    const section = this.where.get(criterion)?.section.code;
    return `#/audit/${this.open.pack.audit.id}/${section}/${criterion}`;
  }

  /** @param {[Finding["code"], Finding[]]} group */
  #group([code, all]) {
    const box = stamp("check-group");
    say(box, { title: checkTitle(code), count: _("{n} จุด", { n: all.length }) });
    const rows = all.map((one) => this.#row(one));
    slot(box, "first").replaceChildren(...rows.slice(0, SHOWN));
    slot(box, "rest").replaceChildren(...rows.slice(SHOWN));
    const more = slot(box, "more");
    more.hidden = rows.length <= SHOWN;
    say(more, { words: _("ดูอีก {n} จุด", { n: rows.length - SHOWN }) });
    return box;
  }

  /** @param {Finding} finding */
  #row(finding) {
    const row = stamp("check");
    const { criterion } = /** @type {NonNullable<ReturnType<typeof this.where.get>>} */ (
      this.where.get(finding.criterion)
    );
    const seen = seenIn(this.open)[finding.key];
    slot(row, "link").setAttribute("href", this.#address(finding));
    say(row, {
      code: criterion.code,
      title: inLang(criterion.title),
      what: checkWords(finding, criterion),
      reason: seen ? _("ไม่เป็นไร: {reason}", { reason: seen.reason }) : null,
    });
    this.#picture(row, finding, criterion);
    const reason = checkReason(finding.code);
    if (!reason || !mayWrite(this.open.pack, finding.criterion)) return row;
    slot(row, "acts").hidden = false;
    say(row, { "fine-words": seen ? _("ดูอีกครั้ง") : _("ไม่เป็นไร"), suggestion: reason });
    onTap(row, "fine", () =>
      seen ? unsee(this.open, finding.key) : this.#ask(row, slot(row, "form").hidden === true),
    );
    const typed = /** @type {HTMLInputElement} */ (slot(row, "typed"));
    onTap(row, "suggestion", () => {
      typed.value = reason;
      typed.focus();
    });
    onTap(row, "keep", () => this.#see(row, finding, typed));
    return row;
  }

  /** @param {HTMLElement} row @param {Finding} finding @param {import("./walk.js").Criterion} criterion */
  #picture(row, finding, criterion) {
    const photo = this.open.ledger.state.photos[finding.criterion]?.find(
      ({ id }) => id === finding.photo,
    );
    if (!photo) return;
    slot(row, "photo").hidden = false;
    slot(row, "picture").replaceChildren(thumbImage(photo.value.sha256));
    onTap(row, "photo", () => showPhotos(this.open, criterion, photo.id));
  }

  /** @param {HTMLElement} row @param {boolean} opens */
  #ask(row, opens) {
    slot(row, "form").hidden = !opens;
    slot(row, "fine").setAttribute("aria-expanded", String(opens));
    if (opens) slot(row, "typed").focus();
    else this.#draw();
  }

  /** @param {HTMLElement} row @param {Finding} finding @param {HTMLInputElement} typed */
  async #see(row, finding, typed) {
    const reason = typed.value.trim();
    say(row, { problem: reason ? null : _("บอกเหตุผลสั้น ๆ ก่อน") });
    typed.setAttribute("aria-invalid", String(!reason));
    if (!reason) return typed.focus();
    typed.blur();
    /** @type {() => Promise<unknown>} */
    let undo = async () => {};
    const kept = await keep(async () => {
      const done = await see(this.open, finding, checkTitle(finding.code), reason);
      undo = done.undo;
      return done;
    });
    if (kept) snack(_("เก็บเหตุผลไว้ในบันทึกข้อ {code} แล้ว", { code: finding.criterion }), undo);
  }
}
customElements.define("checks-page", ChecksPage);
