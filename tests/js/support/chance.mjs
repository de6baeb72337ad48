// Chance that can be repeated, and what a kill leaves of the databases.
import { IDBFactory } from "fake-indexeddb";

/** @param {number} seed @returns {() => number} */
export const chance = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** @param {any} request or transaction @returns {Promise<any>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.oncomplete = () => resolve(undefined);
    request.onerror = () => reject(request.error);
  });

/** Every database as it is. @param {IDBFactory} factory */
export const copied = async (factory) => {
  const other = new IDBFactory();
  for (const { name } of await factory.databases()) {
    const from = await done(factory.open(name ?? "", 1));
    const request = other.open(name ?? "", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("lines");
    const to = await done(request);
    if (from.objectStoreNames.contains("lines")) {
      const store = from.transaction("lines").objectStore("lines");
      const keys = store.getAllKeys();
      const values = await done(store.getAll());
      const writing = to.transaction("lines", "readwrite");
      for (const [i, key] of keys.result.entries())
        writing.objectStore("lines").put(values[i], key);
      await done(writing);
    }
    from.close();
    to.close();
  }
  return other;
};
