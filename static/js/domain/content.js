// What is submitted and signed: the content of a state, and its digest. Pure.
// The twin of app/audits/rules/content.py; tests/cases/content/ holds both to the same truth.

import { encode, sha256 } from "../helpers/bytes.js";
import { byCodePoint, canonical } from "./canonical.js";

/** @typedef {import("./fold.js").State} State */
/** @typedef {{registers: Record<string, string[]>, photos: Record<string, string[]>}} Content */

// Who walks where, and what is said about the content itself, is none of it.
const COUNTED = /^(answer|measurement|note|caption) /;

/**
 * The standing values of each register as canonical JSON, sorted; the standing photos. What is
 * empty is left out, so that a thing written and cleared is the same as one never written.
 * @param {State} state @returns {Content}
 */
export const contentOf = (state) => {
  /** @type {Content} */
  const content = { registers: Object.create(null), photos: Object.create(null) };
  for (const [register, standing] of Object.entries(state.registers)) {
    if (!COUNTED.test(register)) continue;
    const said = standing.filter(({ value }) => value !== null && value !== "");
    const values = said.map(({ value }) => canonical(value)).sort(byCodePoint);
    if (values.length) content.registers[register] = values;
  }
  for (const [criterion, taken] of Object.entries(state.photos)) {
    const names = taken.filter(({ removed }) => !removed).map(({ value }) => value.sha256);
    if (names.length) content.photos[criterion] = names.sort();
  }
  return content;
};

/** SHA-256, in hex, of the canonical JSON of a state's content. @param {State} state */
export const digestOf = (state) => sha256(encode(canonical(contentOf(state))));
