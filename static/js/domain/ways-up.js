/**
 * What would lift an audit to a level with the least to do, and what supposing something gives.
 * The same function as app/scoring/rules/ways_up.py, and the same bytes (docs/scoring.md).
 */

import { canonical } from "./canonical.js";
import { criteriaOf, targetOf } from "./edition.js";
import { fewest } from "./fewest.js";
import { isMet, look, missing, percent, tally } from "./tally.js";

/** @typedef {import("./edition.js").Edition} Edition */
/** @typedef {import("./edition.js").Level} Level */
/** @typedef {import("./tally.js").Answers} Answers */
/** @typedef {import("./tally.js").Looked} Looked */
/** @typedef {import("./tally.js").Value} Value */
/**
 * Criteria that reach the bounds together. Points are hundredths; `percent` is where the total
 * stands when the gates, the required ones and these are met.
 * @typedef {{criteria: string[], points: number, effort: number, percent: string}} Alternative
 */
/**
 * What to meet first, and then one of the alternatives; none: no answer reaches the level.
 * @typedef {{gates: string[], required: string[], alternatives: Alternative[]}} Ways
 */

export const MOST = 5;

/**
 * The ways from these answers to a level. Everything named is supposed to be met in full: a blank
 * gains its full points, a criterion with a part of them the rest, one that is not applicable
 * nothing. Gates and the criteria a level asks for come first; then the fewest scored criteria that
 * lift every section and the total to their bounds, less effort before more, and then in the
 * edition's order.
 * @param {Edition} edition
 * @param {Answers} answers
 * @param {string} level
 * @returns {Ways}
 * @throws {RangeError} for a level the edition does not have
 */
export function waysUp(edition, answers, level) {
  const wanted = edition.levels.find((one) => one.code === level);
  if (!wanted) throw new RangeError(`${edition.slug}/${edition.edition} has no level ${level}`);
  const looked = criteriaOf(edition).map((criterion) => look(criterion, answers));
  const gates = wanted.gates
    ? looked.filter((one) => one.criterion.kind === "gate" && !isMet(one))
    : [];
  const required = looked.filter((one) => {
    return wanted.criteria_met.includes(codeOf(one)) && !isMet(one) && !gates.includes(one);
  });
  return {
    gates: gates.map(codeOf),
    required: required.map(codeOf),
    alternatives: alternativesOf(edition, wanted, looked, required),
  };
}

/**
 * The ways to every level above the one that stands, the nearest first.
 * @param {Edition} edition
 * @param {Answers} answers
 * @returns {(Ways & {level: string})[]}
 */
export function waysToEach(edition, answers) {
  const reached = tally(edition, answers).level;
  const above = edition.levels.findIndex(({ code }) => code === reached) + 1;
  return edition.levels
    .slice(above)
    .map(({ code }) => ({ level: code, ...waysUp(edition, answers, code) }));
}

/**
 * The same ways, each told once: by the highest of the levels that it reaches.
 * @param {(Ways & {level: string})[]} ways
 */
export function furthest(ways) {
  /** @param {Ways & {level: string}} one */
  const deeds = (one) => canonical({ ...one, level: "" });
  return ways.filter((one, i) => i === ways.length - 1 || deeds(one) !== deeds(ways[i + 1]));
}

/**
 * The same answers with these criteria met in full; what is not applicable stays so. Codes that
 * the edition does not have are passed over.
 * @param {Edition} edition
 * @param {Answers} answers
 * @param {Iterable<string>} met
 * @returns {Answers}
 */
export function supposing(edition, answers, met) {
  const codes = new Set(met);
  const values = new Map(answers.values);
  for (const criterion of criteriaOf(edition)) {
    if (!codes.has(criterion.code)) continue;
    const now = look(criterion, answers).values;
    if (criterion.kind !== "scored") {
      if (now[0] !== "na") values.set(criterion.code, ["met"]);
      continue;
    }
    for (const [i, part] of criterion.parts.entries()) {
      if (now[i] !== "na") values.set(targetOf(criterion, part.code), [part.points]);
    }
  }
  return { values, photos: answers.photos };
}

/**
 * What all alternatives share, and what each has besides: how a sentence says them.
 * @param {Alternative[]} alternatives
 * @returns {{all: string[], either: string[][]}}
 */
export function grouped(alternatives) {
  const sets = alternatives.map(({ criteria }) => criteria);
  const shared = (sets[0] ?? []).filter((code) => sets.every((one) => one.includes(code)));
  const rest = sets.map((one) => one.filter((code) => !shared.includes(code)));
  return { all: shared, either: rest.filter((one) => one.length > 0) };
}

/**
 * @param {Edition} edition
 * @param {Level} level
 * @param {Looked[]} looked
 * @param {Looked[]} required
 * @returns {Alternative[]}
 */
function alternativesOf(edition, level, looked, required) {
  const possible = sum(looked, (one) => one.possible);
  if (possible === 0) return [];
  /** @param {Looked} one */
  const has = (one) => (required.includes(one) ? one.possible : one.earned);
  const earned = sum(looked, has);
  const of = new Map(
    edition.sections.flatMap((section, at) =>
      section.groups.flatMap(({ criteria }) => criteria.map(({ code }) => [code, at])),
    ),
  );
  const needs = edition.sections.map((section, at) => {
    const here = looked.filter((one) => of.get(codeOf(one)) === at);
    const asked = Object.hasOwn(level.section_min, section.code);
    const bound = asked ? level.section_min[section.code] : 0;
    return missing(
      sum(here, has),
      sum(here, (one) => one.possible),
      bound,
    );
  });
  const free = looked.filter((one) => one.possible > has(one));
  const items = free.map((one) => ({
    group: /** @type {number} */ (of.get(codeOf(one))),
    gain: one.possible - one.earned,
    effort: one.criterion.effort,
  }));
  const need = missing(earned, possible, level.min);
  return fewest(items, needs, need, MOST).map((chosen) => {
    const points = sum(chosen, (at) => items[at].gain);
    return {
      criteria: chosen.map((at) => codeOf(free[at])),
      points,
      effort: sum(chosen, (at) => items[at].effort),
      percent: percent(earned + points, possible),
    };
  });
}

/** @param {Looked} one */
const codeOf = (one) => one.criterion.code;

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} of
 */
const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);
