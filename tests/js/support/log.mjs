// A log like the server's, written from RFC 6962 and for tests only.
import { createHash } from "node:crypto";

/** @param {...(Uint8Array | string)} pieces */
const sum = (...pieces) => {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
};

/** @param {string} entry */
const leafHash = (entry) => sum(Uint8Array.of(0), entry);

/** The largest power of two below a size. @param {number} size */
const split = (size) => {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
};

/** @param {Buffer[]} leaves @returns {Buffer} */
const root = (leaves) => {
  if (!leaves.length) return sum();
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return sum(Uint8Array.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)));
};

/** @param {number} m @param {Buffer[]} leaves @param {boolean} whole @returns {Buffer[]} */
const subproof = (m, leaves, whole) => {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
};

export class FakeLog {
  /** @type {Buffer[]} */
  leaves = [];
  epoch = 1;
  /** @type {any[]} */
  epochs = [];

  /** @param {string} entry @returns {number} its place */
  add(entry) {
    this.leaves.push(leafHash(entry));
    return this.leaves.length - 1;
  }

  copy() {
    const other = new FakeLog();
    other.leaves = [...this.leaves];
    other.epoch = this.epoch;
    other.epochs = [...this.epochs];
    return other;
  }

  /** What follows does not continue what others may have seen. @param {string} reason @param {number} [number] */
  begin(reason, number = this.epoch + 1) {
    const started_at = new Date().toISOString();
    const size = this.leaves.length;
    this.epochs.push({
      number,
      started_at,
      reason,
      size,
      root: root(this.leaves).toString("hex"),
    });
    this.epoch = number;
    this.add(`gecc/1 epoch\n${number}\n${started_at}\n${reason}\n`);
  }

  /** The field of an answer. @param {{epoch: number, size: number} | null} seen @param {[string, number][]} [leaves] */
  told(seen, leaves) {
    const size = this.leaves.length;
    const provable = seen && seen.epoch === this.epoch && seen.size > 0 && seen.size < size;
    return {
      checkpoint: `gecc.local/log/${this.epoch}\n${size}\n${root(this.leaves).toString("base64")}\n\n— gecc.local/log/${this.epoch} AAAAAAAA\n`,
      epoch: this.epoch,
      epochs: this.epochs,
      ...(leaves && { leaves }),
      consistency: provable
        ? subproof(seen.size, this.leaves, true).map((hash) => hash.toString("hex"))
        : null,
    };
  }
}
