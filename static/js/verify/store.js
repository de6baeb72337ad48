// What this phone knows of keys and of the status list: a small store of its own, apart from the
// walk's, open to whoever holds the phone; there is nothing private in it.

import { merged } from "./keys.js";
import { isNewer, readList } from "./status.js";

/** @typedef {{bytes: Uint8Array<ArrayBuffer>, issued: number, size: number, kid: string}} KeptList */

const NAME = "verify";
const TABLE = "kept";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return answer(request);
};

/** One look or one change, whole or not at all. @template T @param {IDBTransactionMode} mode @param {(table: IDBObjectStore) => Promise<T>} act */
const within = async (mode, act) => {
  const base = await open();
  try {
    const transaction = base.transaction(TABLE, mode);
    const over = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const found = await act(transaction.objectStore(TABLE));
    await over;
    return found;
  } finally {
    base.close();
  }
};

/** @param {IDBObjectStore} table @returns {Promise<import("./keys.js").Key[]>} */
const keysIn = async (table) => (await answer(table.get("keys"))) ?? [];

/** Learn keys; nothing known is forgotten. @param {readonly import("./keys.js").Key[]} heard */
export const learnKeys = (heard) =>
  within("readwrite", async (table) => {
    const keys = merged(await keysIn(table), heard);
    await answer(table.put(keys, "keys"));
    return keys;
  });

/**
 * Keep a list that was found right, unless a newer one is held whose key still stands.
 * @param {KeptList} heard @returns {Promise<boolean>} whether it was kept
 */
export const keepList = (heard) =>
  within("readwrite", async (table) => {
    const keys = await keysIn(table);
    /** @type {KeptList | undefined} */
    const held = await answer(table.get("list"));
    const stands = keys.some((key) => key.kid === held?.kid && key.state !== "compromised");
    if (held && stands && !isNewer(held, heard)) return false;
    await answer(table.put(heard, "list"));
    return true;
  });

/** All that is held, the list's signature looked at anew. @returns {Promise<import("./verdict.js").Held>} */
export const whatIsHeld = async () => {
  const [keys, kept] = await within("readonly", async (table) => [
    await keysIn(table),
    /** @type {KeptList | undefined} */ (await answer(table.get("list"))),
  ]);
  return { keys, list: kept ? await readList(kept.bytes, keys) : null };
};
