// Two people, two answers: both shown with name, time and photos; a person settles it with a reason.

import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { showPhotos, thumbImage } from "./photo-viewer.js";
import { keep, snack } from "./snack.js";
import { personName, splitTarget, valueWords } from "./speak.js";
import { mayWrite } from "./stage.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

export class ConflictPanel extends Live {
  /** @param {Open} open @param {string} register @param {Criterion} criterion */
  constructor(open, register, criterion) {
    super();
    this.open = open;
    this.register = register;
    this.criterion = criterion;
    /** @type {any} */ this.chosen = undefined;
    this.key = "";
    /** @type {import("../domain/fold.js").Standing[]} */ this.shown = [];
  }

  connectedCallback() {
    const body = stamp("conflict");
    const measured = this.register.startsWith("measurement ");
    if (measured) say(body, { title: _("ค่าที่วัดไม่ตรงกัน") });
    // The lower answer counts for the score; where nothing is scored, nothing is lower.
    if (measured) say(body, { how: _("ค่าที่วัดทุกค่ายังอยู่ครบ และไม่คิดคะแนน ตกลงกันแล้วเลือกค่าที่จะใช้") });
    else if (this.criterion.kind === "advisory")
      say(body, { how: _("คำตอบทั้งสองยังอยู่ครบ ข้อนี้ไม่คิดคะแนน ตกลงกันแล้วเลือกคำตอบที่จะใช้") });
    this.replaceChildren(body);
    slot(body, "settle").hidden = !mayWrite(this.open.pack, this.criterion.code);
    onTap(body, "keep", () => this.#settle());
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  /** Drawn anew when somebody says more, so that nothing is settled unseen. */
  #draw() {
    const standing = this.open.ledger.standing(this.register);
    const key = JSON.stringify(standing);
    if (standing.length < 2 || key === this.key) return;
    this.key = key;
    this.shown = standing;
    this.chosen = undefined;
    const locked = !mayWrite(this.open.pack, this.criterion.code);
    slot(this, "sides").replaceChildren(...standing.map((side) => this.#side(side, locked)));
  }

  /** @param {import("../domain/fold.js").Standing} side @param {boolean} locked */
  #side(side, locked) {
    const card = stamp("conflict-side");
    const [kind, ...rest] = this.register.split(" ");
    const target = rest.join(" ");
    const detail = kind === "measurement" ? target.split(":")[1] : splitTarget(target)[1];
    say(card, { value: valueWords(kind, side.value, this.criterion, detail) });
    const voices = side.changes.map((one) => {
      const line = stamp("voice");
      say(line, { name: personName(one.author, this.open.pack), when: dateTime(one.made_at) });
      return line;
    });
    slot(card, "voices").append(...voices);
    const authors = new Set(side.changes.map((one) => one.author));
    const photos = (this.open.ledger.state.photos[this.criterion.code] ?? []).filter(
      (photo) => !photo.removed && authors.has(photo.author),
    );
    slot(card, "photos").append(...photos.map((photo, i) => this.#photo(photo, i + 1)));
    const choice = /** @type {HTMLInputElement} */ (slot(card, "choice"));
    choice.name = `side-${this.register}`;
    choice.disabled = locked;
    choice.addEventListener("change", () => {
      this.chosen = side.value;
    });
    return card;
  }

  /** @param {import("../domain/fold.js").Photo} photo @param {number} number */
  #photo(photo, number) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "side-photo";
    const { author, value } = photo;
    const by = personName(author, this.open.pack);
    button.setAttribute(
      "aria-label",
      _("ภาพที่ {n} ของ{name} เปิดภาพใหญ่", { n: number, name: by }),
    );
    button.append(thumbImage(value.sha256));
    button.addEventListener("click", () => showPhotos(this.open, this.criterion, photo.id));
    return button;
  }

  #settle() {
    const box = /** @type {HTMLTextAreaElement} */ (slot(this, "reason"));
    const reason = box.value.trim();
    const problem =
      this.chosen === undefined
        ? _("เลือกคำตอบที่จะใช้ก่อน")
        : reason
          ? null
          : _("บอกเหตุผลสั้น ๆ ว่าทำไมเลือกคำตอบนี้");
    say(this, { problem });
    if (problem) return;
    keep(() => this.open.ledger.settle(this.register, this.chosen, reason, this.shown)).then(
      (kept) => kept && snack(_("ใช้คำตอบเดียวกันแล้ว คำตอบเดิมทั้งสองยังอยู่ในประวัติ")),
    );
  }
}
customElements.define("conflict-panel", ConflictPanel);
