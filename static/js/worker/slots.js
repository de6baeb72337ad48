// Photo slots: files made ahead of need, one photo each, its header written last.

import { encode } from "../helpers/bytes.js";
import { isFull, openSync, Reserve, writeAll } from "./disk.js";

/** @typedef {import("./disk.js").Sync} Sync */
/** @typedef {import("../vault/vault.js").Late} Late */
/** @typedef {{sha256: string, type: string, bytes: number, thumb: number, late?: Late}} Header */
/** @typedef {{sha256: string, type: string, bytes: ArrayBuffer, thumb: ArrayBuffer, late?: Late}} Photo */

const HEAD = 512;
/** What is given up of the reserve at once. */
const PIECE = 1024 * 1024;
/** A slot this old, whose photo no change names, belongs to a page that died. */
const LATE = 10_000;

export class Slots {
  /** @type {FileSystemDirectoryHandle} */
  #slots = /** @type {any} */ (null);
  /** @type {Map<string, string>} SHA-256 to slot */
  #here = new Map();
  /** @type {Header[]} */
  #late = [];
  /** @type {string[]} */
  #free = [];
  #slotCount = 0;
  /** @type {Promise<void> | null} */
  #scanned = null;
  #home;
  #ballast;
  #reserve;
  #locked;

  /** @param {FileSystemDirectoryHandle} home @param {import("./disk.js").Ballast} ballast @param {import("./journal-file.js").Locked} locked */
  constructor(home, ballast, locked) {
    this.#home = home;
    this.#ballast = ballast;
    this.#reserve = new Reserve(home);
    this.#locked = locked;
  }

  /** Find the photos that are here, and make slots until enough are free. @param {{free: number}} args */
  make({ free }) {
    return this.#locked("slots", async () => {
      await this.#scan();
      const ballast = await this.#ballast.lay();
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
  put(photo) {
    return this.#locked("slots", async () => {
      await this.#scan();
      if (this.#here.has(photo.sha256)) return { free: this.#free.length };
      // Photos stop where the ballast cannot be laid, so that answers go on.
      while (!(await this.#ballast.lay()))
        if (!(await this.#reserve.give(PIECE)))
          throw new DOMException("", "QuotaExceededError");
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
          if (!isFull(error) || !(await this.#reserve.give(PIECE))) throw error;
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
  get({ sha256, part }) {
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

  /** How many photos are here and how large they are, and how much is laid up for more. */
  sizes() {
    return this.#locked("slots", async () => {
      await this.#scan();
      let bytes = 0;
      for (const name of this.#here.values())
        bytes += (await (await this.#slots.getFileHandle(name)).getFile()).size;
      return { photos: this.#here.size, total: bytes, reserve: await this.#reserve.lay() };
    });
  }

  /** @param {{sha256: string}} args */
  free({ sha256 }) {
    return this.#locked("slots", async () => {
      const found = await this.#find(sha256);
      if (found) {
        this.#here.delete(sha256);
        await this.#empty(found.name);
      }
    });
  }
}
