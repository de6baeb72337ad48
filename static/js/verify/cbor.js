// The little of CBOR (RFC 8949) that certificates use, read strictly: one spelling of each value.
// Lengths are definite, heads as short as they can be, keys of a map in ascending order of their
// bytes, each once; nothing may follow. What is written otherwise is not ours and is not read.

/** @typedef {number | string | Uint8Array | Value[] | Map<Value, Value> | Tagged} Value */

export class Tagged {
  /** @param {number} tag @param {Value} value */
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

const DEEPEST = 4;
const strictly = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** @param {number} length */
  take(length) {
    if (length > this.bytes.length - this.at) throw new RangeError("cut short");
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  /** The number in a head, written as short as it can be. @param {number} extra the low five bits */
  count(extra) {
    if (extra < 24) return extra;
    if (extra > 27) throw new RangeError("no definite length");
    const length = 1 << (extra - 24);
    // In floating point, so that eight bytes are not cut to 32 bits.
    const value = this.take(length).reduce((sum, byte) => sum * 256 + byte, 0);
    const least = [24, 0x100, 0x1_0000, 0x1_0000_0000][extra - 24];
    if (value < least || !Number.isSafeInteger(value)) throw new RangeError("not the shortest");
    return value;
  }

  /** @param {number} depth @returns {Value} */
  value(depth = 0) {
    if (depth > DEEPEST) throw new RangeError("too deep");
    const [head] = this.take(1);
    const count = this.count(head & 31);
    switch (head >> 5) {
      case 0:
        return count;
      case 1:
        return -1 - count;
      case 2:
        return this.take(count);
      case 3:
        return strictly.decode(this.take(count));
      case 4:
        return this.list(count, depth);
      case 5:
        return this.map(count, depth);
      case 6:
        return new Tagged(count, this.value(depth + 1));
      default:
        throw new RangeError("a kind that certificates do not use");
    }
  }

  /** @param {number} count @param {number} depth */
  list(count, depth) {
    /** @type {Value[]} */
    const items = [];
    while (items.length < count) items.push(this.value(depth + 1));
    return items;
  }

  /** @param {number} count @param {number} depth */
  map(count, depth) {
    /** @type {Map<Value, Value>} */
    const map = new Map();
    let before = new Uint8Array();
    for (let n = 0; n < count; n++) {
      const from = this.at;
      const key = this.value(depth + 1);
      const written = this.bytes.slice(from, this.at);
      if (n && compare(before, written) >= 0) throw new RangeError("keys out of order");
      before = written;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }
}

/** Bytewise, as RFC 8949 section 4.2.1 sorts keys. @param {Uint8Array} a @param {Uint8Array} b */
const compare = (a, b) => {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
};

/** @param {Uint8Array} a @param {Uint8Array} b */
export const same = (a, b) => compare(a, b) === 0;

/**
 * @param {Uint8Array} bytes
 * @returns {Value}
 * @throws {RangeError | TypeError} for anything that `encode` would not have written
 */
export const decode = (bytes) => {
  const reader = new Reader(bytes);
  const value = reader.value();
  // The second look: whatever the reader let pass, what it read must be written just so.
  if (reader.at !== bytes.length || !same(encode(value), bytes))
    throw new RangeError("not the one spelling");
  return value;
};

/** @param {number} kind @param {number} count */
const head = (kind, count) => {
  if (count < 24) return [(kind << 5) | count];
  const length = count < 0x100 ? 1 : count < 0x1_0000 ? 2 : count < 0x1_0000_0000 ? 4 : 8;
  const bytes = new Array(length);
  for (let [i, rest] = [length - 1, count]; i >= 0; i--, rest = Math.floor(rest / 256))
    bytes[i] = rest % 256;
  return [(kind << 5) | (24 + Math.log2(length)), ...bytes];
};

/** @param {Iterable<number>[]} parts */
const join = (parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** The bytes of a value, in their one spelling. @param {Value} value @returns {Uint8Array<ArrayBuffer>} */
export const encode = (value) => {
  if (typeof value === "number")
    return Uint8Array.from(value < 0 ? head(1, -1 - value) : head(0, value));
  if (typeof value === "string") {
    const bytes = encoder.encode(value);
    return join([head(3, bytes.length), bytes]);
  }
  if (value instanceof Uint8Array) return join([head(2, value.length), value]);
  if (value instanceof Tagged) return join([head(6, value.tag), encode(value.value)]);
  if (Array.isArray(value)) return join([head(4, value.length), ...value.map(encode)]);
  const pairs = [...value].map(([key, each]) => [encode(key), encode(each)]);
  pairs.sort(([one], [other]) => compare(one, other));
  return join([head(5, pairs.length), ...pairs.flat()]);
};
