// Ask the server for keys and status while there is a network, and keep what proves right.

import { readKeys } from "./keys.js";
import { readList } from "./status.js";
import { keepList, learnKeys } from "./store.js";

const LARGEST = 1024 * 1024;

/** @param {string} url */
const ask = async (url) => {
  // Never from a cache, never somebody else's page behind a redirect, and nobody is named.
  const reply = await fetch(url, {
    cache: "no-store",
    redirect: "error",
    credentials: "omit",
    signal: AbortSignal.timeout(20_000),
  });
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status}`);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (bytes.length > LARGEST) throw new Error(`${url}: too large`);
  return bytes;
};

/** @param {Uint8Array} bytes @returns {unknown} */
const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/**
 * Bring keys and status up to date. Nothing held is lost when the answer is not ours.
 * @returns {Promise<boolean>} whether a newer status was kept
 */
export const refresh = async () => {
  try {
    const heard = await readKeys(json(await ask("/v/keys.json")));
    if (!heard) return false;
    const keys = await learnKeys(heard);
    const bytes = await ask("/v/status");
    const list = await readList(bytes, keys);
    if (!list) return false;
    const { issued, size, kid } = list;
    return await keepList({ bytes, issued, size, kid });
  } catch {
    return false; // no network, or a portal in between: what is held stands
  }
};

/** Now, and whenever the network comes back. */
export const keepFresh = () => {
  refresh();
  addEventListener("online", () => refresh());
};
