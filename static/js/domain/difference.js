// What was and what is of one criterion: between what was submitted and what stands now. Pure.
// As app/review/rules/comparing.py tells it of a whole audit; tests/cases/difference/ holds both.

import { canonical } from "./canonical.js";
import { targetOf } from "./edition.js";

/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./fold.js").State} State */
/** @typedef {import("./fold.js").Photo} Photo */
/** @typedef {import("./fold.js").Piece} Piece */
/**
 * `detail`: the part, the key of a measurement, the author of a note, or the SHA-256 of a photo
 * with a caption; values are what stands.
 * @typedef {{kind: "answer" | "measurement" | "note" | "caption", detail: string, before: any[], after: any[]}} Said
 */
/**
 * What was brought, photos and, as `files`, documents, videos and links; the same bytes taken out
 * and brought again are no difference.
 * @typedef {{said: Said[], added: Photo[], removed: Photo[], kept: Photo[],
 *   files: {added: Piece[], removed: Piece[]}}} Difference
 */

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
    .map(
      ([kind, detail, register]) =>
        /** @type {Said} */ ({
          kind,
          detail,
          before: values(before, register),
          after: values(after, register),
        }),
    )
    .concat(captions(criterion.code, before, after))
    .filter((one) => canonical(one.before) !== canonical(one.after));
  const photos = apart(
    photosOf(before, criterion.code),
    photosOf(after, criterion.code),
    ({ value }) => value.sha256,
  );
  const { added, removed } = apart(
    piecesOf(before, criterion.code),
    piecesOf(after, criterion.code),
    ({ value }) => canonical([value.sha256 ?? value.url, value.name ?? null]),
  );
  return { said, ...photos, files: { added, removed } };
};

/**
 * Two lists of things that stand, told apart by name.
 * @template {Piece} T
 * @param {T[]} were @param {T[]} are @param {(one: T) => string} name
 */
const apart = (were, are, name) => {
  const before = new Set(were.map(name));
  const after = new Set(are.map(name));
  return {
    added: are.filter((one) => !before.has(name(one))),
    removed: were.filter((one) => !after.has(name(one))),
    kept: are.filter((one) => before.has(name(one))),
  };
};

/** What is written under photos, by photo. @param {string} code @param {State} before @param {State} after @returns {Said[]} */
const captions = (code, before, after) => {
  /** @param {State} state @returns {Map<string, any[]>} */
  const under = (state) =>
    new Map(
      photosOf(state, code).map(({ id, value }) => [
        value.sha256,
        values(state, `caption ${id}`),
      ]),
    );
  const [was, now] = [under(before), under(after)];
  return [...new Set([...was.keys(), ...now.keys()])].sort().map((detail) => ({
    kind: "caption",
    detail,
    before: was.get(detail) ?? [],
    after: now.get(detail) ?? [],
  }));
};

/** What was said of a criterion and not cleared, in the order it is shown. @param {Criterion} criterion @param {State} state */
export const saidOf = (criterion, state) =>
  registersOf(criterion, [state])
    .map(([kind, detail, register]) => ({ kind, detail, values: values(state, register) }))
    .filter((one) => one.values.length);

/** @param {State} state @param {string} criterion */
const photosOf = (state, criterion) =>
  (state.photos[criterion] ?? []).filter((photo) => !photo.removed);

/** Documents, videos and links that stand. @param {State} state @param {string} criterion @returns {Piece[]} */
export const piecesOf = (state, criterion) =>
  [...(state.attachments[criterion] ?? []), ...(state.links[criterion] ?? [])].filter(
    (piece) => !piece.removed,
  );
