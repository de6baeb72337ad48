// Trying only: what the level would be if some criteria were met. Nothing is said to the ledger;
// what is chosen lives as long as the page shows it.

import { tally } from "../domain/tally.js";
import { supposing, waysToEach } from "../domain/ways-up.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { levelName, points } from "./speak.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

export class WhatIf extends Live {
  /** @type {Set<string>} */
  #chosen = new Set();

  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
  }

  connectedCallback() {
    this.replaceChildren(stamp("what-if"));
    onTap(this, "clear", () => {
      this.#chosen.clear();
      for (const box of this.querySelectorAll("input")) box.checked = false;
      this.#tell();
      slot(this, "count").focus();
    });
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  /** The criteria that are not met, those that lead up soonest first. */
  #draw() {
    const { pack, ledger } = this.open;
    const ways = waysToEach(ledger.pack.edition, ledger.answers)[0];
    const first = ways ? named(ways) : new Set();
    const open = criteriaOf(pack).flatMap(({ criterion }) => {
      const { code } = criterion;
      const { gained, helps } = gainOf(this.open, code);
      return helps || first.has(code) ? [{ code, criterion, gained }] : [];
    });
    const sorted = [
      ...open.filter(({ code }) => first.has(code)),
      ...open.filter(({ code }) => !first.has(code)),
    ];
    this.hidden = sorted.length === 0;
    for (const code of [...this.#chosen])
      if (!sorted.some((one) => one.code === code)) this.#chosen.delete(code);
    say(this, { count: _("เลือกจาก {n} ข้อที่ยังไม่ผ่าน", { n: sorted.length }) });
    const choices = sorted.map(({ code, criterion, gained }) => {
      const choice = stamp("what-if-choice");
      const box = /** @type {HTMLInputElement} */ (slot(choice, "box"));
      box.value = code;
      box.checked = this.#chosen.has(code);
      box.addEventListener("change", () => {
        if (box.checked) this.#chosen.add(code);
        else this.#chosen.delete(code);
        this.#tell();
      });
      say(choice, {
        code,
        title: inLang(criterion.title),
        gain: criterion.kind === "gate" ? _("เกณฑ์บังคับ") : gained ? `+${points(gained)}` : null,
      });
      return choice;
    });
    slot(this, "choices").replaceChildren(...choices);
    this.#tell();
  }

  #tell() {
    const { pack, ledger } = this.open;
    const now = ledger.scorecard;
    const { edition } = ledger.pack;
    const supposed = tally(edition, supposing(edition, ledger.answers, this.#chosen));
    const words = /** @param {string | null} level */ (level) =>
      level ? levelName(level, pack) : _("ยังไม่ถึงระดับใด");
    say(this, {
      result: this.#chosen.size
        ? _("ถ้าผ่าน {n} ข้อที่เลือก: {now} → {supposed} {level}", {
            n: this.#chosen.size,
            now: now.percent,
            supposed: supposed.percent,
            level: words(supposed.level),
          })
        : _("วันนี้ {now} {level}", { now: now.percent, level: words(now.level) }),
    });
    const clear = /** @type {HTMLButtonElement} */ (slot(this, "clear"));
    clear.disabled = this.#chosen.size === 0;
  }
}
customElements.define("what-if", WhatIf);

/** Every criterion that the ways name. @param {import("../domain/ways-up.js").Ways} ways */
const named = (ways) =>
  new Set([
    ...ways.gates,
    ...ways.required,
    ...ways.alternatives.flatMap(({ criteria }) => criteria),
  ]);

/**
 * What meeting one criterion would gain, in hundredths, and whether it changes anything.
 * @param {Open} open @param {string} code
 */
const gainOf = ({ ledger }, code) => {
  const { edition } = ledger.pack;
  const now = ledger.scorecard;
  const supposed = tally(edition, supposing(edition, ledger.answers, [code]));
  const gained = supposed.earned - now.earned;
  return { gained, helps: gained > 0 || supposed.gates.met > now.gates.met };
};
