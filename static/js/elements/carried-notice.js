// How much of the round before waits to be confirmed, what level that would be, and, in a section,
// the way to confirm all of it at once.

import { confirmed, figuresIn, waitsIn } from "../domain/carried.js";
import { reading } from "../domain/reading.js";
import { tally } from "../domain/tally.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { keep, snack } from "./snack.js";
import { levelName, points } from "./speak.js";
import { whyLocked } from "./stage.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Section} Section */
/** @typedef {import("./walk.js").Criterion} Criterion */

/** The criteria of which something waits. @param {Open} open @param {Section} [section] none: of all */
export const waiting = (open, section) =>
  criteriaOf(open.pack)
    .filter((one) => !section || one.section === section)
    .map(({ criterion }) => criterion)
    .filter((one) => waitsIn(open.pack.carried, open.ledger.state, one).length > 0);

/**
 * Say anew what was said in the round before, and offer the way back.
 * @param {Open} open @param {Criterion[]} criteria @returns {Promise<boolean>} whether all was kept
 */
export const confirmAll = async ({ pack, ledger }, criteria) => {
  // Figures first: they wait as long as their criterion's answers do.
  const said = criteria.flatMap((one) => [
    ...figuresIn(pack.carried, ledger.state, one).map(([target, value]) => ({
      code: one.code,
      register: `measurement ${target}`,
      value,
      say: (/** @type {any} */ anew) => ledger.measure(target, anew),
    })),
    ...waitsIn(pack.carried, ledger.state, one).map(([target, value]) => ({
      code: one.code,
      register: `answer ${target}`,
      value,
      say: (/** @type {any} */ anew) => ledger.answer(target, anew),
    })),
  ]);
  /** @type {typeof said} */
  const done = [];
  for (const one of said) {
    if (!(await keep(() => one.say(one.value)))) break;
    done.push(one);
  }
  if (!done.length) return false;
  snack(_("ยืนยันแล้ว {n} ข้อ", { n: new Set(done.map(({ code }) => code)).size }), async () => {
    // What somebody has said otherwise since stays as it is.
    for (const { register, value, say: write } of done)
      if (stands(ledger, register, value)) await keep(() => write(null));
  });
  return done.length === said.length;
};

/** @param {Open["ledger"]} ledger @param {string} register @param {any} value */
const stands = (ledger, register, value) => {
  const now = ledger.standing(register).map((one) => one.value);
  return JSON.stringify(now) === JSON.stringify([value]);
};

export class CarriedNotice extends Live {
  key = "";

  /** @param {Open} open @param {Section} [section] none: the whole audit, and nothing to tap */
  constructor(open, section) {
    super();
    this.open = open;
    this.section = section;
  }

  connectedCallback() {
    this.replaceChildren(stamp("carried-notice"));
    onTap(this, "confirm", () => confirmAll(this.open, waiting(this.open, this.section)));
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { open, section } = this;
    const { pack, ledger } = open;
    const { carried } = pack;
    const here = waiting(open, section).length;
    this.hidden = !carried || !here;
    if (!carried || this.hidden) return;
    const key = String(ledger.state.lam);
    if (key === this.key) return;
    this.key = key;
    const edition = /** @type {any} */ (pack.edition);
    const would = tally(edition, reading(edition, confirmed(carried, ledger.state, edition)));
    const score = { n: points(would.earned), m: points(would.possible) };
    say(this, {
      title: _("ยกมาจากรอบก่อน รอยืนยัน {n} ข้อ", { n: here }),
      round: inLang(carried.round),
      level: would.level
        ? _("ถ้ายืนยันทุกข้อที่ยกมาและยังเป็นจริง จะได้ {n}/{m} คะแนน {level}", {
            ...score,
            level: levelName(would.level, pack),
          })
        : _("ถ้ายืนยันทุกข้อที่ยกมา จะได้ {n}/{m} คะแนน ยังไม่ถึงระดับใด", score),
      "confirm-words": _("ยืนยันทั้งหมวด {n} ข้อ", { n: here }),
    });
    slot(this, "confirm").hidden = !section || whyLocked(pack.audit) !== null;
  }
}
customElements.define("carried-notice", CarriedNotice);
