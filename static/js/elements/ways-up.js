// The ways up, reckoned anew with every answer: what to meet first, then one of the bundles that
// reach a level with the least to do, each criterion a link.

import { furthest, grouped, waysToEach } from "../domain/ways-up.js";
import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { criterionRow } from "./criterion-row.js";
import { putRows } from "./folded-rows.js";
import { levelName } from "./speak.js";
import { criteriaOf } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("../domain/ways-up.js").Ways & {level: string}} WaysTo */

export class WaysUp extends Live {
  /** Lists that stand open. @type {Set<string>} */
  #opened = new Set();

  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
  }

  connectedCallback() {
    this.replaceChildren(stamp("ways-up"));
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { pack, ledger } = this.open;
    const [next, ...further] = furthest(waysToEach(ledger.pack.edition, ledger.answers));
    this.hidden = !next;
    if (!next) return;
    slot(this, "next").replaceChildren(this.#way(next));
    slot(this, "further").replaceChildren(...further.map((one) => this.#way(one)));
    slot(this, "more").hidden = further.length === 0;
    say(this, {
      "more-title": further.length
        ? _("ทางไปสู่{levels}", {
            levels: further.map((one) => levelName(one.level, pack)).join(", "),
          })
        : null,
    });
  }

  /** @param {WaysTo} ways */
  #way(ways) {
    const { pack } = this.open;
    const level = levelName(ways.level, pack);
    const { all, either } = grouped(ways.alternatives);
    const box = stamp("way");
    say(box, { level, sentence: sentence(ways, level) });
    const single = either.every((codes) => codes.length === 1);
    /** @type {[string, string[]][]} */
    const choices = single
      ? [[_("เลือกหนึ่งใน {n} ข้อนี้", { n: either.length }), either.flat()]]
      : either.map((codes, i) => [_("ทางเลือกที่ {n}", { n: i + 1 }), codes]);
    /** @type {[string, string[]][]} */
    const steps = [
      [_("เกณฑ์บังคับที่ต้องผ่านก่อน"), ways.gates],
      [_("ข้อที่ระดับนี้กำหนดให้ได้เต็ม"), ways.required],
      [_("ข้อที่ต้องทำ"), all],
      ...choices,
    ];
    const asked = steps.filter(([, codes]) => codes.length > 0);
    slot(box, "steps").replaceChildren(...asked.map((step) => this.#step(ways.level, step)));
    return box;
  }

  /** @param {string} level @param {[string, string[]]} step */
  #step(level, [what, codes]) {
    const { pack } = this.open;
    const box = stamp("way-step");
    say(box, { what });
    const rows = criteriaOf(pack)
      .filter(({ criterion }) => codes.includes(criterion.code))
      .map(({ section, criterion }) => {
        const href = `#/audit/${pack.audit.id}/${section.code}/${criterion.code}`;
        return criterionRow(this.open, criterion, href);
      });
    putRows(slot(box, "rows"), rows, `${level} ${what}`, this.#opened);
    return box;
  }
}
customElements.define("ways-up", WaysUp);

/**
 * "เกณฑ์บังคับ 2 ข้อ กับหนึ่งใน 3 ข้อนี้ พาไปถึงระดับก้าวหน้า"
 * @param {WaysTo} ways @param {string} level
 */
const sentence = (ways, level) => {
  if (ways.alternatives.length === 0) return _("ไม่มีข้อใดให้คิดคะแนน จึงยังไม่มีทางไปสู่ระดับนี้");
  const { all, either } = grouped(ways.alternatives);
  const needed = ways.required.length + all.length;
  const parts = [
    ways.gates.length ? _("เกณฑ์บังคับ {n} ข้อ", { n: ways.gates.length }) : "",
    needed ? _("คะแนนเต็มใน {n} ข้อ", { n: needed }) : "",
    either.length === 0
      ? ""
      : either.every((codes) => codes.length === 1)
        ? _("หนึ่งใน {n} ข้อนี้", { n: either.length })
        : _("ทางใดทางหนึ่งใน {n} ทางนี้", { n: either.length }),
  ].filter(Boolean);
  const what =
    parts.length > 1
      ? _("{first} กับ{last}", {
          first: parts.slice(0, -1).join(", "),
          last: parts.slice(-1)[0],
        })
      : parts[0];
  return _("{what} พาไปถึง{level}", { what, level });
};
