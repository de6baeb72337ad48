// The lines of the journal: one letter, a space, exact bytes. See docs/device-storage.md.

import { changeLine } from "../domain/change.js";

/** @typedef {import("../domain/change.js").Change} Change */
/** @typedef {import("../domain/change.js").Draft} Draft */
/**
 * @typedef {{kind: "C" | "P", change: Change, line: string, seq: number | null}} ChangeItem
 * @typedef {{kind: "A" | "R", data: any}} DataItem
 * @typedef {{kind: "?"}} UnknownItem a line of a newer release: carried
 * @typedef {ChangeItem | DataItem | UnknownItem} Item
 */
/** @typedef {{n?: number, lam?: number, rev?: number}} Floor what the asker already knows of */
/**
 * What to write: a draft to be numbered, a record or receipt to be dated, or a line as it is.
 * @typedef {{draft: Draft, floor?: Floor} | {kind: "A" | "R", data: object, floor?: Floor}
 *   | {raw: string}} Order
 */

/** @param {string} raw @returns {Item | null} null for a torn line */
export const readLine = (raw) => {
  const text = raw.slice(2);
  try {
    switch (raw.slice(0, 2)) {
      case "C ":
        return { kind: "C", change: JSON.parse(text), line: text, seq: null };
      case "P ": {
        const space = text.indexOf(" ");
        const line = text.slice(space + 1);
        return { kind: "P", change: JSON.parse(line), line, seq: Number(text.slice(0, space)) };
      }
      case "A ":
      case "R ":
        return { kind: raw[0] === "A" ? "A" : "R", data: JSON.parse(text) };
      default:
        return /^[A-Z] /.test(raw) ? { kind: "?" } : null;
    }
  } catch {
    return null;
  }
};

/** The same line has the same key, so that writing it again changes nothing. @param {string} raw @param {Item} item */
export const keyOf = (raw, item) => {
  if (item.kind === "C" || item.kind === "P") return `${item.kind} ${item.change.id}`;
  if (item.kind === "R") return `R ${item.data.name}`;
  return item.kind === "A" ? `A ${item.data.rev}` : raw;
};

/** Counts what was seen, and so knows the next number. */
export class Tally {
  /** @type {Map<string, number>} */
  #n = new Map();
  /** @type {Map<string, number>} */
  #lam = new Map();
  #rev = 0;

  /** A second counter, for numbers that may come to nothing: only what was kept is counted. */
  copy() {
    const other = new Tally();
    other.#n = new Map(this.#n);
    other.#lam = new Map(this.#lam);
    other.#rev = this.#rev;
    return other;
  }

  /** @param {Item} item */
  see(item) {
    if (item.kind === "C" || item.kind === "P") {
      const { audit, device, n, lam } = item.change;
      const key = audit + device;
      this.#n.set(key, Math.max(this.#n.get(key) ?? 0, n));
      // A number beyond exact counting is somebody's mistake, not something to count on from.
      if (Number.isSafeInteger(lam + 1))
        this.#lam.set(audit, Math.max(this.#lam.get(audit) ?? 0, lam));
    } else if ("data" in item) {
      this.#rev = Math.max(this.#rev, item.data.rev ?? 0);
    }
  }

  /** What is known where this order goes. @param {Order} order @returns {Floor} */
  floor(order) {
    if (!("draft" in order)) return { rev: this.#rev };
    const { audit, device } = order.draft;
    return { n: this.#n.get(audit + device) ?? 0, lam: this.#lam.get(audit) ?? 0 };
  }

  /** The line for an order, counted at once. @param {Order} order */
  make(order) {
    const raw = this.#line(order);
    const item = readLine(raw);
    if (item) this.see(item);
    return raw;
  }

  /** @param {Order} order */
  #line(order) {
    if ("raw" in order) return order.raw;
    const known = this.floor(order);
    const next = (/** @type {"n" | "lam" | "rev"} */ name) =>
      1 + Math.max(known[name] ?? 0, order.floor?.[name] ?? 0);
    return "draft" in order
      ? `C ${changeLine(order.draft, next("n"), next("lam"))}`
      : `${order.kind} ${JSON.stringify({ rev: next("rev"), ...order.data })}`;
  }
}
