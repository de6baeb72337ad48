// What stands in a certificate's code, and what of a text is the code.

import { fromBase32 } from "./base32.js";
import { isBytes, mapWith, readSigned } from "./cose.js";

/**
 * @typedef {{issuer: string, number: string, expires: number, issued: number, officeCode: string,
 *   officeTh: string, officeEn: string, level: string, edition: string, index: number}} Told
 *   `expires`: the first second in which it no longer holds
 * @typedef {{kind: "nothing"} | {kind: "number", number: string} | {kind: "code", code: string}} Asked
 */

export const CONTEXT = "gecc-cert-v1";
const KEYS = [1, 2, 4, 6, 100, 101, 102, 103, 104, 105, 106];
/** Each text with the most letters it may have. @type {readonly (readonly [number, number])[]} */
const TEXTS = [
  [1, 200],
  [2, 24],
  [100, 20],
  [101, 160],
  [102, 160],
  [103, 20],
  [104, 65],
];
const COUNTS = [4, 6, 105];
const LATEST = 2 ** 40;
const NUMBER = /^GECC-[0-9]{4}-[0-9]{5,9}$/;
const TYPED = /^(?:GECC)?[ -]*([0-9]{4})[ -]+([0-9]{1,9})$/;
const UNSEEN = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/u;
// Shorter texts, longer ones and those with other letters are no certificate's code.
const CODE = /^[A-Z2-7]{160,2400}$/;

/** Latin capitals only: "ſ" must not become "S". @param {string} text */
const capitals = (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

/** The number that somebody typed, Thai digits and small letters welcome. @param {string} text */
const numberIn = (text) => {
  const digits = text.replace(/[๐-๙]/g, (one) => String(one.charCodeAt(0) - 0xe50));
  const found = TYPED.exec(digits.toUpperCase().trim());
  return found && `GECC-${found[1]}-${String(Number(found[2])).padStart(5, "0")}`;
};

/**
 * What a person typed, pasted or scanned: a number, a code, or an address that ends in one.
 * @param {string} text @returns {Asked}
 */
export const asked = (text) => {
  const path = text
    .trim()
    .replace(/[?#].*$/s, "")
    .replace(/\/+$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (!last) return { kind: "nothing" };
  const number = numberIn(last);
  if (number) return { kind: "number", number };
  return { kind: "code", code: capitals(last.replace(/\s+/g, "")) };
};

/** Whether a text could be a certificate's code at all. @param {string} text */
export const isCode = (text) => CODE.test(text);

/** @param {string} code @returns {import("./cose.js").Signed | null} */
export const readCode = (code) => {
  const bytes = fromBase32(code);
  return bytes && readSigned(bytes);
};

/** @param {unknown} value @param {number} most */
const isText = (value, most) =>
  typeof value === "string" && !!value && [...value].length <= most && !UNSEEN.test(value);

/** @param {unknown} value */
const isCount = (value) => typeof value === "number" && value >= 0 && value < LATEST;

/** What a certificate says; null where it is not exactly the map of a certificate. @param {Uint8Array} payload @returns {Told | null} */
export const readCertificate = (payload) => {
  const map = mapWith(payload, KEYS);
  if (!map) return null;
  const trace = map.get(106);
  const right =
    TEXTS.every(([key, most]) => isText(map.get(key), most)) &&
    COUNTS.every((key) => isCount(map.get(key))) &&
    trace !== undefined &&
    isBytes(trace) &&
    trace.length === 16;
  if (!right) return null;
  const text = (/** @type {number} */ key) => /** @type {string} */ (map.get(key));
  const count = (/** @type {number} */ key) => /** @type {number} */ (map.get(key));
  const told = {
    issuer: text(1),
    number: text(2),
    expires: count(4),
    issued: count(6),
    officeCode: text(100),
    officeTh: text(101),
    officeEn: text(102),
    level: text(103),
    edition: text(104),
    index: count(105),
  };
  return NUMBER.test(told.number) && told.issued < told.expires ? told : null;
};
