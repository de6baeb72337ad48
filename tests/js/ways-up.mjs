/**
 * Answers lines `{"edition": …, "input": {"document": …, "met": […]}}` one by one, for the comparison
 * of the two languages; a null edition is the one before. With `--wrong` a mistake is planted (what
 * gains most is taken first, whatever it costs), which that comparison has to find.
 */

import { createInterface } from "node:readline";
import { canonical } from "../../static/js/domain/canonical.js";
import { criteriaOf } from "../../static/js/domain/edition.js";
import { parseAnswers, tally } from "../../static/js/domain/scoring.js";
import {
  furthest,
  grouped,
  supposing,
  waysToEach,
  waysUp,
} from "../../static/js/domain/ways-up.js";

/** @typedef {import("../../static/js/domain/edition.js").Edition} Edition */

const wrong = process.argv.includes("--wrong");
/** @type {Edition | null} */
let last = null;
for await (const line of createInterface({ input: process.stdin })) {
  const { edition, input } = JSON.parse(line);
  last = edition ?? last;
  if (last) process.stdout.write(`${canonical(told(last, input))}\n`);
}

/**
 * @param {Edition} edition
 * @param {{document: unknown, met: string[]}} input
 */
function told(edition, { document, met }) {
  const answers = parseAnswers(document, edition);
  const ways = edition.levels.map(({ code }) => waysUp(edition, answers, code));
  if (wrong) for (const one of ways) greedy(edition, one);
  return {
    ways,
    each: waysToEach(edition, answers).map(({ level }) => level),
    furthest: furthest(waysToEach(edition, answers)),
    grouped: ways.map(({ alternatives }) => grouped(alternatives)),
    supposed: tally(edition, supposing(edition, answers, met)),
  };
}

/** @param {Edition} edition @param {import("../../static/js/domain/ways-up.js").Ways} ways */
function greedy(edition, ways) {
  const order = criteriaOf(edition).map(({ code }) => code);
  ways.alternatives.sort(
    (a, b) =>
      b.points - a.points || order.indexOf(a.criteria[0]) - order.indexOf(b.criteria[0]),
  );
}
