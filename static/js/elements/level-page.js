// The level explained: points by section, and every reason why it is not the next one.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
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
    const reasons = card.reasons.map((/** @type {any} */ reason) => {
      const line = stamp("reason");
      const link = slot(line, "link");
      const one = where.get(reason.criterion);
      say(line, { link: reasonWords(reason, one?.criterion, pack) });
      if (one) link.setAttribute("href", `${home}/${one.section.code}/${reason.criterion}`);
      else if (reason.section) link.setAttribute("href", `${home}/${reason.section}`);
      return line;
    });
    slot(this, "reasons").replaceChildren(...reasons);
    slot(this, "draft").hidden = [...where.values()].every(
      ({ criterion }) => criterion.provenance.status === "official",
    );
  }
}
customElements.define("level-page", LevelPage);

/** @param {any} reason @param {any} criterion @param {import("./walk.js").Pack} pack */
const reasonWords = (reason, criterion, pack) => {
  const name = criterion ? `${criterion.code} ${inLang(criterion.title)}` : "";
  const section = inLang(
    pack.edition.sections.find((one) => one.code === reason.section)?.title,
  );
  const left = reason.points === undefined ? "" : points(reason.points);
  switch (reason.kind) {
    case "gate-not-met":
      return _("เกณฑ์บังคับไม่ผ่าน: {name}", { name });
    case "gate-blank":
      return _("เกณฑ์บังคับยังไม่ตอบ: {name}", { name });
    case "criterion-not-met":
      return _("ต้องได้เต็มในข้อ: {name}", { name });
    case "section-below":
      return _("หมวด {section} ขาดอีก {n} คะแนน", { section, n: left });
    case "nothing-to-score":
      return _("ไม่มีข้อใดให้คิดคะแนน");
    default:
      return _("ขาดอีก {n} คะแนน", { n: left });
  }
};
