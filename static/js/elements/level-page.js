// The level explained: points by section, and every reason why it is not the next one.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { criterionRow } from "./criterion-row.js";
import { setFrame } from "./frame.js";
import { LevelMeter } from "./level-meter.js";
import { levelName, points } from "./speak.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

export class LevelPage extends Live {
  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
    this.className = "page";
  }

  connectedCallback() {
    const { audit } = this.open.pack;
    const body = stamp("level-page");
    setFrame({
      title: _("ระดับและเหตุผล"),
      bar: inLang(audit.office.name),
      back: { href: `#/audit/${audit.id}`, words: inLang(audit.office.name) },
    });
    slot(body, "level").append(new LevelMeter(this.open, false));
    this.replaceChildren(body);
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { pack, ledger } = this.open;
    const card = ledger.scorecard;
    const home = `#/audit/${pack.audit.id}`;
    const rows = card.sections.flatMap((/** @type {any} */ told) => {
      const section = pack.edition.sections.find((one) => one.code === told.code);
      if (!section) return [];
      const groups = section.groups.filter((one) => one.title);
      const line = (
        /** @type {any} */ card,
        /** @type {any} */ words,
        /** @type {string} */ name,
      ) => {
        const row = stamp(name);
        say(row, {
          title: inLang(words),
          score: card.possible ? `${points(card.earned)} / ${points(card.possible)}` : "–",
          answered: `${card.answered} / ${card.total}`,
        });
        return row;
      };
      return [
        line(told, section.title, "score-row"),
        ...groups.map((group) =>
          line(
            told.groups.find((/** @type {any} */ one) => one.code === group.code),
            group.title,
            "score-sub",
          ),
        ),
      ];
    });
    slot(this, "rows").replaceChildren(...rows);
    say(this, {
      "why-title": card.next_level
        ? _("ทำไมยังไม่ถึง{level}", { level: levelName(card.next_level, pack) })
        : _("ถึงระดับสูงสุดแล้ว"),
    });
    const where = new Map(criteriaOf(pack).map((one) => [one.criterion.code, one]));
    const kinds = [...new Set(card.reasons.map((/** @type {any} */ reason) => reason.kind))];
    const reasons = kinds.map((kind) => {
      const box = stamp("reason");
      const same = card.reasons.filter((/** @type {any} */ reason) => reason.kind === kind);
      const rows = same.flatMap((/** @type {any} */ { criterion: code }) => {
        const one = where.get(code);
        if (!one) return [];
        return [criterionRow(this.open, one.criterion, `${home}/${one.section.code}/${code}`)];
      });
      say(box, { what: reasonWords(same, pack) });
      slot(box, "rows").append(...rows);
      return box;
    });
    slot(this, "reasons").replaceChildren(...reasons);
    slot(this, "draft").hidden = [...where.values()].every(
      ({ criterion }) => criterion.provenance.status === "official",
    );
  }
}
customElements.define("level-page", LevelPage);

/** One sentence for all reasons of a kind. @param {any[]} same @param {import("./walk.js").Pack} pack */
const reasonWords = (same, pack) => {
  const n = same.length;
  switch (same[0].kind) {
    case "gate-not-met":
      return _("เกณฑ์บังคับไม่ผ่าน {n} ข้อ", { n });
    case "gate-blank":
      return _("เกณฑ์บังคับยังไม่ตอบ {n} ข้อ", { n });
    case "criterion-not-met":
      return _("ต้องได้คะแนนเต็มใน {n} ข้อต่อไปนี้", { n });
    case "section-below":
      return same
        .map((one) => {
          const section = pack.edition.sections.find(({ code }) => code === one.section);
          const told = { section: inLang(section?.title), n: points(one.points) };
          return _("หมวด{section} ขาดอีก {n} คะแนน", told);
        })
        .join(", ");
    case "nothing-to-score":
      return _("ไม่มีข้อใดให้คิดคะแนน");
    default:
      return _("ขาดอีก {n} คะแนน", { n: points(same[0].points) });
  }
};
