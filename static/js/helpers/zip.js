// ZIP files with stored entries: anything opens them, and half of one can still be read.

import { decode, encode } from "./bytes.js";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const LONGEST_COMMENT = 65_535;
const LARGEST_DIRECTORY = 16_777_216;
const WINDOW = 1_048_576;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const VERSION = 20;
/** Made on Unix, an ordinary file anyone may read. */
const MADE_BY = 0x0300 | VERSION;
const PLAIN_FILE = (0o100644 << 16) >>> 0;
/** The largest file, and the most entries, a ZIP without 64-bit fields can hold. */
export const LARGEST = 0xffff_ffff;
const MOST_ENTRIES = 0xffff;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1)
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** @param {Uint8Array} bytes */
export const crc32 = (bytes) => {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
};

/** It would not fit into one file. */
export class TooLarge extends Error {
  name = "TooLarge";
}

/** @param {number} size @param {(view: DataView) => void} fill */
const block = (size, fill) => {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
};

/** Two 16-bit numbers: the time and the day, as this device's clock shows them. @param {Date} when */
const dosTime = (when) => [
  (when.getHours() << 11) | (when.getMinutes() << 5) | (when.getSeconds() >> 1),
  (Math.max(0, when.getFullYear() - 1980) << 9) | ((when.getMonth() + 1) << 5) | when.getDate(),
];

/**
 * A thing to be put into a ZIP; its bytes lie in a Blob, which the browser keeps where it likes.
 * @typedef {{name: string, size: number, crc: number, body: Blob}} Load
 */

/** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @returns {Load} */
export const load = (name, bytes) => ({
  name,
  size: bytes.length,
  crc: crc32(bytes),
  body: new Blob([bytes]),
});

/** Puts loads one behind the other. */
export class ZipWriter {
  /** @type {Blob[]} */
  #parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #directory = [];
  #at = 0;
  #directorySize = 0;
  #time;
  #most;

  /** @param {Date} when @param {number} [most] bytes the whole file may have */
  constructor(when, most = LARGEST) {
    this.#time = dosTime(when);
    this.#most = most;
  }

  /** @param {Load} load @throws {TooLarge} and nothing was added */
  add({ name, size, crc, body }) {
    const told = encode(name);
    const whole =
      this.#at + LOCAL_SIZE + size + this.#directorySize + CENTRAL_SIZE + 2 * told.length;
    if (whole + END_SIZE > this.#most || this.#directory.length >= MOST_ENTRIES)
      throw new TooLarge();
    const shared = (/** @type {DataView} */ view, /** @type {number} */ at) => {
      view.setUint16(at, VERSION, true);
      view.setUint16(at + 2, FLAGS, true);
      view.setUint16(at + 6, this.#time[0], true);
      view.setUint16(at + 8, this.#time[1], true);
      view.setUint32(at + 10, crc, true);
      view.setUint32(at + 14, size, true);
      view.setUint32(at + 18, size, true);
      view.setUint16(at + 22, told.length, true);
    };
    const head = block(LOCAL_SIZE, (view) => {
      view.setUint32(0, LOCAL, true);
      shared(view, 4);
    });
    const listed = block(CENTRAL_SIZE, (view) => {
      view.setUint32(0, CENTRAL, true);
      view.setUint16(4, MADE_BY, true);
      shared(view, 6);
      view.setUint32(38, PLAIN_FILE, true);
      view.setUint32(42, this.#at, true);
    });
    this.#parts.push(new Blob([head, told, body]));
    this.#directory.push(listed, told);
    this.#at += LOCAL_SIZE + told.length + size;
    this.#directorySize += CENTRAL_SIZE + told.length;
  }

  /** The whole file. */
  finish() {
    const end = block(END_SIZE, (view) => {
      view.setUint32(0, END, true);
      view.setUint16(8, this.#directory.length / 2, true);
      view.setUint16(10, this.#directory.length / 2, true);
      view.setUint32(12, this.#directorySize, true);
      view.setUint32(16, this.#at, true);
    });
    return new Blob([...this.#parts, ...this.#directory, end], { type: "application/zip" });
  }
}

/**
 * Where an entry's bytes may lie; nothing here is believed before a hash agrees.
 * @typedef {{name: string, at: number, size: number, crc: number, stored: boolean}} Place
 */

/** @param {Blob} file @param {number} from @param {number} to */
const bytesOf = async (file, from, to) =>
  new Uint8Array(await file.slice(Math.max(0, from), Math.max(0, to)).arrayBuffer());

/** @param {Uint8Array<ArrayBuffer>} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What the central directory says; nothing where it is torn. @param {Blob} file @returns {Promise<Place[]>} */
export const listed = async (file) => {
  const tail = await bytesOf(file, file.size - END_SIZE - LONGEST_COMMENT, file.size);
  const view = viewOf(tail);
  let end = tail.length - END_SIZE;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) return [];
  const from = view.getUint32(end + 16, true);
  const size = Math.min(view.getUint32(end + 12, true), LARGEST_DIRECTORY);
  const directory = await bytesOf(file, from, from + size);
  const told = viewOf(directory);
  /** @type {Place[]} */
  const places = [];
  for (let at = 0; at + CENTRAL_SIZE <= directory.length; ) {
    if (told.getUint32(at, true) !== CENTRAL) break;
    const length = told.getUint16(at + 28, true);
    const name = decode(directory.slice(at + CENTRAL_SIZE, at + CENTRAL_SIZE + length));
    const local = told.getUint32(at + 42, true);
    const head = await bytesOf(file, local, local + LOCAL_SIZE);
    // A local header may carry fields of its own; a torn one is taken for one of ours, which has none.
    const whole = head.length === LOCAL_SIZE && viewOf(head).getUint32(0, true) === LOCAL;
    places.push({
      name,
      at: local + LOCAL_SIZE + length + (whole ? viewOf(head).getUint16(28, true) : 0),
      size: told.getUint32(at + 20, true),
      crc: told.getUint32(at + 16, true),
      stored: told.getUint16(at + 10, true) === 0,
    });
    at += CENTRAL_SIZE + length + told.getUint16(at + 30, true) + told.getUint16(at + 32, true);
  }
  return places;
};

/**
 * What local headers say, wherever they stand: for a file that was cut off or bent. Each is given
 * twice where its size does not reach just up to the next header: as it says, and up to there.
 * @param {Blob} file @param {(name: string) => boolean} known only such names are headers
 * @returns {Promise<Place[]>}
 */
export const scanned = async (file, known) => {
  /** @type {(Place & {from: number})[]} */
  const found = [];
  /** @type {number[]} where something else begins */
  const bounds = [];
  const overlap = LOCAL_SIZE + 200;
  for (let from = 0; from < file.size; from += WINDOW) {
    const bytes = await bytesOf(file, from, from + WINDOW + overlap);
    const view = viewOf(bytes);
    for (
      let at = bytes.indexOf(0x50);
      at >= 0 && at < WINDOW;
      at = bytes.indexOf(0x50, at + 1)
    ) {
      if (at + 4 > bytes.length) break;
      const sign = view.getUint32(at, true);
      if (sign === CENTRAL || sign === END) bounds.push(from + at);
      if (sign !== LOCAL || at + LOCAL_SIZE > bytes.length) continue;
      const length = view.getUint16(at + 26, true);
      const name = decode(bytes.slice(at + LOCAL_SIZE, at + LOCAL_SIZE + length));
      if (!known(name)) continue;
      bounds.push(from + at);
      found.push({
        name,
        from: from + at,
        at: from + at + LOCAL_SIZE + length + view.getUint16(at + 28, true),
        size: view.getUint32(at + 18, true),
        crc: view.getUint32(at + 14, true),
        stored: view.getUint16(at + 8, true) === 0,
      });
    }
  }
  return found.flatMap(({ from, ...place }) => {
    const next = bounds.find((bound) => bound > from) ?? file.size;
    const size = Math.max(0, next - place.at);
    return size === place.size ? [place] : [place, { ...place, size }];
  });
};

/** The bytes of a place, or fewer where the file ends. @param {Blob} file @param {Place} place */
export const bytesAt = (file, { at, size }) => bytesOf(file, at, at + size);
