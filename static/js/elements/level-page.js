// The level so far: a slim meter, and its page with points by section and every reason why it is
// not the next one.

import { draw, Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { criterionRow } from "./criterion-row.js";
import { putRows } from "./folded-rows.js";
import { setFrame } from "./frame.js";
import { levelName, nextWords, points } from "./speak.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

/** @type {Record<string, string>} */
const SHAPES = {
  none: "level-none",
  "light-blue": "level-disc",
  teal: "level-plate",
  gold: "level-star",
};

export class LevelMeter extends Live {
  /** @param {Open} open @param {boolean} link whether it leads to the level's page */
  constructor(open, link) {
    super();
    this.open = open;
    this.link = link;
  }

  connectedCallback() {
    const body = stamp("level");
    this.replaceChildren(body);
    if (this.link) body.setAttribute("href", `#/audit/${this.open.pack.audit.id}/level`);
    else slot(body, "more").hidden = true;
    const marks = this.open.pack.edition.levels.map(({ min }) => {
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "line");
      mark.setAttribute("class", "meter-mark");
      for (const end of ["x1", "x2"]) mark.setAttribute(end, String(min * 4));
      mark.setAttribute("y1", "3");
      mark.setAttribute("y2", "25");
      return mark;
    });
    slot(body, "meter").append(...marks);
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const card = this.open.ledger.scorecard;
    const { pack } = this.open;
    const level = pack.edition.levels.find((one) => one.code === card.level);
    say(this, {
      name: card.level ? levelName(card.level, pack) : _("ยังไม่ถึงระดับใด"),
      score: _("{n}/{m} คะแนน", { n: points(card.earned), m: points(card.possible) }),
      gates: card.gates.total
        ? _("เกณฑ์บังคับ {n}/{m} ข้อ", { n: card.gates.met, m: card.gates.total })
        : null,
      next: nextWords(card, pack),
    });
    // An edition without an official colour for a level gets ours, teal.
    const colour = level ? (level.colour ?? "teal") : "none";
    slot(this, "badge").setAttribute("class", `level level-${colour}`);
    draw(this, "badge", SHAPES[colour] ?? "level-plate");
    const share = Number(card.percent);
    slot(this, "fill").setAttribute("width", String((share * 3.99).toFixed(1)));
  }
}
customElements.define("level-meter", LevelMeter);

export class LevelPage extends Live {
  /** Lists of reasons that stand open. @type {Set<string>} */
  #opened = new Set();

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
    this.#lead();
  }

  /** The ways up and what trying would give: reckoned only for those who look. */
  async #lead() {
    const [{ WaysUp }, { WhatIf }] = await Promise.all([
      import("./ways-up.js"),
      import("./what-if.js"),
    ]);
    slot(this, "ways").replaceChildren(new WaysUp(this.open));
    slot(this, "what-if").replaceChildren(new WhatIf(this.open));
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
    slot(this, "scores").replaceChildren(...rows);
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
      putRows(slot(box, "rows"), rows, same[0].kind, this.#opened);
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
