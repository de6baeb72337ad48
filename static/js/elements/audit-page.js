// One visit: the level so far, where to go on, the sections, and what is still missing.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { criterionRow, isBlank, progressLine } from "./criterion-row.js";
import { setFrame } from "./frame.js";
import { LevelMeter } from "./level-page.js";
import { modeSwitch } from "./section-page.js";
import { personName, splitTarget } from "./speak.js";
import { criteriaOf, inLang, whyLocked } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

const SHOWN = 5;

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
    setFrame({ title: inLang(audit.office.name), back: { href: "#/", words: _("งานของฉัน") } });
    say(body, {
      office: inLang(audit.office.name),
      kind: audit.kind === "self" ? _("ประเมินตนเอง") : _("ลงพื้นที่ตรวจ"),
      day: audit.planned_on ? date(audit.planned_on) : null,
      people: audit.people.map((one) => personName(one.id, this.open.pack)).join(", ") || null,
      locked: whyLocked(audit),
    });
    slot(body, "locked-box").hidden = slot(body, "locked").hidden;
    slot(body, "level").append(new LevelMeter(this.open, true));
    slot(body, "mode").append(modeSwitch(() => {}));
    this.replaceChildren(body);
    this.#draw();
    // Only what others send arrives while this page is open.
    this.hear(this.open.ledger, "change", () => this.#draw());
  }

  #draw() {
    const { ledger, pack } = this.open;
    const home = `#/audit/${pack.audit.id}`;
    const card = ledger.scorecard;
    const all = criteriaOf(pack);
    const address = (/** @type {string} */ code) => {
      const one = all.find(({ criterion }) => criterion.code === code);
      return { criterion: one?.criterion, href: `${home}/${one?.section.code}/${code}` };
    };
    const counted = all.filter(({ criterion }) => criterion.kind !== "advisory");
    const next = counted.find(({ criterion }) => isBlank(this.open, criterion));
    const go = slot(this, "go");
    const reads = whyLocked(pack.audit) !== null;
    const goes = next && (reads ? all[0] : next).criterion.code;
    go.setAttribute("href", goes ? address(goes).href : `${home}/level`);
    say(this, {
      "go-words": !goes
        ? _("ตอบครบแล้ว ดูสรุปผล")
        : reads
          ? _("ดูคำตอบ")
          : card.counts.answered
            ? _("ตรวจต่อ ข้อ {code}", { code: goes })
            : _("เริ่มตรวจ ข้อ {code}", { code: goes }),
    });
    const sections = pack.edition.sections.map((section) => {
      const told = card.sections.find((/** @type {any} */ one) => one.code === section.code);
      const line = stamp("section-row");
      say(line, { title: inLang(section.title) });
      slot(line, "link").setAttribute("href", `${home}/${section.code}`);
      slot(line, "progress").append(progressLine(told?.answered ?? 0, told?.total ?? 0));
      return line;
    });
    slot(this, "sections").replaceChildren(...sections);
    const torn = [
      ...new Set(ledger.state.conflicts.map((/** @type {string} */ key) => criterionOf(key))),
    ];
    const blank = next ? counted.filter(({ criterion }) => isBlank(this.open, criterion)) : [];
    const evidence = card.evidence_missing;
    this.#missing(
      "torn",
      torn.length,
      torn.map((code) => [code, undefined]),
      address,
    );
    this.#missing(
      "blank",
      blank.length,
      blank.map(({ criterion }) => [criterion.code, undefined]),
      address,
    );
    this.#missing(
      "evidence",
      evidence.length,
      evidence.map((/** @type {any} */ one) => [
        one.criterion,
        _("มี {n} ภาพ ขาดอีก {m} ภาพ", { n: one.have, m: one.need - one.have }),
      ]),
      address,
    );
    const { strange } = ledger;
    const box = slot(this, "strange");
    box.hidden = !strange.length;
    say(box, {
      count: _("{n} รายการ", { n: strange.length }),
      what: strange.map(bare).join(", "),
    });
    slot(this, "complete").hidden = torn.length + blank.length + evidence.length > 0;
  }

  /**
   * @param {string} name @param {number} count @param {[string, string | undefined][]} items
   * @param {(code: string) => {criterion: any, href: string}} address
   */
  #missing(name, count, items, address) {
    const box = slot(this, name);
    box.hidden = !count;
    if (!count) return;
    say(box, { count: _("{n} ข้อ", { n: count }) });
    const rows = items.flatMap(([code, note]) => {
      const { criterion, href } = address(code);
      return criterion ? [criterionRow(this.open, criterion, href, note)] : [];
    });
    slot(box, "first").replaceChildren(...rows.slice(0, SHOWN));
    slot(box, "rest").replaceChildren(...rows.slice(SHOWN));
    const more = slot(box, "more");
    more.hidden = rows.length <= SHOWN;
    say(more, { words: _("ดูอีก {n} ข้อ", { n: rows.length - SHOWN }) });
  }
}
customElements.define("audit-page", AuditPage);

/** What a register is about, without its kind: "note P01 <who>" -> "P01". @param {string} register */
const bare = (register) => register.split(" ")[1];

/** The criterion a register is about: "answer R1/1.1" -> "R1". @param {string} register */
const criterionOf = (register) => splitTarget(register.split(" ")[1])[0].split(":")[0];
