// The device's own hand: a journal file and photo slots in OPFS, nothing else.

import { Ballast, isFull } from "./disk.js";
import { JournalFile } from "./journal-file.js";
import { Slots } from "./slots.js";

const SPARE = 20;

/** @param {string} code */
const unavailable = (code) =>
  Object.assign(new Error(code), { name: "VaultUnavailable", code });

class Keeper {
  /** @type {JournalFile} */
  #journal = /** @type {any} */ (null);
  /** @type {Slots} */
  #slots = /** @type {any} */ (null);

  /** @param {{storage: StorageManager, locks: LockManager}} env */
  constructor(env) {
    this.env = env;
  }

  /** @param {{person: string}} args @returns {Promise<{journal: ArrayBuffer}>} all bytes of the journal */
  async open({ person }) {
    if (!this.env.locks) throw unavailable("no-locks");
    if (!this.env.storage?.getDirectory) throw unavailable("no-opfs");
    let home;
    let file;
    try {
      const root = await this.env.storage.getDirectory();
      const vaults = await root.getDirectoryHandle("vault", { create: true });
      home = await vaults.getDirectoryHandle(person, { create: true });
      file = await home.getFileHandle("journal", { create: true });
    } catch (error) {
      throw unavailable(isFull(error) ? "full" : "refused");
    }
    if (!("createSyncAccessHandle" in file)) throw unavailable("no-sync-handles");
    /** @type {import("./journal-file.js").Locked} */
    const locked = (what, work, options = {}) =>
      /** @type {Promise<any>} */ (this.env.locks.request(`${what}-${person}`, options, work));
    const ballast = new Ballast(home);
    this.#journal = new JournalFile(file, ballast, locked);
    this.#slots = new Slots(home, ballast, locked);
    return this.#journal.read();
  }

  /** @param {Parameters<JournalFile["write"]>[0]} args */
  write(args) {
    return this.#journal.write(args);
  }

  /** @param {{raw: string}} args */
  ends(args) {
    return this.#journal.ends(args);
  }

  /** @param {{free: number}} args */
  slots(args) {
    return this.#slots.make(args);
  }

  spare() {
    return this.#slots.make({ free: SPARE });
  }

  /** @param {import("./slots.js").Photo} photo */
  putPhoto(photo) {
    return this.#slots.put(photo);
  }

  /** @param {{sha256: string, part: "photo" | "thumb"}} args */
  photo(args) {
    return this.#slots.get(args);
  }

  sizes() {
    return this.#slots.sizes();
  }

  /** @param {{sha256: string}} args */
  freePhoto(args) {
    return this.#slots.free(args);
  }
}

const OPS = [
  "open",
  "write",
  "ends",
  "slots",
  "spare",
  "putPhoto",
  "photo",
  "sizes",
  "freePhoto",
];

/**
 * Answer the page's requests, one reply for each.
 * @param {{onmessage: ((event: MessageEvent) => void) | null,
 *   postMessage(message: any, transfer: Transferable[]): void}} port
 * @param {{storage: StorageManager, locks: LockManager}} env
 */
export const serve = (port, env) => {
  const keeper = /** @type {any} */ (new Keeper(env));
  port.onmessage = async ({ data: { id, op, args } }) => {
    try {
      if (!OPS.includes(op)) throw new Error(`no such request: ${op}`);
      const value = await keeper[op](args);
      const transfer = [value?.journal, value?.bytes].filter(Boolean);
      port.postMessage({ id, value }, transfer);
    } catch (error) {
      const { name, message, code } = /** @type {Error & {code?: string}} */ (error);
      const why = isFull(error) ? "full" : code;
      port.postMessage({ id, error: { name, message, code: why } }, []);
    }
  };
};

if ("DedicatedWorkerGlobalScope" in globalThis) {
  serve(/** @type {any} */ (globalThis), navigator);
}
