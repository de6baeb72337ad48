// One visit: the level so far, where to go on, the sections and whose they are, what to check.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { CheckCard, titleOf } from "./checks-page.js";
import { isBlank, progressLine } from "./criterion-row.js";
import { comeFrom, setFrame } from "./frame.js";
import { LevelMeter } from "./level-page.js";
import { VisitReceipt } from "./receipts.js";
import { holdersOf, isMine, isTeam, mineOnly, SectionHolder } from "./section-holder.js";
import { modeSwitch } from "./section-page.js";
import { personName } from "./speak.js";
import { returned, stageWords, whyLocked } from "./stage.js";
import { SubmitCard } from "./submit-card.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

export class AuditPage extends Live {
  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
    this.className = "page";
  }

  connectedCallback() {
    const { audit } = this.open.pack;
    const body = stamp("audit");
    say(body, {
      office: inLang(audit.office.name),
      kind: audit.kind === "self" ? _("ประเมินตนเอง") : _("ลงพื้นที่ตรวจ"),
      day: audit.planned_on ? date(audit.planned_on) : null,
      people: audit.people.map((one) => personName(one.id, this.open.pack)).join(", ") || null,
      locked: whyLocked(audit),
    });
    slot(body, "locked-box").hidden = slot(body, "locked").hidden;
    slot(body, "level").append(new LevelMeter(this.open, true));
    slot(body, "checks").append(new CheckCard(this.open));
    slot(body, "submit").append(new SubmitCard(this.open));
    this.#carried(slot(body, "carried"));
    this.#sentBack(body);
    comeFrom(audit.id, null);
    slot(body, "receipt").append(new VisitReceipt(audit.id));
    slot(body, "mode").append(modeSwitch(() => {}));
    const mine = slot(body, "mine");
    mine.addEventListener("click", () => {
      mineOnly(!mineOnly());
      this.#draw();
    });
    this.replaceChildren(body);
    this.#draw();
    // Only what others send arrives while this page is open.
    this.hear(this.open.ledger, "change", () => this.#draw());
  }

  /** How much of the round before waits to be confirmed. @param {HTMLElement} place */
  async #carried(place) {
    if (!this.open.pack.carried) return;
    const { CarriedNotice } = await import("./carried-notice.js");
    place.hidden = false;
    place.replaceChildren(new CarriedNotice(this.open));
  }

  /** What the reviewer wants done again, each with the reason. @param {HTMLElement} body */
  #sentBack(body) {
    const { audit } = this.open.pack;
    const back = returned(audit);
    slot(body, "sent-back").hidden = !back.length;
    if (!back.length) return;
    say(body, { "sent-back-title": stageWords(audit) });
    const all = criteriaOf(this.open.pack);
    slot(body, "sent-back-rows").append(
      ...back.flatMap(({ criterion: code, reason }) => {
        const found = all.find(({ criterion }) => criterion.code === code);
        if (!found) return [];
        const row = stamp("sent-back-row");
        row.setAttribute("href", `#/audit/${audit.id}/${found.section.code}/${code}`);
        say(row, { code, title: inLang(found.criterion.title), reason });
        return [row];
      }),
    );
  }

  #draw() {
    const { ledger, pack } = this.open;
    const home = `#/audit/${pack.audit.id}`;
    const card = ledger.scorecard;
    const all = criteriaOf(pack);
    const address = (/** @type {string} */ code) =>
      `${home}/${all.find(({ criterion }) => criterion.code === code)?.section.code}/${code}`;
    const mine = isTeam(this.open) && mineOnly();
    slot(this, "mine").setAttribute("aria-pressed", String(mine));
    // Nothing to choose from before anybody took anything.
    const shared = pack.edition.sections.some(({ code }) => holdersOf(this.open, code).length);
    slot(this, "mine").hidden = !isTeam(this.open) || !(mine || shared);
    const own = pack.edition.sections.filter(({ code }) => isMine(this.open, code));
    const self = pack.audit.kind === "self";
    const others = pack.edition.sections.filter((section) => !own.includes(section));
    // Colleagues who share their office's work find what is theirs first.
    const shown = mine ? own : self ? [...own, ...others] : pack.edition.sections;
    const blank = all.filter(
      ({ criterion, section }) =>
        criterion.kind !== "advisory" &&
        (!shown.length || shown.includes(section)) &&
        isBlank(this.open, criterion),
    );
    const next = (self && blank.find(({ section }) => own.includes(section))) || blank[0];
    const reads = whyLocked(pack.audit) !== null;
    const goes = next && (reads ? all[0] : next).criterion.code;
    const level = { href: `${home}/level`, words: _("สรุปผล") };
    const checks = { href: `${home}/checks`, words: _("จุดที่ควรดู") };
    // Whatever is answered is looked over before anybody leaves.
    const last = reads ? level : { ...checks, words: titleOf(this.open) };
    const [back] = returned(pack.audit);
    setFrame({
      title: inLang(pack.audit.office.name),
      back: { href: "#/", words: _("งานของฉัน") },
      thumb: {
        middle: reads ? null : goes ? checks : level,
        after: back
          ? { href: address(back.criterion), words: _("แก้ข้อ {code}", { code: back.criterion }) }
          : goes
            ? { href: address(goes), words: goWords(reads, self, card.counts.answered, goes) }
            : last,
      },
    });
    const sections = shown.map((section) => {
      const told = card.sections.find((/** @type {any} */ one) => one.code === section.code);
      const line = stamp("section-row");
      say(line, { title: inLang(section.title) });
      slot(line, "link").setAttribute("href", `${home}/${section.code}`);
      slot(line, "progress").append(progressLine(told?.answered ?? 0, told?.total ?? 0));
      if (isTeam(this.open)) line.append(new SectionHolder(this.open, section));
      return line;
    });
    const held = document.activeElement?.closest("section-holder");
    slot(this, "sections").replaceChildren(...sections);
    if (held instanceof SectionHolder) this.#focus(held.section.code);
    slot(this, "none-mine").hidden = sections.length > 0;
    const { strange } = ledger;
    const box = slot(this, "strange");
    box.hidden = !strange.length;
    say(box, {
      count: _("{n} รายการ", { n: strange.length }),
      what: strange.map(bare).join(", "),
    });
  }

  /** The finger stays on the section whose holder was just changed. @param {string} code */
  #focus(code) {
    for (const holder of this.querySelectorAll("section-holder"))
      if (holder instanceof SectionHolder && holder.section.code === code)
        holder.querySelector("button")?.focus({ preventScroll: true });
  }
}
customElements.define("audit-page", AuditPage);

/** @param {boolean} reads @param {boolean} self @param {number} answered @param {string} code */
const goWords = (reads, self, answered, code) =>
  reads
    ? _("ดูคำตอบ")
    : self
      ? answered
        ? _("ตอบต่อ ข้อ {code}", { code })
        : _("เริ่มตอบ ข้อ {code}", { code })
      : answered
        ? _("ตรวจต่อ ข้อ {code}", { code })
        : _("เริ่มตรวจ ข้อ {code}", { code });

/** What a register is about, without its kind: "note P01 <who>" -> "P01". @param {string} register */
const bare = (register) => register.split(" ")[1];
