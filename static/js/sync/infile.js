// A colleague's outbox file, read with distrust: every line and photo is taken only by its own hash,
// and what is not whole is named.

import { withBytes } from "../domain/files.js";
import { decode, sha256 as hash } from "../helpers/bytes.js";
import { bytesAt, crc32, listed, scanned } from "../helpers/zip.js";

/** @typedef {import("../domain/change.js").Change} Change */
/** @typedef {import("../helpers/zip.js").Place} Place */
/** @typedef {{line: string, kid: string | null, sig: string | null, change: Change}} Row */
/** @typedef {{sha256: string, type: string, part: Blob}} Picture part: a slice of the file, checked */
/**
 * What was not whole. row: its number in the list; rows: how many more are gone; photo: its hash;
 * list, manifest: the whole of it; signatures: a signature may be bent, the server will say.
 * @typedef {{what: "row", n: number} | {what: "rows", n: number} | {what: "photo", sha256: string}
 *   | {what: "list" | "manifest" | "signatures"}} Broken
 */
/**
 * @typedef {{format: number, made_at: string, person: {id: string, name?: any, username?: string},
 *   device: string | null, audits: {id: string, office: string, changes: number}[],
 *   photos: {sha256: string, bytes: number, type: string}[]}} Manifest
 */
/** @typedef {{manifest: Manifest | null, rows: Row[], photos: Picture[], broken: Broken[]}} Infile */

/** Nothing of this file can be taken: `code` is "not-ours", "newer" (of a later release) or "unreadable". */
export class NoInfile extends Error {
  name = "NoInfile";

  /** @param {"not-ours" | "newer" | "unreadable"} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const PHOTO = /^photos\/([0-9a-f]{64})$/;
const PAPERS = new Set(["README.txt", "manifest.json", "changes.txt", "SHA256SUMS"]);
const ROW = /^([0-9a-f]{64}) (-|[0-9a-f]{32}) (-|[\w-]{86}) (\{.*\})$/s;
/** More than these is nothing a phone ever wrote. */
const MOST_PAPER = 64 * 1024 * 1024;
const MOST_PHOTO = 128 * 1024 * 1024;
/** A name that stands in more places than these was put there to keep a phone busy. */
const MOST_PLACES = 6;
const BREAK = 10;

/**
 * Read a file as far as it is whole. Photos stay in the file; only one is looked at at a time.
 * @param {Blob} file
 * @param {(done: number, total: number) => void} [onStep]
 * @returns {Promise<Infile>}
 * @throws {NoInfile}
 */
export const readInfile = async (file, onStep) => {
  const places = await placesOf(file).catch(() => {
    throw new NoInfile("unreadable");
  });
  const sums = new Set();
  for (const bytes of await papers(file, places, "SHA256SUMS"))
    for (const line of decode(bytes).split("\n")) sums.add(line);
  const sound = async (/** @type {string} */ name, /** @type {Paper} */ bytes, crc = -1) =>
    sums.has(`${await hash(bytes)}  ${name}`) || crc32(bytes) === crc;

  const manifest = await readManifest(file, places, sound);
  if (manifest && manifest.format > 1) throw new NoInfile("newer");
  const { rows, broken } = await readRows(file, places, manifest, sound);
  const { photos, lost } = await readPhotos(file, places, manifest, rows, onStep);
  if (!manifest && !rows.length && !photos.length && !broken.length)
    throw new NoInfile("not-ours");
  if (!manifest) broken.unshift({ what: "manifest" });
  return { manifest, rows, photos, broken: [...broken, ...lost] };
};

/** @typedef {Uint8Array<ArrayBuffer>} Paper */
/** @typedef {(name: string, bytes: Paper, crc?: number) => Promise<boolean>} Sound */

/** Every place each name may be found at, the directory's word first. @param {Blob} file */
const placesOf = async (file) => {
  const known = (/** @type {string} */ name) => PAPERS.has(name) || PHOTO.test(name);
  /** @type {Map<string, Place[]>} */
  const places = new Map();
  for (const place of [...(await listed(file)), ...(await scanned(file, known))]) {
    if (!known(place.name) || !place.stored) continue;
    const before = places.get(place.name) ?? [];
    const again = before.some(({ at, size }) => at === place.at && size === place.size);
    if (!again && before.length < MOST_PLACES) places.set(place.name, [...before, place]);
  }
  return places;
};

/** All that may be this paper. @param {Blob} file @param {Map<string, Place[]>} places @param {string} name */
const papers = async (file, places, name) => {
  const found = [];
  for (const place of places.get(name) ?? [])
    if (place.size <= MOST_PAPER) found.push(await bytesAt(file, place));
  return found;
};

/** @param {Blob} file @param {Map<string, Place[]>} places @param {Sound} sound @returns {Promise<Manifest | null>} */
const readManifest = async (file, places, sound) => {
  for (const place of places.get("manifest.json") ?? []) {
    if (place.size > MOST_PAPER) continue;
    const bytes = await bytesAt(file, place);
    if (!(await sound("manifest.json", bytes, place.crc))) continue;
    const told = parsed(bytes);
    if (isManifest(told)) return told;
  }
  return null;
};

/** @param {any} told @returns {told is Manifest} */
const isManifest = (told) =>
  Number.isInteger(told?.format) &&
  typeof told.person?.id === "string" &&
  Array.isArray(told.audits) &&
  told.audits.every((/** @type {any} */ one) => Number.isInteger(one?.changes)) &&
  Array.isArray(told.photos) &&
  told.photos.every((/** @type {any} */ one) => PHOTO.test(`photos/${one?.sha256}`));

/** @param {Paper} bytes */
const parsed = (bytes) => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
};

/**
 * @param {Blob} file @param {Map<string, Place[]>} places @param {Manifest | null} manifest @param {Sound} sound
 * @returns {Promise<{rows: Row[], broken: Broken[]}>}
 */
const readRows = async (file, places, manifest, sound) => {
  const expected = manifest?.audits.reduce((sum, { changes }) => sum + changes, 0) ?? 0;
  /** @type {{rows: Row[], bad: number[]}} */
  let best = { rows: [], bad: [] };
  let whole = false;
  let seen = false;
  for (const place of places.get("changes.txt") ?? []) {
    if (place.size > MOST_PAPER || whole) continue;
    const bytes = await bytesAt(file, place);
    whole = await sound("changes.txt", bytes, place.crc);
    const read = await rowsOf(bytes);
    if (whole || !seen || read.rows.length > best.rows.length) best = read;
    seen = true;
  }
  /** @type {Broken[]} */
  const broken = best.bad.map((n) => ({ what: "row", n }));
  const gone = expected - best.rows.length - best.bad.length;
  if (!seen && (expected || places.size)) broken.push({ what: "list" });
  else if (gone > 0) broken.push({ what: "rows", n: gone });
  else if (seen && !whole && !broken.length) broken.push({ what: "signatures" });
  return { rows: best.rows, broken };
};

/** @param {Paper} bytes */
const rowsOf = async (bytes) => {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const bad = [];
  for (let from = 0, n = 1; from < bytes.length; n += 1) {
    const found = bytes.indexOf(BREAK, from);
    const to = found < 0 ? bytes.length : found;
    const row = await rowOf(bytes.slice(from, to));
    if (row) rows.set(row.line, row);
    else bad.push(n);
    from = to + 1;
  }
  return { rows: [...rows.values()], bad };
};

/** @param {Paper} bytes @returns {Promise<Row | null>} */
const rowOf = async (bytes) => {
  // The four parts before the line are plain letters: the line is everything after the third space.
  const [, sum, kid, sig, line] = decode(bytes).match(ROW) ?? [];
  if (!line) return null;
  const exact = bytes.slice(sum.length + kid.length + sig.length + 3);
  if ((await hash(exact)) !== sum) return null;
  const change = parsed(exact);
  const shaped = ["id", "audit", "author", "device", "kind", "target"].every(
    (key) => typeof change?.[key] === "string",
  );
  if (!shaped || !Number.isInteger(change.n)) return null;
  return { line, kid: kid === "-" ? null : kid, sig: sig === "-" ? null : sig, change };
};

/**
 * @param {Blob} file @param {Map<string, Place[]>} places @param {Manifest | null} manifest @param {Row[]} rows
 * @param {((done: number, total: number) => void) | undefined} onStep
 * @returns {Promise<{photos: Picture[], lost: Broken[]}>}
 */
const readPhotos = async (file, places, manifest, rows, onStep) => {
  const types = new Map(manifest?.photos.map(({ sha256, type }) => [sha256, type]));
  for (const { change } of rows)
    if (withBytes(change.kind) && typeof change.value?.sha256 === "string")
      types.set(change.value.sha256, change.value.type);
  const named = [...places.keys()].flatMap((name) => name.match(PHOTO)?.[1] ?? []);
  // The manifest knows which photos there were; without it, whatever calls itself one is looked at.
  const promised = manifest?.photos.map(({ sha256 }) => sha256) ?? named;
  const all = [...new Set([...promised, ...named])];
  /** @type {Picture[]} */
  const photos = [];
  /** @type {Broken[]} */
  const lost = [];
  for (const [i, sha256] of all.entries()) {
    onStep?.(i, all.length);
    const part = await photoIn(file, places.get(`photos/${sha256}`) ?? [], sha256);
    if (part) photos.push({ sha256, type: types.get(sha256) ?? "image/jpeg", part });
    else if (promised.includes(sha256)) lost.push({ what: "photo", sha256 });
  }
  onStep?.(all.length, all.length);
  return { photos, lost };
};

/** @param {Blob} file @param {Place[]} places @param {string} sha256 */
const photoIn = async (file, places, sha256) => {
  for (const place of places) {
    if (place.size > MOST_PHOTO) continue;
    if ((await hash(await bytesAt(file, place))) === sha256)
      return file.slice(place.at, place.at + place.size);
  }
  return null;
};
