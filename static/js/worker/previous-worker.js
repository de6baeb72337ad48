// Pictures of the visit before, in files that may be fetched again: nothing here is precious.

/** @typedef {{write(from: AllowSharedBufferSource, options: {at: number}): number, truncate(size: number): void, flush(): void, close(): void}} Sync */

/** @param {string} person */
const folder = async (person) => {
  const root = await navigator.storage.getDirectory();
  const vaults = await root.getDirectoryHandle("vault", { create: true });
  const home = await vaults.getDirectoryHandle(person, { create: true });
  return home.getDirectoryHandle("previous", { create: true });
};

const OPS = {
  /** @param {{person: string, sha256: string, bytes: ArrayBuffer}} args */
  async put({ person, sha256, bytes }) {
    const file = await (await folder(person)).getFileHandle(sha256, { create: true });
    /** @type {Sync} */
    const handle = await /** @type {any} */ (file).createSyncAccessHandle();
    try {
      handle.truncate(0);
      if (handle.write(new Uint8Array(bytes), { at: 0 }) !== bytes.byteLength) {
        handle.truncate(0);
        throw new DOMException("short write", "QuotaExceededError");
      }
      handle.flush();
    } finally {
      handle.close();
    }
    return true;
  },

  /** Remove what no prepared visit speaks of any more. @param {{person: string, wanted: string[]}} args */
  async sweep({ person, wanted }) {
    const home = await folder(person);
    const names = [];
    for await (const name of /** @type {any} */ (home).keys()) names.push(name);
    const old = names.filter((name) => !wanted.includes(name));
    for (const name of old) await home.removeEntry(name);
    return old.length;
  },
};

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const port = /** @type {any} */ (globalThis);
  port.onmessage = async (/** @type {MessageEvent} */ { data: { id, op, args } }) => {
    try {
      port.postMessage({ id, value: await OPS[/** @type {keyof typeof OPS} */ (op)](args) });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      port.postMessage({ id, error: { name, message } });
    }
  };
}
