// One finding of the checks, and what they are given.

/** @typedef {{lat: number, lon: number}} Place */
/**
 * @typedef {"photo-lost" | "photo-refused" | "conflict" | "blank" | "photo-none" | "photo-few" |
 *   "measure-missing" | "measure-outside" | "photo-twice" | "photo-before" | "photo-after" |
 *   "photo-far" | "answers-quick" | "photo-unsent"} Code
 */
/**
 * `weight`: to be done here, to be looked at, or what waits by itself; `photo` is the id of a
 * photo's change; `key` stays the same while the matter is the same.
 * @typedef {{code: Code, weight: "here" | "look" | "later", criterion: string,
 *   photo: string | null, detail: Record<string, any>, key: string}} Finding
 */
/** @typedef {Omit<Finding, "weight">} Bare */
/**
 * `where` says of photos' SHA-256 what became of their bytes here; `now` is in milliseconds.
 * @typedef {{edition: import("./edition.js").Edition,
 *   state: import("./fold.js").State, changes: import("./change.js").Change[],
 *   audit: {planned_on: string | null, office: {position?: Place | null}},
 *   where: Record<string, string>, now: number}} Held
 */

/**
 * @param {Code} code @param {string} criterion @param {Record<string, any>} detail
 * @param {string} about what the matter is, beside its criterion
 * @param {string | null} photo
 * @returns {Bare}
 */
export const finding = (code, criterion, detail, about = "", photo = null) => ({
  code,
  criterion,
  photo,
  detail,
  key: [code, criterion, about].filter(Boolean).join(" "),
});
