// The state of an audit, folded from its changes: what nothing supersedes stands.
// The twin of app/audits/rules/fold.py; tests/cases/fold/ holds both to the same truth.

import { canonical } from "./canonical.js";

/** @typedef {import("./change.js").Change} Change */
/** @typedef {{id: string, author: string, device: string, lam: number, made_at: string}} Mark who said it */
/** @typedef {{value: any, changes: Mark[]}} Standing one value and everyone who says it */
/** @typedef {{id: string, author: string, made_at: string, reason: string}} Removal */
/**
 * @typedef {{id: string, author: string, made_at: string, lam: number, value: any,
 *   caption: Standing[], removed: Removal | null}} Photo
 */
/** A document, a video or a link. @typedef {{id: string, author: string, made_at: string, value: any, removed: Removal | null}} Piece */
/**
 * @typedef {{registers: Record<string, Standing[]>, photos: Record<string, Photo[]>,
 *   attachments: Record<string, Piece[]>, links: Record<string, Piece[]>,
 *   conflicts: string[], unknown: string[], lam: number}} State
 */

const REGISTERS = new Set([
  "answer",
  "measurement",
  "note",
  "caption",
  "resolution",
  "assignment",
  "signature",
  "submission",
]);
// Everybody has their own note; who walks which section is for the team to say among themselves;
// of signatures and submissions the newest counts (`newest`).
const NEVER_CONFLICTS = /^(note |assignment |signature |submission$)/;

/** Which register a change writes, or null when it writes none. @param {Change} change */
export const registerOf = (change) => {
  if (!REGISTERS.has(change.kind)) return null;
  if (change.kind === "resolution") return change.target;
  if (change.kind === "note" || (change.kind === "signature" && change.target === "assessor"))
    return `${change.kind} ${change.target} ${change.author}`;
  if (change.kind === "submission") return "submission";
  return `${change.kind} ${change.target}`;
};

/** @param {Change} change */
const said = (change) => (change.kind === "resolution" ? change.value.value : change.value);

/** Never by clock; lam, then id, and only for display. @param {Change} a @param {Change} b */
const byLam = (a, b) => a.lam - b.lam || (a.id < b.id ? -1 : 1);

/**
 * @param {Iterable<Change>} changes in any order; the same id twice is one change
 * @returns {State}
 */
export const fold = (changes) => {
  /** @type {Map<string, Change>} */
  const known = new Map();
  for (const change of changes) if (!known.has(change.id)) known.set(change.id, change);
  const sorted = [...known.values()].sort(byLam);

  /** @type {Set<string>} */
  const superseded = new Set();
  /** @type {Map<string, Change[]>} */
  const written = new Map();
  for (const change of sorted) {
    const register = registerOf(change);
    if (register === null) continue;
    const entries = written.get(register);
    if (entries) entries.push(change);
    else written.set(register, [change]);
    for (const id of change.supersedes) {
      const older = known.get(id);
      // Only within one register, and only upwards in lam: no circle can form.
      if (older && older.lam < change.lam && registerOf(older) === register) superseded.add(id);
    }
  }

  /** @type {Record<string, Standing[]>} */
  const registers = {};
  const conflicts = [];
  for (const [register, entries] of written) {
    const standing = entries.filter((change) => !superseded.has(change.id));
    registers[register] = agreeing(standing);
    if (registers[register].length > 1 && !NEVER_CONFLICTS.test(register))
      conflicts.push(register);
  }
  return {
    registers,
    photos: photosOf(sorted, registers),
    attachments: piecesOf(sorted, "attachment"),
    links: piecesOf(sorted, "link"),
    conflicts: conflicts.sort(),
    unknown: sorted.filter(isUnknown).map((change) => change.id),
    lam: sorted.at(-1)?.lam ?? 0,
  };
};

/**
 * What was said last of what stands, by anybody or by this person: by lam, then by id.
 * @param {Standing[]} standing @param {string | null} [author]
 * @returns {{value: any, mark: Mark} | null}
 */
export const newest = (standing, author = null) =>
  standing
    .flatMap(({ value, changes }) => changes.map((mark) => ({ value, mark })))
    .filter(({ mark }) => author === null || mark.author === author)
    .sort((a, b) => a.mark.lam - b.mark.lam || (a.mark.id < b.mark.id ? -1 : 1))
    .at(-1) ?? null;

const ADDED = /^(photo|attachment|link)(-removed)?$/;

/** @param {Change} change */
const isUnknown = ({ kind }) => !REGISTERS.has(kind) && !ADDED.test(kind);

/** Entries with the same value are one value with several voices. @param {Change[]} standing */
const agreeing = (standing) => {
  if (standing.length === 1)
    return [{ value: said(standing[0]), changes: [mark(standing[0])] }];
  /** @type {Map<string, Standing>} */
  const values = new Map();
  for (const change of standing) {
    const value = said(change);
    const key = canonical(value);
    const voices = values.get(key);
    if (voices) voices.changes.push(mark(change));
    else values.set(key, { value, changes: [mark(change)] });
  }
  return [...values.values()];
};

/** @param {Change} change @returns {Mark} */
const mark = ({ id, author, device, lam, made_at }) => ({ id, author, device, lam, made_at });

/**
 * Photos are only ever added; removal is a word about one photo, and the first such word stays.
 * @param {Change[]} sorted
 * @param {Record<string, Standing[]>} registers
 */
const photosOf = (sorted, registers) => {
  const removals = removalsOf(sorted, "photo-removed");
  /** @type {Record<string, Photo[]>} */
  const photos = Object.create(null);
  for (const { kind, target, id, author, made_at, lam, value } of sorted) {
    if (kind !== "photo") continue;
    photos[target] ??= [];
    photos[target].push({
      id,
      author,
      made_at,
      lam,
      value,
      caption: registers[`caption ${id}`] ?? [],
      removed: removals.get(id) ?? null,
    });
  }
  return photos;
};

/** Documents, videos or links: added and taken out as photos are. @param {Change[]} sorted @param {string} kind */
const piecesOf = (sorted, kind) => {
  const removals = removalsOf(sorted, `${kind}-removed`);
  /** @type {Record<string, Piece[]>} */
  const pieces = Object.create(null);
  for (const { kind: brought, target, id, author, made_at, value } of sorted) {
    if (brought !== kind) continue;
    pieces[target] ??= [];
    pieces[target].push({ id, author, made_at, value, removed: removals.get(id) ?? null });
  }
  return pieces;
};

/** What was taken out, by the change that brought it. @param {Change[]} sorted @param {string} kind */
const removalsOf = (sorted, kind) => {
  /** @type {Map<string, Removal>} */
  const removals = new Map();
  for (const { kind: said, target, id, author, made_at, value } of sorted)
    if (said === kind && !removals.has(target))
      removals.set(target, { id, author, made_at, reason: value.reason });
  return removals;
};
