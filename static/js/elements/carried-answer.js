// What the office said of a criterion in the round before: to be confirmed, or answered anew.

import { figuresIn, waitsIn } from "../domain/carried.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { confirmAll } from "./carried-notice.js";
import { answerWords, splitTarget, valueWords } from "./speak.js";
import { whyLocked } from "./stage.js";
import { inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

export class CarriedAnswer extends Live {
  /** @param {Open} open @param {Criterion} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
    this.anew = false;
  }

  connectedCallback() {
    this.replaceChildren(stamp("carried"));
    onTap(this, "confirm", () => this.#confirm());
    onTap(this, "anew", () => this.#answerAnew());
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { open, criterion } = this;
    const { carried } = open.pack;
    const waits = waitsIn(carried, open.ledger.state, criterion);
    this.hidden = !carried || !waits.length || this.anew;
    if (!carried || this.hidden) return;
    say(this, {
      round: inLang(carried.round),
      note: carried.notes[criterion.code]
        ? _("บันทึกรอบก่อน: {note}", { note: carried.notes[criterion.code] })
        : null,
    });
    const said = waits.map(([target, value]) => {
      const [, part] = splitTarget(target);
      const title = inLang(criterion.parts.find(({ code }) => code === part)?.title);
      return { title, value: answerWords(value, criterion, part) };
    });
    const figures = figuresIn(carried, open.ledger.state, criterion);
    const measured = figures.map(([target, value]) => {
      const key = target.slice(criterion.code.length + 1);
      const title = inLang(criterion.measurements.find((one) => one.key === key)?.label);
      return { title, value: valueWords("measurement", value, criterion, key) };
    });
    slot(this, "answers").replaceChildren(
      ...[...said, ...measured].map(({ title, value }) => {
        const line = document.createElement("li");
        line.textContent = title ? _("{title}: {value}", { title, value }) : value;
        return line;
      }),
    );
    slot(this, "acts").hidden = whyLocked(open.pack.audit, criterion.code) !== null;
  }

  async #confirm() {
    const answers = this.closest("criterion-card")?.querySelector("[role=radio]");
    if (await confirmAll(this.open, [this.criterion]))
      /** @type {HTMLElement | null} */ (answers)?.focus({ preventScroll: true });
  }

  /** The card makes room; the first answer waits under the finger. */
  #answerAnew() {
    this.anew = true;
    const first = this.closest("criterion-card")?.querySelector("[role=radio]");
    this.#draw();
    /** @type {HTMLElement | null} */ (first)?.focus();
  }
}
customElements.define("carried-answer", CarriedAnswer);
