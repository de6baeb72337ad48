// What the office said of a criterion in the round before: to be confirmed, or answered anew.

import { waitsIn } from "../domain/carried.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { confirmAll } from "./carried-notice.js";
import { answerWords, splitTarget } from "./speak.js";
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
    slot(this, "answers").replaceChildren(
      ...waits.map(([target, value]) => {
        const [, part] = splitTarget(target);
        const line = document.createElement("li");
        const title = inLang(criterion.parts.find(({ code }) => code === part)?.title);
        const words = answerWords(value, criterion, part);
        line.textContent = title ? _("{title}: {value}", { title, value: words }) : words;
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
