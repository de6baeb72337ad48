// What may be said of a certificate's code with what this phone holds, and no more. Pure but for
// the signature, which is the browser's to check.

import { CONTEXT, isCode, readCertificate, readCode } from "./certificate.js";
import { toBeSigned } from "./cose.js";
import { ed25519 } from "./ed25519.js";
import { keyBytes } from "./keys.js";
import { standingOf } from "./status.js";

/**
 * @typedef {"valid" | "expired" | "suspended" | "withdrawn" | "superseded" | "unknown" | "forged"} State
 * @typedef {"ok" | "not-a-code" | "not-a-certificate" | "signature" | "key-unknown"
 *   | "key-compromised" | "key-time" | "no-list" | "newer" | "not-listed"} Why
 *   `newer`: made after the list; `not-listed`: made before it, and yet not in it
 * @typedef {{state: State, why: Why, told: import("./certificate.js").Told | null,
 *   asOf: number | null, age: number | null, stale: boolean, behind: boolean}} Verdict
 *   `asOf`: the second the status is from; `age`: seconds since, null where the clock is behind;
 *   `behind`: the phone's clock stands before the list was made
 * @typedef {{keys: readonly import("./keys.js").Key[], list: import("./status.js").List | null}} Held
 */

const PATIENCE = 300; // clocks differ by minutes without anybody having set them wrong

/** @param {State} state @param {Why} why @param {Partial<Verdict>} [more] @returns {Verdict} */
const verdict = (state, why, more = {}) => ({
  told: null,
  asOf: null,
  age: null,
  stale: false,
  behind: false,
  ...more,
  state,
  why,
});

/**
 * What the code alone says under the keys, its status not looked at. "valid" means no more than
 * that it was signed by us and its date has not come.
 * @param {string} code base32
 * @param {readonly import("./keys.js").Key[]} keys
 * @param {number} now seconds since 1970
 * @param {import("./ed25519.js").Check} [check]
 * @returns {Promise<Verdict>}
 */
export const judgeCode = async (code, keys, now, check = ed25519) => {
  if (!isCode(code)) return verdict("unknown", "not-a-code");
  const signed = readCode(code);
  if (!signed) return verdict("forged", "not-a-certificate");
  const key = keys.find((one) => one.kid === signed.kid);
  const raw = key && keyBytes(key.public);
  if (!raw) return verdict("unknown", "key-unknown");
  if (!(await check(raw, signed.signature, toBeSigned(signed, CONTEXT))))
    return verdict("forged", "signature");
  const told = readCertificate(signed.payload);
  if (!told) return verdict("forged", "not-a-certificate");
  // Whoever stole the key signs as well as we did; only the register can tell them apart.
  if (key.state === "compromised") return verdict("unknown", "key-compromised", { told });
  const early = told.issued < key.from - PATIENCE;
  if (early || (key.until !== null && told.issued > key.until))
    return verdict("unknown", "key-time", { told });
  // Time has not stood before what is signed was signed, whatever the phone's clock says.
  const latest = Math.max(now, told.issued);
  return verdict(latest < told.expires ? "valid" : "expired", "ok", { told });
};

/**
 * What may be said of the code: never "valid" without a status list that covers it.
 * @param {string} code base32
 * @param {Held} held
 * @param {number} now seconds since 1970, by this phone's clock
 * @param {import("./ed25519.js").Check} [check]
 * @returns {Promise<Verdict>}
 */
export const judge = async (code, { keys, list }, now, check = ed25519) => {
  const alone = await judgeCode(code, keys, Math.max(now, list?.issued ?? 0), check);
  const { state, told } = alone;
  if (!told || state === "unknown") return alone;
  const behind = now < (list?.issued ?? told.issued) - PATIENCE;
  if (!list) return verdict(state === "valid" ? "unknown" : state, "no-list", { told, behind });
  const age = behind ? null : Math.max(0, now - list.issued);
  const stale = age !== null && age >= list.ttl;
  const from = { told, asOf: list.issued, age, stale, behind };
  const standing = standingOf(list, told.index);
  if (standing === "withdrawn" || standing === "superseded")
    return verdict(standing, "ok", from);
  if (standing === null && state === "valid") {
    const why = told.issued >= list.issued - PATIENCE ? "newer" : "not-listed";
    return verdict("unknown", why, from);
  }
  return verdict(state === "expired" ? state : (standing ?? state), "ok", from);
};
