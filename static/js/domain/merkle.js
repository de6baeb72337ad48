// The server's log as this device checks it: checkpoints (C2SP signed notes) and proofs (RFC 6962).
// `app/log/rules` says the same in Python; a hash is 64 lower-case hex digits everywhere.

import { hex, sha256 } from "../helpers/bytes.js";

/** @typedef {{origin: string, size: number, root: string}} Checkpoint */

/** The root of a log without entries. */
export const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const DASH = "— ";
const HASH = /^[0-9a-f]{64}$/;
const utf8 = new TextEncoder();

/**
 * The hash of an entry's leaf.
 * @param {string} entry
 */
export const leafHash = (entry) => sha256(joined(Uint8Array.of(0), utf8.encode(entry)));

/**
 * Whether the proof shows the log `newer` to begin with the log `older` (RFC 9162, 2.1.4.2).
 * Whatever is sent may be anything; what is no proof is no.
 * @param {{size: number, root: string}} older
 * @param {{size: number, root: string}} newer
 * @param {readonly string[]} proof
 * @returns {Promise<boolean>}
 */
export const verifyConsistency = async (older, newer, proof) => {
  if (!counts(older.size, newer.size) || older.size > newer.size) return false;
  if (!hashes([older.root, newer.root], proof)) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root === newer.root;
  if (older.size === 0) return proof.length === 0 && older.root === EMPTY;
  let place = older.size - 1;
  let last = newer.size - 1;
  while (odd(place)) [place, last] = [half(place), half(last)];
  // The smaller tree is a complete one: it proves itself.
  const steps = place === 0 ? [older.root, ...proof] : [...proof];
  if (steps.length === 0) return false;
  let before = steps[0];
  let after = steps[0];
  for (const step of steps.slice(1)) {
    if (last === 0) return false;
    if (odd(place) || place === last) {
      before = await nodeHash(step, before);
      after = await nodeHash(step, after);
      while (!odd(place) && place > 0) [place, last] = [half(place), half(last)];
    } else {
      after = await nodeHash(after, step);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && before === older.root && after === newer.root;
};

/**
 * Whether the proof leads from a leaf's hash, at this place, to the log's root (RFC 9162, 2.1.3.2).
 * @param {string} leaf
 * @param {number} index
 * @param {{size: number, root: string}} log
 * @param {readonly string[]} proof
 * @returns {Promise<boolean>}
 */
export const verifyInclusion = async (leaf, index, log, proof) => {
  if (!counts(index, log.size) || index >= log.size) return false;
  if (!hashes([leaf, log.root], proof)) return false;
  let place = index;
  let last = log.size - 1;
  let reached = leaf;
  for (const step of proof) {
    if (last === 0) return false;
    if (odd(place) || place === last) {
      reached = await nodeHash(step, reached);
      while (!odd(place) && place > 0) [place, last] = [half(place), half(last)];
    } else {
      reached = await nodeHash(reached, step);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && reached === log.root;
};

/**
 * What a note says, its signature not looked at; null if it is no checkpoint.
 * @param {unknown} note
 * @returns {Checkpoint | null}
 */
export const parseCheckpoint = (note) => parts(note)?.said ?? null;

/**
 * Whether a note is signed under its own origin by one of the verifier keys (a line each, as
 * `/log/key` gives them). `"unknown"`: this browser cannot tell, for it knows no Ed25519.
 * @param {unknown} note
 * @param {string} vkeys
 * @returns {Promise<"good" | "bad" | "unknown">}
 */
export const checkSignature = async (note, vkeys) => {
  const found = parts(note);
  if (!found) return "bad";
  for (const vkey of vkeys.split(/\s+/).filter(Boolean)) {
    const [, name, hint, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
    const key = encoded === undefined ? null : unbase(encoded);
    if (name !== found.said.origin || key?.length !== 33 || key[0] !== 1) continue;
    const id = (await sha256(joined(utf8.encode(`${name}\n`), key))).slice(0, 8);
    const mark = found.marks.find(
      (one) => one.name === name && hex(one.mark.slice(0, 4).buffer) === id,
    );
    if (id !== hint || !mark) continue;
    return verified(key.slice(1), mark.mark.slice(4), utf8.encode(found.text));
  }
  return "bad";
};

/**
 * @param {Uint8Array<ArrayBuffer>} key
 * @param {Uint8Array<ArrayBuffer>} signature
 * @param {Uint8Array<ArrayBuffer>} text
 * @returns {Promise<"good" | "bad" | "unknown">}
 */
const verified = async (key, signature, text) => {
  let known;
  try {
    known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "unknown"; // browsers before 2025 do not know Ed25519
  }
  const good = await crypto.subtle.verify({ name: "Ed25519" }, known, signature, text);
  return good ? "good" : "bad";
};

/**
 * A note taken apart: what it says, the text that is signed, and the signatures.
 * @param {unknown} note
 */
const parts = (note) => {
  if (typeof note !== "string") return null;
  const [, text, origin, size, root, signatures] =
    /^(([^\s+]+)\n(0|[1-9]\d{0,15})\n(\S+)\n)\n((?:— [^\s+]+ \S+\n)+)$/u.exec(note) ?? [];
  const bytes = root === undefined ? null : unbase(root);
  if (text === undefined || bytes?.length !== 32 || !counts(Number(size))) return null;
  const marks = [];
  for (const line of signatures.slice(0, -1).split("\n")) {
    const [name, encoded] = line.slice(DASH.length).split(" ");
    const mark = unbase(encoded);
    if (!mark) return null;
    marks.push({ name, mark });
  }
  return { text, said: { origin, size: Number(size), root: hex(bytes.buffer) }, marks };
};

/**
 * The bytes of base64 as it is written, padding and all; null for anything else.
 * @param {string} encoded
 */
const unbase = (encoded) => {
  try {
    const text = atob(encoded);
    return btoa(text) === encoded ? Uint8Array.from(text, (one) => one.charCodeAt(0)) : null;
  } catch {
    return null;
  }
};

/**
 * @param {string} left
 * @param {string} right
 */
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), unhex(left), unhex(right)));

/** @param {string} digits */
const unhex = (digits) =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** @param {...Uint8Array} pieces */
const joined = (...pieces) => {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** @param {...number} numbers */
const counts = (...numbers) => numbers.every((one) => Number.isSafeInteger(one) && one >= 0);

/**
 * @param {readonly string[]} known
 * @param {readonly string[]} proof
 */
const hashes = (known, proof) =>
  Array.isArray(proof) &&
  [...known, ...proof].every((one) => typeof one === "string" && HASH.test(one));

// Not bits: a log may grow beyond what JavaScript shifts.
/** @param {number} number */
const odd = (number) => number % 2 === 1;
/** @param {number} number */
const half = (number) => Math.floor(number / 2);
