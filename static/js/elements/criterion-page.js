// One criterion on the screen; the thumb turns to the one before and the one after.

import { Live } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { CriterionCard } from "./criterion-card.js";
import { setFrame } from "./frame.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

export class CriterionPage extends Live {
  /** @param {Open} open @param {string} code */
  constructor(open, code) {
    super();
    this.open = open;
    this.code = code;
    this.className = "page";
  }

  connectedCallback() {
    const { pack } = this.open;
    const all = criteriaOf(pack);
    const at = all.findIndex((one) => one.criterion.code === this.code);
    const { section, criterion } = all[at];
    const home = `#/audit/${pack.audit.id}`;
    const address = (/** @type {(typeof all)[number] | undefined} */ one) =>
      one && `${home}/${one.section.code}/${one.criterion.code}`;
    const before = address(all[at - 1]);
    const after = address(all[at + 1]);
    this.append(new CriterionCard(this.open, criterion, "h1"));
    setFrame({
      title: `${criterion.code} ${inLang(criterion.title)}`,
      bar: inLang(pack.audit.office.name),
      back: { href: `${home}/${section.code}`, words: inLang(section.title) },
      thumb: {
        before: before ? { href: before, words: _("ก่อนหน้า") } : null,
        middle: { href: home, words: _("ดูทุกข้อ {n}/{m}", { n: at + 1, m: all.length }) },
        after: after
          ? { href: after, words: _("ถัดไป") }
          : { href: `${home}/level`, words: _("สรุปผล") },
      },
    });
  }
}
customElements.define("criterion-page", CriterionPage);
