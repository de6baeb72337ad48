/**
 * Answers at the door: parsed against an edition, or refused with the culprit's name. The other
 * half is app/scoring/rules/answers.py; everything is visited in code-point order, so that both
 * name the same culprit when there are several.
 */

import { byCodePoint } from "./canonical.js";
import { criteriaOf, targetOf } from "./edition.js";

/** @typedef {import("./edition.js").Edition} Edition */
/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./edition.js").Part} Part */

/** @typedef {import("./tally.js").Answers} Answers */
/** @typedef {import("./tally.js").Value} Value */
/** @typedef {import("./fold.js").State} State */

const MOST_PHOTOS = 1_000_000;

/** @type {Record<string, [string, string]>} */
const SENTENCES = {
  "not-an-object": [
    "ข้อมูลคำตอบต้องเป็น JSON object ที่มี “answers”",
    "The input must be a JSON object with “answers”.",
  ],
  "unknown-key": ["ไม่รู้จัก “{at}” ในข้อมูลคำตอบ", "“{at}” is not a known key of the input."],
  "answers-missing": ["ไม่มี “answers” ในข้อมูลคำตอบ", "The input has no “answers”."],
  "answers-not-an-object": ["“answers” ต้องเป็น JSON object", "“answers” must be a JSON object."],
  "photos-not-an-object": ["“photos” ต้องเป็น JSON object", "“photos” must be a JSON object."],
  "unknown-criterion": [
    "เกณฑ์ {edition} ไม่มีข้อ “{at}”",
    "Edition {edition} has no criterion “{at}”.",
  ],
  "unknown-part": ["ไม่มีส่วนย่อย “{at}” ในเกณฑ์นี้", "There is no part “{at}” in this edition."],
  "no-parts": ["“{at}” ไม่มีส่วนย่อย ให้ตอบค่าเดียว", "“{at}” has no parts; give it one value."],
  "parts-needed": [
    "“{at}” มีหลายส่วนย่อย ให้ตอบแยกแต่ละส่วน",
    "“{at}” has several parts; answer each part by its code.",
  ],
  "na-not-allowed": [
    "“{at}” ตอบว่าไม่เกี่ยวข้อง (na) ไม่ได้",
    "“{at}” may not be answered “na” (not applicable).",
  ],
  "unknown-step": [
    "“{at}” ไม่มีขั้น {value} คะแนน ที่มีคือ {steps}",
    "“{at}” has no step of {value} points; its steps are {steps}.",
  ],
  "not-an-answer": [
    "คำตอบของ “{at}” ใช้ไม่ได้ ที่ใช้ได้คือ {allowed}",
    "The answer to “{at}” is not one; it may be {allowed}.",
  ],
  "conflict-too-small": [
    "รายการคำตอบที่ขัดกันของ “{at}” ต้องมีอย่างน้อยสองค่า",
    "A list of conflicting answers to “{at}” needs at least two.",
  ],
  "not-a-count": [
    "จำนวนภาพของ “{at}” ต้องเป็นจำนวนเต็มตั้งแต่ 0",
    "The number of photos of “{at}” must be a whole number from 0 up.",
  ],
};

/** Answers that are not answers to this edition: a stable kind, the culprit, a sentence. */
export class BadAnswers extends Error {
  /**
   * @param {string} kind
   * @param {string} at
   * @param {Record<string, string>} [fields]
   */
  constructor(kind, at, fields = {}) {
    /** @type {Record<string, string>} */
    const shown = { at: oneLine(at) };
    for (const [key, value] of Object.entries(fields)) shown[key] = oneLine(value);
    const [th, en] = SENTENCES[kind].map((sentence) =>
      sentence.replace(/\{(\w+)\}/g, (_whole, key) => shown[key]),
    );
    super(en);
    this.kind = kind;
    this.at = at;
    this.th = th;
    this.en = en;
  }
}

/**
 * The answers in a document `{"answers": {…}, "photos": {…}}`.
 * @param {unknown} document
 * @param {Edition} edition
 * @returns {Answers} what stands for each target; absent is blank
 * @throws {BadAnswers} naming the first culprit
 */
export function parseAnswers(document, edition) {
  if (!isObject(document)) throw new BadAnswers("not-an-object", "");
  for (const key of ordered(document)) {
    if (key !== "answers" && key !== "photos") throw new BadAnswers("unknown-key", key);
  }
  if (!Object.hasOwn(document, "answers")) throw new BadAnswers("answers-missing", "answers");
  const answers = document.answers;
  const photos = Object.hasOwn(document, "photos") ? document.photos : {};
  if (!isObject(answers)) throw new BadAnswers("answers-not-an-object", "answers");
  const byCode = new Map(criteriaOf(edition).map((criterion) => [criterion.code, criterion]));
  /** @param {string} code */
  const known = (code) => {
    const criterion = byCode.get(code);
    if (criterion) return criterion;
    const name = `${edition.slug}/${edition.edition}`;
    throw new BadAnswers("unknown-criterion", code, { edition: name });
  };
  /** @type {Map<string, Value[]>} */
  const values = new Map();
  for (const code of ordered(answers)) {
    for (const [at, standing] of criterionOf(known(code), answers[code])) {
      values.set(at, standing);
    }
  }
  if (!isObject(photos)) throw new BadAnswers("photos-not-an-object", "photos");
  const counts = new Map();
  for (const code of ordered(photos)) counts.set(known(code).code, count(code, photos[code]));
  return { values, photos: counts };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {Record<string, unknown>} document */
function ordered(document) {
  return Object.keys(document).sort(byCodePoint);
}

/**
 * @param {Criterion} criterion
 * @param {unknown} value
 * @returns {[string, Value[]][]}
 */
function criterionOf(criterion, value) {
  const { code, parts } = criterion;
  if (criterion.kind !== "scored") {
    return [[code, standing(value, (one) => word(criterion, one), code)]];
  }
  if (isObject(value)) {
    if (parts.some((part) => part.code === "")) throw new BadAnswers("no-parts", code);
    const byPart = new Map(parts.map((part) => [part.code, part]));
    const keys = ordered(value);
    for (const key of keys) {
      if (!byPart.has(key)) throw new BadAnswers("unknown-part", `${code}/${key}`);
    }
    return keys.map((key) => {
      return partOf(criterion, /** @type {Part} */ (byPart.get(key)), value[key]);
    });
  }
  if (parts.length === 1) return [partOf(criterion, parts[0], value)];
  if (value === null) return [];
  throw new BadAnswers("parts-needed", code);
}

/**
 * @param {Criterion} criterion
 * @param {Part} part
 * @param {unknown} value
 * @returns {[string, Value[]]}
 */
function partOf(criterion, part, value) {
  const at = targetOf(criterion, part.code);
  return [at, standing(value, (one) => step(criterion, part, one), at)];
}

/**
 * @param {unknown} value
 * @param {(one: unknown) => Value} parse
 * @param {string} at
 * @returns {Value[]} values that agree have become one
 */
function standing(value, parse, at) {
  if (!Array.isArray(value)) return [parse(value)];
  if (value.length < 2) throw new BadAnswers("conflict-too-small", at);
  return [...new Set(value.map(parse))];
}

/**
 * @param {Criterion} criterion
 * @param {unknown} value
 * @returns {Value}
 */
function word(criterion, value) {
  if (value === null || value === "met" || value === "not_met") return value;
  return notApplicable(criterion, value, criterion.code, "met, not_met, na, null");
}

/**
 * @param {Criterion} criterion
 * @param {Part} part
 * @param {unknown} value
 * @returns {Value}
 */
function step(criterion, part, value) {
  if (value === null) return null;
  const at = targetOf(criterion, part.code);
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return notApplicable(criterion, value, at, "a number of points, na, null");
  }
  // Both sides are the double nearest to the decimal, so equality is exact.
  const found = part.steps.find((one) => value === one.points / 100);
  if (found) return found.points;
  const steps = part.steps.map((one) => String(one.points / 100)).join(", ");
  throw new BadAnswers("unknown-step", at, { value: String(value), steps });
}

/**
 * @param {Criterion} criterion
 * @param {unknown} value
 * @param {string} at
 * @param {string} allowed
 * @returns {Value}
 */
function notApplicable(criterion, value, at, allowed) {
  if (value !== "na") {
    const shorter = criterion.not_applicable ? allowed : allowed.replace(" na,", "");
    throw new BadAnswers("not-an-answer", at, { allowed: shorter });
  }
  if (!criterion.not_applicable) throw new BadAnswers("na-not-allowed", at);
  return "na";
}

/**
 * @param {string} code
 * @param {unknown} value
 * @returns {number}
 */
function count(code, value) {
  if (typeof value === "number" && Number.isInteger(value)) {
    if (value >= 0 && value <= MOST_PHOTOS) return value === 0 ? 0 : value;
  }
  throw new BadAnswers("not-a-count", code);
}

/**
 * A stranger's text on one line of bearable length.
 * @param {string} text
 */
function oneLine(text) {
  const letters = [...text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�")];
  return letters.length <= 120 ? letters.join("") : `${letters.slice(0, 117).join("")}…`;
}

/** What the scorer is told of one answer. @param {any} value */
const scored = (value) => (value !== null && typeof value === "object" ? "na" : value);

/**
 * The scoring input: a conflict becomes the list of what stands.
 * @param {State} state
 * @returns {{answers: Record<string, any>, photos: Record<string, number>}}
 */
export const answersOf = (state) => {
  /** @type {Record<string, any>} */
  const answers = Object.create(null);
  /** @type {Record<string, Record<string, any>>} */
  const parts = Object.create(null);
  for (const [register, standing] of Object.entries(state.registers)) {
    if (!register.startsWith("answer ")) continue;
    const values = standing.map((one) => scored(one.value));
    const value = values.length > 1 ? values : values[0];
    const target = register.slice(7);
    const slash = target.indexOf("/");
    if (slash < 0) answers[target] = value;
    else {
      const criterion = target.slice(0, slash);
      parts[criterion] ??= Object.create(null);
      parts[criterion][target.slice(slash + 1)] = value;
    }
  }
  for (const [criterion, named] of Object.entries(parts)) {
    answers[criterion] = criterion in answers ? { "": answers[criterion], ...named } : named;
  }
  /** @type {Record<string, number>} */
  const photos = {};
  for (const [criterion, taken] of Object.entries(state.photos)) {
    const kept = taken.filter((photo) => !photo.removed).length;
    if (kept) photos[criterion] = kept;
  }
  return { answers, photos };
};
