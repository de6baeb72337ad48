// The journal file: lines appended under a Web Lock, numbered after reading what other tabs wrote.

import { decode, encode } from "../helpers/bytes.js";
import { readLine, Tally } from "../vault/journal.js";
import { BREAK, isFull, openSync, writeAll } from "./disk.js";

/** @typedef {import("../vault/journal.js").Order} Order */
/** @typedef {import("./disk.js").Sync} Sync */
/** @typedef {(what: string, work: (lock: Lock | null) => Promise<any>, options?: LockOptions) => Promise<any>} Locked */

export class JournalFile {
  #tally = new Tally();
  #seen = 0;
  #ragged = false;
  #file;
  #ballast;
  #locked;

  /** @param {FileSystemFileHandle} file @param {import("./disk.js").Ballast} ballast @param {Locked} locked */
  constructor(file, ballast, locked) {
    this.#file = file;
    this.#ballast = ballast;
    this.#locked = locked;
  }

  /** @returns {Promise<{journal: ArrayBuffer}>} all bytes */
  read() {
    return this.#locked("journal", async () => {
      const handle = await openSync(this.#file);
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
   * @param {{orders: Order[], held?: boolean}} args held: the asker has the lock and knows the mirror
   * @returns {Promise<{raws: string[], ballast: boolean} | null>} null: some tab has numbered lines that
   *   only the mirror holds
   */
  write({ orders, held }) {
    if (held) return this.#write(orders);
    return this.#locked("journal", async () => {
      const owed = await this.#locked("owed", (lock) => Promise.resolve(!lock), {
        ifAvailable: true,
      });
      return owed ? null : this.#write(orders);
    });
  }

  /** @param {Order[]} orders */
  async #write(orders) {
    const handle = await openSync(this.#file);
    try {
      this.#catchUp(handle);
      const tally = this.#tally.copy();
      const raws = [];
      for (const order of orders) raws.push(await tally.make(order));
      // A torn tail never eats the line that comes after it.
      const bytes = encode(`${this.#ragged ? "\n" : ""}${raws.join("\n")}\n`);
      const at = this.#seen;
      try {
        writeAll(handle, at, bytes);
      } catch (error) {
        if (!isFull(error) || !(await this.#ballast.drop())) throw error;
        writeAll(handle, at, bytes);
      }
      this.#seen = at + bytes.length;
      this.#ragged = false;
      this.#tally = tally;
      for (const order of orders.slice(-1)) tally.ahead(order);
      return { raws, ballast: this.#ballast.laid };
    } finally {
      handle.close();
    }
  }

  /** Whether the journal's last bytes hold this line. @param {{raw: string}} args */
  async ends({ raw }) {
    const file = await this.#file.getFile();
    return (await file.slice(-(raw.length * 3 + 65_536)).text()).includes(raw);
  }
}
