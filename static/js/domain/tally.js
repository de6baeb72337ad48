/**
 * The tally: parsed answers become a scorecard. The same function as app/scoring/rules, and the
 * same bytes after canonical JSON: whole numbers only, hundredths of a point, percentages compared
 * by cross-multiplication and rounded down when shown (docs/scoring.md).
 */

import { criteriaOf, targetOf } from "./edition.js";

/** @typedef {import("./edition.js").Edition} Edition */
/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./edition.js").Level} Level */
/**
 * A gate's or an advisory's word, a part's hundredths, not applicable, or blank.
 * @typedef {"met" | "not_met" | "na" | number | null} Value
 */
/** @typedef {{values: Map<string, Value[]>, photos: Map<string, number>}} Answers */
/**
 * @typedef {{code: string, earned: number, possible: number, percent: string, answered: number,
 *   total: number}} GroupCard
 * @typedef {GroupCard & {groups: GroupCard[]}} SectionCard
 * @typedef {{kind: "gate-not-met" | "gate-blank" | "criterion-not-met" | "section-below" |
 *   "nothing-to-score" | "points-missing", criterion?: string, section?: string,
 *   points?: number}} Reason
 * @typedef {{edition: {slug: string, edition: string, sha256: string}, rules_version: number,
 *   earned: number, possible: number, percent: string, level: string | null,
 *   next_level: string | null, points_missing: number,
 *   gates: {total: number, met: number, not_met: number, blank: number, na: number},
 *   gates_unmet: string[], gates_blank: string[], blank: string[], not_applicable: string[],
 *   conflicts: string[], counts: {criteria: number, answered: number},
 *   sections: SectionCard[], reasons: Reason[],
 *   evidence_missing: {criterion: string, have: number, need: number}[]}} Scorecard
 */
/**
 * One criterion with its answers, conflicts already taken as the lower.
 * @typedef {{criterion: Criterion, values: Value[], conflicts: string[], earned: number,
 *   possible: number, blank: boolean, notApplicable: boolean}} Looked
 */

export const RULES_VERSION = 1;

/**
 * The scorecard of parsed answers.
 * @param {Edition} edition
 * @param {Answers} answers
 * @returns {Scorecard}
 */
export function tally(edition, answers) {
  const looked = criteriaOf(edition).map((criterion) => look(criterion, answers));
  const byCode = new Map(looked.map((one) => [one.criterion.code, one]));
  const counted = looked.filter((one) => one.criterion.kind !== "advisory");
  const gates = counted.filter((one) => one.criterion.kind === "gate");
  const unmet = gates.filter((gate) => gate.values[0] === "not_met");
  const open = gates.filter((gate) => gate.blank);
  const sections = edition.sections.map((section) => {
    const groups = section.groups.map((group) => card(group.code, group.criteria, byCode));
    const all = section.groups.flatMap((group) => group.criteria);
    return { ...card(section.code, all, byCode), groups };
  });
  const earned = sum(counted, (one) => one.earned);
  const possible = sum(counted, (one) => one.possible);
  const { reached, following, reasons } = levelOf(edition.levels, looked, sections);
  return {
    edition: { slug: edition.slug, edition: edition.edition, sha256: edition.sha256 },
    rules_version: RULES_VERSION,
    earned,
    possible,
    percent: percent(earned, possible),
    level: reached?.code ?? null,
    next_level: following?.code ?? null,
    points_missing: following ? missing(earned, possible, following.min) : 0,
    gates: {
      total: gates.length,
      met: gates.filter((gate) => gate.values[0] === "met").length,
      not_met: unmet.length,
      blank: open.length,
      na: gates.filter((gate) => gate.notApplicable).length,
    },
    gates_unmet: codes(unmet),
    gates_blank: codes(open),
    blank: codes(counted.filter((one) => one.blank)),
    not_applicable: codes(counted.filter((one) => one.notApplicable)),
    conflicts: looked.flatMap((one) => one.conflicts),
    counts: {
      criteria: counted.length,
      answered: counted.filter((one) => !one.blank).length,
    },
    sections,
    reasons,
    evidence_missing: counted.flatMap((one) => {
      const { code, min_photos: need } = one.criterion;
      const have = answers.photos.get(code) ?? 0;
      return earns(one) && have < need ? [{ criterion: code, have, need }] : [];
    }),
  };
}

/**
 * A share in percent with two decimals, rounded down, so that 79.995 never reads as 80.
 * @param {number} earned
 * @param {number} possible
 * @returns {string}
 */
export function percent(earned, possible) {
  const floor = possible === 0 ? 0 : quotient(earned * 10_000, possible);
  return `${quotient(floor, 100)}.${String(floor % 100).padStart(2, "0")}`;
}

/**
 * The fewest hundredths that lift a share to a bound in percent; 0 when it is there.
 * @param {number} earned
 * @param {number} possible
 * @param {number} bound
 * @returns {number}
 */
export function missing(earned, possible, bound) {
  const short = bound * possible - earned * 100;
  return short > 0 ? quotient(short + 99, 100) : 0;
}

/**
 * Whole division of whole numbers from 0, exact: the remainder goes first.
 * @param {number} a
 * @param {number} b
 */
function quotient(a, b) {
  return (a - (a % b)) / b;
}

/**
 * One criterion as it is scored: its answers, and its points in hundredths.
 * @param {Criterion} criterion
 * @param {Answers} answers
 * @returns {Looked}
 */
export function look(criterion, answers) {
  const scored = criterion.kind === "scored";
  const targets = scored
    ? criterion.parts.map((part) => targetOf(criterion, part.code))
    : [criterion.code];
  const standing = targets.map((target) => answers.values.get(target) ?? [null]);
  const values = standing.map(lower);
  const parts = scored ? criterion.parts : [];
  let earned = 0;
  for (const value of values) if (typeof value === "number") earned += value;
  return {
    criterion,
    values,
    conflicts: targets.filter((_target, i) => standing[i].length > 1),
    earned,
    possible: sum(parts, (part) => (values[parts.indexOf(part)] === "na" ? 0 : part.points)),
    blank: values.includes(null),
    notApplicable: values.every((value) => value === "na"),
  };
}

/**
 * What a conflict scores as: the answer that helps least.
 * @param {Value[]} standing
 * @returns {Value}
 */
function lower(standing) {
  if (standing.length === 1) return standing[0];
  if (standing.includes("not_met")) return "not_met";
  const points = standing.filter((value) => typeof value === "number");
  // Blank, or "not applicable" against anything else, keeps its weight and earns nothing.
  return points.length === standing.length ? Math.min(...points) : null;
}

/**
 * Nothing is left to gain here: met, not applicable, or full points.
 * @param {Looked} one
 */
export function isMet(one) {
  if (one.criterion.kind === "scored") return !one.blank && one.earned === one.possible;
  return one.values[0] === "met" || one.values[0] === "na";
}

/** @param {Looked} one */
function earns(one) {
  return one.criterion.kind === "scored" ? one.earned > 0 : one.values[0] === "met";
}

/**
 * The level reached, the one above it, and every reason why not that one.
 * @param {Level[]} levels
 * @param {Looked[]} looked
 * @param {SectionCard[]} sections
 */
function levelOf(levels, looked, sections) {
  /** @type {Level | null} */
  let reached = null;
  /** @type {Level | null} */
  let following = null;
  /** @type {Reason[]} */
  let reasons = [];
  for (const level of levels) {
    const against = reasonsAgainst(level, looked, sections);
    if (against.length === 0) {
      reached = level;
      following = null;
      reasons = [];
    } else if (following === null) {
      following = level;
      reasons = against;
    }
  }
  return { reached, following, reasons };
}

/**
 * What stands between the answers and a level, in the order a person would fix it.
 * @param {Level} level
 * @param {Looked[]} looked
 * @param {SectionCard[]} sections
 * @returns {Reason[]}
 */
function reasonsAgainst(level, looked, sections) {
  /** @type {Reason[]} */
  const reasons = [];
  const gates = level.gates ? looked.filter((one) => one.criterion.kind === "gate") : [];
  for (const { values, criterion } of gates) {
    if (values[0] === "not_met")
      reasons.push({ kind: "gate-not-met", criterion: criterion.code });
  }
  for (const { blank, criterion } of gates) {
    if (blank) reasons.push({ kind: "gate-blank", criterion: criterion.code });
  }
  for (const one of looked) {
    const { code } = one.criterion;
    if (level.criteria_met.includes(code) && !isMet(one)) {
      reasons.push({ kind: "criterion-not-met", criterion: code });
    }
  }
  for (const section of sections) {
    const asked = Object.hasOwn(level.section_min, section.code);
    const bound = asked ? level.section_min[section.code] : 0;
    const points = missing(section.earned, section.possible, bound);
    if (points > 0) reasons.push({ kind: "section-below", section: section.code, points });
  }
  const possible = sum(looked, (one) => one.possible);
  if (possible === 0) reasons.push({ kind: "nothing-to-score" });
  const earned = sum(looked, (one) => one.earned);
  const points = missing(earned, possible, level.min);
  if (points > 0) reasons.push({ kind: "points-missing", points });
  return reasons;
}

/**
 * @param {string} code
 * @param {Criterion[]} criteria
 * @param {Map<string, Looked>} byCode
 * @returns {GroupCard}
 */
function card(code, criteria, byCode) {
  const ones = criteria.flatMap((criterion) => byCode.get(criterion.code) ?? []);
  const earned = sum(ones, (one) => one.earned);
  const possible = sum(ones, (one) => one.possible);
  return {
    code,
    earned,
    possible,
    percent: percent(earned, possible),
    answered: ones.filter((one) => !one.blank).length,
    total: ones.length,
  };
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} of
 */
function sum(items, of) {
  return items.reduce((total, item) => total + of(item), 0);
}

/** @param {Looked[]} ones */
function codes(ones) {
  return ones.map((one) => one.criterion.code);
}
