// What is submitted and signed: the content of a state, and its digest. Pure.
// The twin of app/audits/rules/content.py; tests/cases/content/ holds both to the same truth.

import { encode, sha256 } from "../helpers/bytes.js";
import { byCodePoint, canonical } from "./canonical.js";

/** @typedef {import("./fold.js").State} State */
/**
 * @typedef {{registers: Record<string, string[]>, photos: Record<string, string[]>,
 *   attachments?: Record<string, string[]>, links?: Record<string, string[]>}} Content files and
 *   links only where there are any: what was signed before there were keeps its digest
 */

// Who walks where, and what is said about the content itself, is none of it.
const COUNTED = /^(answer|measurement|note|caption) /;

/**
 * The standing values of each register as canonical JSON, sorted; what stands as
 * evidence: photos and files by their SHA-256, links by their address. What is empty is left out, so
 * that a thing written and cleared is the same as one never written.
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
  content.photos = named(state.photos, "sha256") ?? content.photos;
  const attachments = named(state.attachments, "sha256");
  if (attachments) content.attachments = attachments;
  const links = named(state.links, "url");
  if (links) content.links = links;
  return content;
};

/**
 * The names of what was added to each criterion and not taken out; null where there is nothing.
 * @param {Record<string, {value: any, removed: any}[]>} added @param {"sha256" | "url"} name
 */
const named = (added, name) => {
  /** @type {Record<string, string[]>} */
  const all = Object.create(null);
  for (const [criterion, pieces] of Object.entries(added)) {
    const names = pieces.filter(({ removed }) => !removed).map(({ value }) => value[name]);
    if (names.length) all[criterion] = names.sort(byCodePoint);
  }
  return Object.keys(all).length ? all : null;
};

/** SHA-256, in hex, of the canonical JSON of a state's content. @param {State} state */
export const digestOf = (state) => sha256(encode(canonical(contentOf(state))));
