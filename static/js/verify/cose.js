// COSE_Sign1 (RFC 9052) as this system writes it, and no other way: tag 18, the protected map
// {1: -8, 4: kid}, an empty unprotected map, Ed25519.

import { decode, encode, Tagged } from "./cbor.js";

/** @typedef {import("./cbor.js").Value} Value */
/** @typedef {{kid: string, header: Uint8Array<ArrayBuffer>, payload: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>}} Signed */

const TAG = 18;
const EDDSA = -8;
const encoder = new TextEncoder();

/** @param {Value} value @returns {value is Uint8Array<ArrayBuffer>} */
export const isBytes = (value) => value instanceof Uint8Array;

/** @param {Uint8Array} bytes */
export const hexOf = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Read without believing; null where it is not written as ours are. @param {Uint8Array} bytes @returns {Signed | null} */
export const readSigned = (bytes) => {
  try {
    const whole = decode(bytes);
    if (!(whole instanceof Tagged) || whole.tag !== TAG) return null;
    if (!Array.isArray(whole.value) || whole.value.length !== 4) return null;
    const [header, loose, payload, signature] = whole.value;
    if (!isBytes(header) || !isBytes(payload) || !isBytes(signature)) return null;
    if (!(loose instanceof Map) || loose.size !== 0 || signature.length !== 64) return null;
    const told = decode(header);
    if (!(told instanceof Map) || told.size !== 2 || told.get(1) !== EDDSA) return null;
    const kid = told.get(4);
    if (kid === undefined || !isBytes(kid) || kid.length !== 8) return null;
    return { kid: hexOf(kid), header, payload, signature };
  } catch {
    return null;
  }
};

/** What the key signed: RFC 9052, 4.4. @param {Signed} signed @param {string} context */
export const toBeSigned = ({ header, payload }, context) =>
  encode(["Signature1", header, encoder.encode(context), payload]);

/** The payload as a map with exactly these keys; null otherwise. @param {Uint8Array} payload @param {readonly number[]} keys @returns {Map<Value, Value> | null} */
export const mapWith = (payload, keys) => {
  try {
    const map = decode(payload);
    const exact =
      map instanceof Map && map.size === keys.length && keys.every((key) => map.has(key));
    return exact ? map : null;
  } catch {
    return null;
  }
};
