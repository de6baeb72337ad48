// The public keys a phone has met. It learns them from this site over TLS and forgets none:
// a key that was ever called compromised or retired stays so here, whatever is said later.

import { hexOf } from "./cose.js";

/**
 * @typedef {"active" | "retired" | "compromised"} State
 * @typedef {{kid: string, public: string, from: number, until: number | null, state: State,
 *   compromisedAt: number | null}} Key  times in seconds since 1970
 */

const RANK = { active: 0, retired: 1, compromised: 2 };
const MOST = 200;

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer> | null} */
export const keyBytes = (base64) => {
  try {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    return bytes.length === 32 ? bytes : null;
  } catch {
    return null;
  }
};

/** Seconds since 1970 of a moment such as "2026-11-21T02:00:00Z". @param {unknown} text */
const seconds = (text) => {
  const found = typeof text === "string" ? Math.floor(Date.parse(text) / 1000) : Number.NaN;
  return Number.isNaN(found) ? null : found;
};

/** @param {any} one @returns {Promise<Key | null>} */
const readKey = async (one) => {
  const bytes = typeof one?.public === "string" ? keyBytes(one.public) : null;
  const from = seconds(one?.from);
  if (!bytes || from === null || !Object.hasOwn(RANK, one.state)) return null;
  // A key is named by its own hash: nobody can put another key under a name already known.
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (hexOf(hash.slice(0, 8)) !== one.kid) return null;
  return {
    kid: one.kid,
    public: one.public,
    from,
    until: seconds(one.until),
    state: one.state,
    compromisedAt: seconds(one.compromised_at),
  };
};

/** The keys of `/v/keys.json`; null where it is not such a list. @param {any} told @returns {Promise<Key[] | null>} */
export const readKeys = async (told) => {
  if (!Array.isArray(told?.keys) || told.keys.length > MOST) return null;
  const read = await Promise.all(told.keys.map(readKey));
  return read.every((key) => key !== null) ? read : null;
};

/** @param {number | null} a @param {number | null} b */
const earlier = (a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** What is known after hearing more: the worse state and the earlier end stand. @param {readonly Key[]} held @param {readonly Key[]} heard @returns {Key[]} */
export const merged = (held, heard) => {
  const known = new Map(held.map((key) => [key.kid, key]));
  for (const key of heard) {
    const old = known.get(key.kid);
    if (!old) known.set(key.kid, key);
    else if (old.public === key.public)
      known.set(key.kid, {
        ...old,
        until: earlier(old.until, key.until),
        state: RANK[key.state] > RANK[old.state] ? key.state : old.state,
        compromisedAt: earlier(old.compromisedAt, key.compromisedAt),
      });
  }
  return [...known.values()];
};
