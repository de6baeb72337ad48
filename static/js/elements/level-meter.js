// The level so far: slim, with points, gates and the way to the next level; leads to every reason.

import { draw, Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { levelName, nextWords, points } from "./speak.js";

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
