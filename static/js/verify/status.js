// The signed status list: two bits for each certificate, and the moment it was true.

import { isBytes, mapWith, readSigned, toBeSigned } from "./cose.js";
import { ed25519 } from "./ed25519.js";
import { keyBytes } from "./keys.js";

/** @typedef {{issued: number, ttl: number, count: number, bits: Uint8Array, size: number, kid: string}} List */
/** @typedef {"valid" | "suspended" | "withdrawn" | "superseded"} Standing */

export const CONTEXT = "gecc-status-v1";
const KEYS = [1, 2, 3, 4, 5, 6];
const COUNTS = [1, 2, 3, 5];
/** @type {readonly Standing[]} */
const STANDINGS = ["valid", "suspended", "withdrawn", "superseded"];

/** @param {Uint8Array} payload @returns {Omit<List, "kid"> | null} */
const readPayload = (payload) => {
  const map = mapWith(payload, KEYS);
  if (!map || !COUNTS.every((key) => Number.isSafeInteger(map.get(key)))) return null;
  const [issued, ttl, count, size] = COUNTS.map((key) => /** @type {number} */ (map.get(key)));
  const [bits, root] = [map.get(4), map.get(6)];
  if (bits === undefined || !isBytes(bits) || root === undefined || !isBytes(root)) return null;
  if (issued < 0 || ttl < 0 || count < 0 || size < 0 || root.length !== 32) return null;
  if (bits.length !== Math.ceil(count / 4)) return null;
  // Nothing may hide behind the last certificate.
  const used = (count % 4) * 2;
  if (used && bits[bits.length - 1] >> used) return null;
  return { issued, ttl, count, bits, size };
};

/**
 * The list in these bytes, if a key we know signed it and that key is not compromised.
 * @param {Uint8Array} bytes
 * @param {readonly import("./keys.js").Key[]} keys
 * @param {import("./ed25519.js").Check} [check]
 * @returns {Promise<List | null>}
 */
export const readList = async (bytes, keys, check = ed25519) => {
  const signed = readSigned(bytes);
  const key = signed && keys.find((one) => one.kid === signed.kid);
  if (!key || key.state === "compromised") return null;
  const raw = keyBytes(key.public);
  const list = readPayload(signed.payload);
  if (!raw || !list || (key.until !== null && list.issued > key.until)) return null;
  const right = await check(raw, signed.signature, toBeSigned(signed, CONTEXT));
  return right ? { ...list, kid: signed.kid } : null;
};

/** What the list says of a certificate; null where it does not reach so far. @param {List} list @param {number} index @returns {Standing | null} */
export const standingOf = (list, index) =>
  index < list.count ? STANDINGS[(list.bits[index >> 2] >> ((index & 3) * 2)) & 3] : null;

/**
 * Whether what was heard may take the place of what is held. Within one second the log decides,
 * for it only grows.
 * @param {{issued: number, size: number} | null} held @param {{issued: number, size: number}} heard
 */
export const isNewer = (held, heard) =>
  !held ||
  heard.issued > held.issued ||
  (heard.issued === held.issued && heard.size > held.size);
