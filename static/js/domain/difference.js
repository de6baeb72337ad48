// What was and what is of one criterion: between what was submitted and what stands now. Pure.

import { canonical } from "./canonical.js";
import { targetOf } from "./edition.js";

/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./fold.js").State} State */
/** @typedef {import("./fold.js").Photo} Photo */
/**
 * `detail`: the part, the key of a measurement, or the author of a note; values are what stands.
 * @typedef {{kind: "answer" | "measurement" | "note", detail: string, before: any[], after: any[]}} Said
 */
/** @typedef {{said: Said[], added: Photo[], removed: Photo[], kept: Photo[]}} Difference */

/** @param {State} state @param {string} register */
const values = (state, register) =>
  (state.registers[register] ?? [])
    .map(({ value }) => value)
    .filter((value) => value !== null && value !== "");

/** Every register of a criterion, in the order it is shown. @param {Criterion} criterion @param {State[]} states @returns {[Said["kind"], string, string][]} */
const registersOf = (criterion, states) => {
  const { code, measurements } = criterion;
  const parts = criterion.kind === "scored" ? criterion.parts : [{ code: "" }];
  const notes = new Set(
    states.flatMap(({ registers }) =>
      Object.keys(registers).filter((register) => register.startsWith(`note ${code} `)),
    ),
  );
  return [
    ...parts.map(
      (part) =>
        /** @type {[Said["kind"], string, string]} */ ([
          "answer",
          part.code,
          `answer ${targetOf(criterion, part.code)}`,
        ]),
    ),
    ...measurements.map(
      ({ key }) =>
        /** @type {[Said["kind"], string, string]} */ ([
          "measurement",
          key,
          `measurement ${code}:${key}`,
        ]),
    ),
    ...[...notes]
      .sort()
      .map(
        (register) =>
          /** @type {[Said["kind"], string, string]} */ ([
            "note",
            register.split(" ")[2],
            register,
          ]),
      ),
  ];
};

/** @param {Criterion} criterion @param {State} before @param {State} after @returns {Difference} */
export const difference = (criterion, before, after) => {
  const said = registersOf(criterion, [before, after])
    .map(([kind, detail, register]) => ({
      kind,
      detail,
      before: values(before, register),
      after: values(after, register),
    }))
    .filter((one) => canonical(one.before) !== canonical(one.after));
  const were = photosOf(before, criterion.code);
  const are = photosOf(after, criterion.code);
  const has = (/** @type {Photo[]} */ all) => (/** @type {Photo} */ photo) =>
    all.some(({ id }) => id === photo.id);
  return {
    said,
    added: are.filter((photo) => !has(were)(photo)),
    removed: were.filter((photo) => !has(are)(photo)),
    kept: are.filter(has(were)),
  };
};

/** What was said of a criterion and not cleared, in the order it is shown. @param {Criterion} criterion @param {State} state */
export const saidOf = (criterion, state) =>
  registersOf(criterion, [state])
    .map(([kind, detail, register]) => ({ kind, detail, values: values(state, register) }))
    .filter((one) => one.values.length);

/** @param {State} state @param {string} criterion */
const photosOf = (state, criterion) =>
  (state.photos[criterion] ?? []).filter((photo) => !photo.removed);
