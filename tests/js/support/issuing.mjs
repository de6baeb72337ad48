// Keys, certificates and status lists as the server makes them, made here with node's own crypto.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { toBase32 } from "../../../static/js/verify/base32.js";
import { encode, Tagged } from "../../../static/js/verify/cbor.js";
import { readKeys } from "../../../static/js/verify/keys.js";

export const DAY = 86_400;
export const NOW = 1_795_000_000; // 18 November 2026
const text = new TextEncoder();

/** A key with its private half and its line of /v/keys.json. @param {Record<string, unknown>} [more] */
export const makeKey = (more = {}) => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const kid = createHash("sha256").update(raw).digest().subarray(0, 8);
  /** @type {{kid: string, public: string, [name: string]: unknown}} */
  const line = {
    kid: kid.toString("hex"),
    public: raw.toString("base64"),
    from: "2026-01-01T00:00:00Z",
    until: null,
    state: "active",
    compromised_at: null,
    ...more,
  };
  return { privateKey, raw: Uint8Array.from(raw), kid: Uint8Array.from(kid), line };
};

/** @typedef {ReturnType<typeof makeKey>} Made */

/** The keys as a phone holds them. @param {...Made} made */
export const held = async (...made) => {
  const keys = await readKeys({ keys: made.map((one) => one.line) });
  if (!keys) throw new Error("no keys");
  return keys;
};

/** @param {Made} key @param {Uint8Array} payload @param {string} context @param {import("../../../static/js/verify/cbor.js").Value} [protect] */
export const signBytes = (key, payload, context, protect) => {
  /** @type {[number, import("../../../static/js/verify/cbor.js").Value][]} */
  const usual = [
    [1, -8],
    [4, key.kid],
  ];
  const header = encode(protect ?? new Map(usual));
  const tbs = encode(["Signature1", header, text.encode(context), payload]);
  const signature = Uint8Array.from(sign(null, tbs, key.privateKey));
  return encode(new Tagged(18, [header, new Map(), payload, signature]));
};

/** @param {number} n @param {Record<number, import("../../../static/js/verify/cbor.js").Value>} [more] */
export const payloadOf = (n, more = {}) => {
  /** @type {Record<number, import("../../../static/js/verify/cbor.js").Value>} */
  const fields = {
    1: "กระทรวงยุติธรรม (การประเมินเบื้องต้นภายในกระทรวง)",
    2: `GECC-2570-${String(n + 1).padStart(5, "0")}`,
    4: NOW + 3 * 365 * DAY,
    6: NOW - 10 * DAY,
    100: "JC-CMI",
    101: "สำนักงานยุติธรรมจังหวัดพระนครศรีอยุธยา",
    102: "Phra Nakhon Si Ayutthaya Provincial Justice Office",
    103: "EXCELLENCE",
    104: "gecc/2568",
    105: n,
    106: new Uint8Array(16).fill(n % 256),
    ...more,
  };
  return new Map(Object.entries(fields).map(([key, value]) => [Number(key), value]));
};

/** A certificate's bytes. @param {Made} key @param {number} n @param {Record<number, import("../../../static/js/verify/cbor.js").Value>} [more] */
export const certify = (key, n, more) =>
  signBytes(key, encode(payloadOf(n, more)), "gecc-cert-v1");

/** A certificate's code. @param {Made} key @param {number} n @param {Record<number, import("../../../static/js/verify/cbor.js").Value>} [more] */
export const codeOf = (key, n, more) => toBase32(certify(key, n, more));

const CODES = ["valid", "suspended", "withdrawn", "superseded"];

/** A signed status list. @param {Made} key @param {string[]} codes @param {number} issued */
export const listOf = (key, codes, issued) => {
  const bits = new Uint8Array(Math.ceil(codes.length / 4));
  codes.forEach((code, i) => {
    bits[i >> 2] |= CODES.indexOf(code) << ((i & 3) * 2);
  });
  /** @type {[number, import("../../../static/js/verify/cbor.js").Value][]} */
  const fields = [
    [1, issued],
    [2, DAY],
    [3, codes.length],
    [4, bits],
    [5, 7],
    [6, new Uint8Array(32)],
  ];
  return signBytes(key, encode(new Map(fields)), "gecc-status-v1");
};
