// The device's own hand: a journal file and photo slots in OPFS, nothing else.

import { decode, encode } from "../helpers/bytes.js";
import { readLine, Tally } from "../vault/journal.js";

/** @typedef {import("../vault/journal.js").Order} Order */
/**
 * @typedef {{read(to: AllowSharedBufferSource, options: {at: number}): number,
 *   write(from: AllowSharedBufferSource, options: {at: number}): number, truncate(size: number): void,
 *   getSize(): number, flush(): void, close(): void}} Sync
 */
/** @typedef {import("../vault/vault.js").Late} Late */
/** @typedef {{sha256: string, type: string, bytes: number, thumb: number, late?: Late}} Header */
/** @typedef {{sha256: string, type: string, bytes: ArrayBuffer, thumb: ArrayBuffer, late?: Late}} Photo */

const BALLAST = 4 * 1024 * 1024;
const HEAD = 512;
const SPARE = 20;
const BREAK = 10;
/** A slot this old, whose photo no change names, belongs to a page that died. */
const LATE = 10_000;

/** @param {FileSystemFileHandle} file @returns {Promise<Sync>} */
const openSync = (file) => /** @type {any} */ (file).createSyncAccessHandle();

/** @param {unknown} error */
const isFull = (error) => /** @type {Error} */ (error)?.name === "QuotaExceededError";

/** All of it or nothing: what was begun is cut off again. @param {Sync} handle @param {number} at @param {Uint8Array<ArrayBuffer>} bytes */
const writeAll = (handle, at, bytes) => {
  try {
    if (handle.write(bytes, { at }) !== bytes.length) {
      throw new DOMException("short write", "QuotaExceededError");
    }
    handle.flush();
  } catch (error) {
    handle.truncate(at);
    throw error;
  }
};

/** @param {string} code */
const unavailable = (code) =>
  Object.assign(new Error(code), { name: "VaultUnavailable", code });

class Keeper {
  #person = "";
  #tally = new Tally();
  #seen = 0;
  #ragged = false;
  #ballast = false;
  /** @type {FileSystemDirectoryHandle} */
  #home = /** @type {any} */ (null);
  /** @type {FileSystemDirectoryHandle} */
  #slots = /** @type {any} */ (null);
  /** @type {FileSystemFileHandle} */
  #journal = /** @type {any} */ (null);
  /** @type {Map<string, string>} SHA-256 to slot */
  #here = new Map();
  /** @type {Header[]} */
  #late = [];
  /** @type {string[]} */
  #free = [];
  #slotCount = 0;
  /** @type {Promise<void> | null} */
  #scanned = null;

  /** @param {{storage: StorageManager, locks: LockManager}} env */
  constructor(env) {
    this.env = env;
  }

  /**
   * @param {string} what
   * @param {() => Promise<any>} work
   * @returns {Promise<any>}
   */
  #locked(what, work) {
    return this.env.locks.request(`${what}-${this.#person}`, work);
  }

  /** @param {{person: string}} args @returns {Promise<{journal: ArrayBuffer}>} all bytes of the journal */
  async open({ person }) {
    this.#person = person;
    if (!this.env.locks) throw unavailable("no-locks");
    if (!this.env.storage?.getDirectory) throw unavailable("no-opfs");
    try {
      const root = await this.env.storage.getDirectory();
      const vaults = await root.getDirectoryHandle("vault", { create: true });
      this.#home = await vaults.getDirectoryHandle(person, { create: true });
      this.#journal = await this.#home.getFileHandle("journal", { create: true });
    } catch (error) {
      throw unavailable(isFull(error) ? "full" : "refused");
    }
    if (!("createSyncAccessHandle" in this.#journal)) throw unavailable("no-sync-handles");
    return this.#locked("journal", async () => {
      const handle = await openSync(this.#journal);
      try {
        return { journal: this.#catchUp(handle).buffer };
      } finally {
        handle.close();
      }
    });
  }

  /** Read what this or another tab wrote since. @param {Sync} handle */
  #catchUp(handle) {
    const size = handle.getSize();
    if (size < this.#seen) {
      this.#seen = 0;
      this.#tally = new Tally();
    }
    const bytes = new Uint8Array(size - this.#seen);
    if (handle.read(bytes, { at: this.#seen }) !== bytes.length) throw new Error("short read");
    this.#seen = size;
    if (bytes.length) {
      this.#ragged = bytes[bytes.length - 1] !== BREAK;
      for (const raw of decode(bytes).split("\n")) {
        const item = raw && readLine(raw);
        if (item) this.#tally.see(item);
      }
    }
    return bytes;
  }

  /**
   * Number and write; resolves after the flush.
   * @param {{orders: Order[]}} args
   * @returns {Promise<{raws: string[], ballast: boolean}>}
   */
  write({ orders }) {
    return this.#locked("journal", async () => {
      const handle = await openSync(this.#journal);
      try {
        this.#catchUp(handle);
        const tally = this.#tally.copy();
        const raws = orders.map((order) => tally.make(order));
        // A torn tail never eats the line that comes after it.
        const bytes = encode(`${this.#ragged ? "\n" : ""}${raws.join("\n")}\n`);
        const at = this.#seen;
        try {
          writeAll(handle, at, bytes);
        } catch (error) {
          if (!isFull(error) || !(await this.#dropBallast())) throw error;
          writeAll(handle, at, bytes);
        }
        this.#seen = at + bytes.length;
        this.#ragged = false;
        this.#tally = tally;
        return { raws, ballast: this.#ballast };
      } finally {
        handle.close();
      }
    });
  }

  /** Whether the journal's last bytes hold this line. @param {{raw: string}} args */
  async ends({ raw }) {
    const file = await this.#journal.getFile();
    return (await file.slice(-(raw.length * 3 + 65_536)).text()).includes(raw);
  }

  async #dropBallast() {
    if (!this.#ballast) return false;
    this.#ballast = false;
    const file = await this.#home.getFileHandle("ballast");
    const handle = await openSync(file);
    handle.truncate(0);
    handle.flush();
    handle.close();
    return true;
  }

  /** Room set aside for answers, for the day when photos have filled the phone. */
  async #layBallast() {
    if (this.#ballast) return true;
    const handle = await openSync(await this.#home.getFileHandle("ballast", { create: true }));
    try {
      if (handle.getSize() < BALLAST) writeAll(handle, 0, new Uint8Array(BALLAST).fill(BREAK));
      this.#ballast = true;
    } catch (error) {
      if (!isFull(error)) throw error;
      handle.truncate(0);
    } finally {
      handle.close();
    }
    return this.#ballast;
  }

  /** Find the photos that are here, and make slots until enough are free. @param {{free: number}} args */
  slots({ free }) {
    return this.#locked("slots", async () => {
      await this.#scan();
      const ballast = await this.#layBallast();
      while (this.#free.length < free) await this.#addSlot();
      const photos = [...this.#here.keys()];
      return { photos, late: this.#late, free: this.#free.length, ballast };
    });
  }

  async #addSlot() {
    const name = String(this.#slotCount).padStart(4, "0");
    await this.#slots.getFileHandle(name, { create: true });
    this.#slotCount += 1;
    this.#free.push(name);
  }

  /** Only under the lock: nobody is then in the middle of a photo. */
  #scan(again = false) {
    if (again) this.#scanned = null;
    this.#scanned ??= this.#look();
    return this.#scanned;
  }

  async #look() {
    this.#slots = await this.#home.getDirectoryHandle("slots", { create: true });
    this.#here.clear();
    this.#late = [];
    this.#free = [];
    this.#slotCount = 0;
    for await (const [name, file] of /** @type {any} */ (this.#slots).entries()) {
      this.#slotCount = Math.max(this.#slotCount, Number(name) + 1);
      const bytes = await file.getFile();
      if (bytes.size === 0) this.#free.push(name);
      else {
        const header = await this.#header(bytes);
        if (header) {
          this.#here.set(header.sha256, name);
          if (header.late && Date.now() - bytes.lastModified > LATE) this.#late.push(header);
        } else await this.#empty(name); // begun and never finished: its change was never written
      }
    }
    this.#free.sort().reverse();
  }

  /** @param {File} file @returns {Promise<Header | null>} */
  async #header(file) {
    try {
      const header = JSON.parse(await file.slice(0, HEAD).text());
      return HEAD + header.bytes + header.thumb === file.size ? header : null;
    } catch {
      return null;
    }
  }

  /** @param {string} name */
  async #empty(name) {
    const handle = await openSync(await this.#slots.getFileHandle(name));
    handle.truncate(0);
    handle.flush();
    handle.close();
    this.#free.push(name);
  }

  /**
   * Into a slot that exists: a new file's name may be lost when the browser is killed.
   * @param {Photo} photo
   */
  putPhoto(photo) {
    return this.#locked("slots", async () => {
      await this.#scan();
      if (this.#here.has(photo.sha256)) return { free: this.#free.length };
      // Photos stop where the ballast cannot be laid, so that answers go on.
      if (!(await this.#layBallast())) throw new DOMException("", "QuotaExceededError");
      for (;;) {
        if (!this.#free.length) await this.#addSlot();
        const name = /** @type {string} */ (this.#free.pop());
        const handle = await openSync(await this.#slots.getFileHandle(name));
        try {
          if (handle.getSize() > 0) continue; // another tab was here first
          this.#fill(handle, photo);
          this.#here.set(photo.sha256, name);
          return { free: this.#free.length };
        } catch (error) {
          handle.truncate(0);
          this.#free.push(name);
          throw error;
        } finally {
          handle.close();
        }
      }
    });
  }

  /** Bytes first, header last: a slot without its header is an empty slot. @param {Sync} handle @param {Photo} photo */
  #fill(handle, { sha256, type, bytes, thumb, late }) {
    writeAll(handle, HEAD, new Uint8Array(bytes));
    writeAll(handle, HEAD + bytes.byteLength, new Uint8Array(thumb));
    const header = { sha256, type, bytes: bytes.byteLength, thumb: thumb.byteLength };
    const whole = encode(JSON.stringify({ ...header, late }).padEnd(HEAD));
    const text = whole.length === HEAD ? whole : encode(JSON.stringify(header).padEnd(HEAD));
    if (handle.write(text, { at: 0 }) !== HEAD)
      throw new DOMException("", "QuotaExceededError");
    handle.flush();
  }

  /** @param {string} sha256 @returns {Promise<{file: File, header: Header, name: string} | null>} */
  async #find(sha256) {
    for (const again of [false, true]) {
      await this.#scan(again);
      const name = this.#here.get(sha256);
      const file = name && (await (await this.#slots.getFileHandle(name)).getFile());
      const header = file ? await this.#header(file) : null;
      if (name && file && header?.sha256 === sha256) return { file, header, name };
    }
    return null;
  }

  /** @param {{sha256: string, part: "photo" | "thumb"}} args */
  photo({ sha256, part }) {
    return this.#locked("slots", async () => {
      const found = await this.#find(sha256);
      if (!found) return null;
      const { file, header } = found;
      const end = HEAD + header.bytes;
      const piece =
        part === "photo" ? file.slice(HEAD, end) : file.slice(end, end + header.thumb);
      return { bytes: await piece.arrayBuffer(), type: header.type };
    });
  }

  /** @param {{sha256: string}} args */
  freePhoto({ sha256 }) {
    return this.#locked("slots", async () => {
      const found = await this.#find(sha256);
      if (found) {
        this.#here.delete(sha256);
        await this.#empty(found.name);
      }
    });
  }

  spare() {
    return this.slots({ free: SPARE });
  }
}

const OPS = ["open", "write", "ends", "slots", "spare", "putPhoto", "photo", "freePhoto"];

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
      port.postMessage({ id, error: { name, message, code } }, []);
    }
  };
};

if ("DedicatedWorkerGlobalScope" in globalThis) {
  serve(/** @type {any} */ (globalThis), navigator);
}
