// A section: rows that lead to each criterion, or all of them open, as the person prefers.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { CriterionCard } from "./criterion-card.js";
import { criterionRow, isBlank, progressLine } from "./criterion-row.js";
import { setFrame, wayBack } from "./frame.js";
import { othersWords } from "./section-holder.js";
import { inLang } from "./walk.js";

/** @returns {"one" | "all"} */
export const mode = () => (localStorage.getItem("walk-mode") === "all" ? "all" : "one");

/** @param {(mode: "one" | "all") => void} changed */
export const modeSwitch = (changed) => {
  const body = stamp("mode");
  const mark = () => {
    for (const name of /** @type {const} */ (["one", "all"]))
      slot(body, name).setAttribute("aria-pressed", String(mode() === name));
  };
  for (const name of /** @type {const} */ (["one", "all"]))
    slot(body, name).addEventListener("click", () => {
      localStorage.setItem("walk-mode", name);
      mark();
      changed(name);
    });
  mark();
  return body;
};

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Section} Section */

export class SectionPage extends Live {
  /** @param {Open} open @param {Section} section @param {string} [at] the criterion to begin at */
  constructor(open, section, at) {
    super();
    this.open = open;
    this.section = section;
    this.at = at;
    this.className = "page";
    this.blankOnly = false;
  }

  connectedCallback() {
    const body = stamp("section");
    const { pack } = this.open;
    const home = `#/audit/${pack.audit.id}`;
    const sections = pack.edition.sections;
    const i = sections.indexOf(this.section);
    const way = (/** @type {Section | undefined} */ one, /** @type {string} */ words) =>
      one ? { href: `${home}/${one.code}`, words } : null;
    setFrame({
      title: inLang(this.section.title),
      bar: inLang(pack.audit.office.name),
      back: wayBack(pack.audit.id) ?? { href: home, words: inLang(pack.audit.office.name) },
      thumb: {
        before: way(sections[i - 1], _("ก่อนหน้า")),
        middle: wayBack(pack.audit.id) ?? { href: home, words: _("ทุกหมวด") },
        after: way(sections[i + 1], _("ถัดไป")) ?? {
          href: `${home}/level`,
          words: _("สรุปผล"),
        },
      },
    });
    say(body, { title: inLang(this.section.title) });
    slot(body, "mode").append(modeSwitch(() => this.#list()));
    const filter = slot(body, "filter");
    filter.addEventListener("click", () => {
      this.blankOnly = !this.blankOnly;
      filter.setAttribute("aria-pressed", String(this.blankOnly));
      this.#list();
    });
    this.replaceChildren(body);
    this.#list();
    this.hear(this.open.ledger, "change", () => {
      this.#progress();
      this.#holder();
    });
    this.#holder();
    this.#carried();
    this.hear(this, "focusin", (event) => this.#remember(event));
    if (this.at) requestAnimationFrame(() => this.#goTo());
  }

  #holder() {
    say(this, { holder: othersWords(this.open, this.section.code) });
  }

  /** What of the round before waits to be confirmed here, and all of it with one tap. */
  async #carried() {
    if (!this.open.pack.carried) return;
    const { CarriedNotice, waiting } = await import("./carried-notice.js");
    const place = slot(this, "carried");
    place.hidden = false;
    place.replaceChildren(new CarriedNotice(this.open, this.section));
    let before = waiting(this.open, this.section).length;
    this.hear(this.open.ledger, "change", () => {
      const now = waiting(this.open, this.section).length;
      // Cards draw themselves; rows say of each what became of it.
      if (now !== before && mode() === "one") this.#list();
      before = now;
    });
  }

  #progress() {
    const card = this.open.ledger.scorecard.sections.find(
      (/** @type {any} */ one) => one.code === this.section.code,
    );
    slot(this, "progress").replaceChildren(progressLine(card?.answered ?? 0, card?.total ?? 0));
  }

  /** The filter looks once: a criterion answered now does not vanish from under the finger. */
  #list() {
    this.#progress();
    const home = `#/audit/${this.open.pack.audit.id}/${this.section.code}`;
    let shown = 0;
    const groups = this.section.groups.map((group) => {
      const box = stamp("group");
      say(box, { title: inLang(group.title) || null });
      const wanted = group.criteria.filter((one) => !this.blankOnly || isBlank(this.open, one));
      shown += wanted.length;
      box.hidden = !wanted.length;
      const items = wanted.map((one) =>
        mode() === "all"
          ? new CriterionCard(this.open, one, group.title ? "h3" : "h2")
          : criterionRow(this.open, one, `${home}/${one.code}`),
      );
      const place = slot(box, "items");
      place.className = mode() === "all" ? "cards" : "rows";
      place.append(...items);
      return box;
    });
    slot(this, "groups").replaceChildren(...groups);
    slot(this, "nothing").hidden = shown > 0;
  }

  /** The address follows the hand, so that a reload opens at the same criterion. @param {Event} event */
  #remember(event) {
    const card = /** @type {Element} */ (event.target).closest("criterion-card");
    if (!(card instanceof CriterionCard)) return;
    const place = `#/audit/${this.open.pack.audit.id}/${this.section.code}/${card.criterion.code}`;
    if (location.hash !== place) history.replaceState(null, "", place);
    dispatchEvent(new Event("placed"));
  }

  #goTo() {
    for (const card of this.querySelectorAll("criterion-card"))
      if (card instanceof CriterionCard && card.criterion.code === this.at)
        card.scrollIntoView({ block: "start" });
  }
}
customElements.define("section-page", SectionPage);
