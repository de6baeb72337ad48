// Who walks a section: taken, given, or nobody's yet. The team's own agreement; it locks nothing.

import { draw, Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { keep, snack } from "./snack.js";
import { personName } from "./speak.js";
import { mayWrite } from "./stage.js";
import { inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Section} Section */

/** Whether there is anybody to share with. @param {Open} open */
export const isTeam = ({ pack }) => pack.audit.people.length > 1;

/** Who took a section; several when they took it without having seen each other. @param {Open} open @param {string} section @returns {string[]} */
export const holdersOf = ({ ledger }, section) =>
  ledger
    .standing(`assignment ${section}`)
    .map((one) => one.value)
    .filter((value) => typeof value === "string");

/** @param {Open} open @param {string} section */
export const isMine = (open, section) => holdersOf(open, section).includes(walk.person.id);

/** Whether only one's own sections are shown; remembered on this phone. @param {boolean} [wanted] */
export const mineOnly = (wanted) => {
  if (wanted !== undefined) localStorage.setItem("walk-mine", wanted ? "1" : "");
  return localStorage.getItem("walk-mine") === "1";
};

/** @param {Open} open @param {string[]} people oneself first */
const names = ({ pack }, people) =>
  [...people]
    .sort((a, b) => Number(b === walk.person.id) - Number(a === walk.person.id))
    .map((id) => personName(id, pack))
    .join(_(" และ "));

/** Whose it is. @param {Open} open @param {string[]} people */
const wordsOf = (open, people) =>
  people.length ? _("ของ{names}", { names: names(open, people) }) : _("ยังไม่มีผู้รับ");

/** A quiet line where a section is somebody else's. @param {Open} open @param {string} section @returns {string | null} */
export const othersWords = (open, section) => {
  const people = holdersOf(open, section);
  if (!isTeam(open) || !people.length || people.includes(walk.person.id)) return null;
  return _("หมวดนี้{names} รับไว้ คุณยังตอบได้", { names: names(open, people) });
};

export class SectionHolder extends Live {
  /** @param {Open} open @param {Section} section */
  constructor(open, section) {
    super();
    this.open = open;
    this.section = section;
  }

  connectedCallback() {
    const { open, section } = this;
    const body = /** @type {HTMLButtonElement} */ (stamp("holder"));
    const people = holdersOf(open, section.code);
    body.disabled = !mayWrite(open.pack, section.code);
    say(body, {
      words: wordsOf(open, people),
      more: people.length ? _("เปลี่ยน") : _("เลือก"),
      of: inLang(section.title),
    });
    draw(body, "picture", people.length > 1 ? "users" : "user");
    body.classList.toggle("is-mine", isMine(open, section.code));
    this.replaceChildren(body);
    onTap(body, "open", () => this.#choose(people));
  }

  /** @param {string[]} now who holds it */
  #choose(now) {
    const { open, section } = this;
    const sheet = /** @type {HTMLDialogElement} */ (stamp("holders"));
    say(sheet, { title: _("ใครรับหมวด{section}", { section: inLang(section.title) }) });
    const me = walk.person.id;
    const others = open.pack.audit.people.map(({ id }) => id).filter((id) => id !== me);
    const choices = [me, ...others, null].filter(
      (id) => !(now.length < 2 && id === (now[0] ?? null)),
    );
    slot(sheet, "people").append(
      ...choices.map((id) => {
        const choice = stamp("holder-choice");
        say(choice, {
          words:
            id === null
              ? _("ยังไม่มอบให้ใคร")
              : id === me
                ? _("ฉันรับเอง")
                : _("มอบให้ {name}", { name: personName(id, open.pack) }),
        });
        choice.classList.toggle("button-main", id === me);
        choice.addEventListener("click", () => {
          sheet.close();
          this.#assign(id, now);
        });
        return choice;
      }),
    );
    onTap(sheet, "close", () => sheet.close());
    sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
    sheet.addEventListener("close", () => sheet.remove());
    addEventListener("hashchange", () => sheet.close(), { once: true });
    document.body.append(sheet);
    sheet.showModal();
  }

  /** @param {string | null} person @param {string[]} before */
  async #assign(person, before) {
    const { ledger } = this.open;
    const { code, title } = this.section;
    if (!(await keep(() => ledger.assign(code, person)))) return;
    const told = { section: inLang(title), whose: wordsOf(this.open, person ? [person] : []) };
    snack(_("หมวด{section} {whose}", told), () =>
      // Of two who held it, undoing gives it back to one: the other takes it again.
      keep(() => ledger.assign(code, before[0] ?? null)),
    );
  }
}
customElements.define("section-holder", SectionHolder);
