// What a state says to an edition: the tally's input. The phone's pack may be newer or older than a
// change it holds, so what the edition does not have is set aside and named, never guessed at.

import { targetOf } from "./edition.js";

/** @typedef {import("./edition.js").Edition} Edition */
/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./edition.js").Part} Part */
/** @typedef {import("./fold.js").State} State */
/** @typedef {import("./tally.js").Value} Value */

/**
 * @param {Edition} edition
 * @param {State} state
 * @returns {import("./tally.js").Answers & {strange: string[]}} `strange`: the registers, and
 *   `photo <criterion>`, that the edition has no place for
 */
export const reading = (edition, state) => {
  /** @type {Map<string, Value[]>} */
  const values = new Map();
  /** @type {Map<string, number>} */
  const photos = new Map();
  const placed = new Set(edition.sections.map(({ code }) => `assignment ${code}`));
  for (const { criteria } of edition.sections.flatMap((section) => section.groups)) {
    for (const criterion of criteria) {
      const parts = criterion.kind === "scored" ? criterion.parts : [null];
      for (const part of parts) {
        const target = targetOf(criterion, part?.code ?? "");
        const standing = state.registers[`answer ${target}`] ?? [];
        const told = standing.map((one) => counted(criterion, part, one.value));
        const known = [...new Set(told.filter((value) => value !== undefined))];
        if (known.length) values.set(target, known);
        if (!told.includes(undefined)) placed.add(`answer ${target}`);
      }
      for (const { key } of criterion.measurements)
        placed.add(`measurement ${criterion.code}:${key}`);
      const taken = state.photos[criterion.code] ?? [];
      photos.set(criterion.code, taken.filter((photo) => !photo.removed).length);
      placed.add(`note ${criterion.code}`).add(`photo ${criterion.code}`);
    }
  }
  const said = Object.entries(state.registers)
    .filter(([register, [first]]) => hasWords(first.value) && !BESIDE.test(register))
    .map(([register]) => register);
  const shown = Object.keys(state.photos).map((criterion) => `photo ${criterion}`);
  const strange = [...said, ...shown].filter(
    (register) => !placed.has(register.replace(/^(note \S+) .*/, "$1")),
  );
  return { values, photos, strange };
};

/** Said of a photo or of the whole, not of the edition's matters. */
const BESIDE = /^(caption |signature |submission$)/;

/** Not cleared. @param {any} value */
const hasWords = (value) => value !== null && value !== "";

/**
 * One answer as the tally counts it; undefined where the edition has no such answer.
 * @param {Criterion} criterion
 * @param {Part | null} part
 * @param {any} value
 * @returns {Value | undefined}
 */
const counted = (criterion, part, value) => {
  if (value === null) return null;
  if (typeof value === "object") return criterion.not_applicable ? "na" : undefined;
  // Both sides are the double nearest to the decimal, so equality is exact.
  if (part) return part.steps.find((step) => step.points / 100 === value)?.points;
  return value === "met" || value === "not_met" ? value : undefined;
};
