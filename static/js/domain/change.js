// One change: made once, on the device, and the same bytes ever after.

/**
 * @typedef {{
 *   v: number, id: string, audit: string, author: string, device: string, n: number,
 *   prev?: string | null, lam: number, made_at: string, skew: number | null, seen?: string | null,
 *   app: string, pack: string, kind: string, target: string, value: any, supersedes: string[],
 * }} Change version 1 has neither `prev` nor `seen`
 */
/** @typedef {Omit<Change, "v" | "n" | "prev" | "lam">} Draft */

/** Random but for its first 48 bits, which are the device's milliseconds. */
export const uuid7 = (now = Date.now()) => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0, rest = now; i < 6; i += 1, rest = Math.floor(rest / 256)) {
    bytes[5 - i] = rest % 256;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

/**
 * Text as the server will accept it: composed (NFC), without NUL and without half characters.
 * @param {any} value
 * @returns {any}
 */
export const tidy = (value) => {
  if (typeof value === "string") {
    return value
      .replaceAll("\0", "")
      .replace(/\p{Surrogate}/gu, "\ufffd")
      .normalize("NFC");
  }
  if (Array.isArray(value)) return value.map(tidy);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tidy(one)]));
  }
  return value;
};

/**
 * The exact line: these keys in this order, no spaces.
 * @param {Draft} draft
 * @param {number} n dense per device and audit, from 1
 * @param {string | null} prev SHA-256 of this device's line n - 1 of this audit; null for the first
 * @param {number} lam one more than the largest this device has seen
 */
export const changeLine = (draft, n, prev, lam) =>
  JSON.stringify({
    v: 2,
    id: draft.id,
    audit: draft.audit,
    author: draft.author,
    device: draft.device,
    n,
    prev,
    lam,
    made_at: draft.made_at,
    skew: draft.skew,
    seen: draft.seen ?? null,
    app: draft.app,
    pack: draft.pack,
    kind: draft.kind,
    target: draft.target,
    value: draft.value,
    supersedes: draft.supersedes,
  });
