// The lines of the journal: one letter, a space, exact bytes. See docs/device-storage.md.

import { changeLine } from "../domain/change.js";
import { encode, sha256 } from "../helpers/bytes.js";

/** @typedef {import("../domain/change.js").Change} Change */
/** @typedef {import("../domain/change.js").Draft} Draft */
/**
 * @typedef {{kind: "C" | "P" | "I", change: Change, line: string, seq: number | null}} ChangeItem
 * @typedef {{kind: "A" | "R", data: any}} DataItem
 * @typedef {{kind: "S", id: string, kid: string, sig: string}} SignatureItem
 * @typedef {{kind: "?"}} UnknownItem a line of a newer release: carried
 * @typedef {ChangeItem | DataItem | SignatureItem | UnknownItem} Item
 */
/** @typedef {{n: number, line: string, sum?: Promise<string>}} Last a device's newest line of an audit */
/** @typedef {{last?: Last, lam?: number, rev?: number}} Floor what the asker already knows of */
/**
 * What to write: a draft to be numbered, a record or receipt to be dated, or a line as it is.
 * @typedef {{draft: Draft, floor?: Floor} | {kind: "A" | "R", data: object, floor?: Floor}
 *   | {raw: string}} Order
 */

const SIGNATURE = /^S (\S+) ([0-9a-f]{32}) ([\w-]{86})$/;

/** @param {string} raw @returns {Item | null} null for a torn line */
export const readLine = (raw) => {
  const text = raw.slice(2);
  try {
    switch (raw.slice(0, 2)) {
      case "C ":
      case "I ":
        return {
          kind: raw[0] === "C" ? "C" : "I",
          change: JSON.parse(text),
          line: text,
          seq: null,
        };
      case "P ": {
        const space = text.indexOf(" ");
        const line = text.slice(space + 1);
        return { kind: "P", change: JSON.parse(line), line, seq: Number(text.slice(0, space)) };
      }
      case "A ":
      case "R ":
        return { kind: raw[0] === "A" ? "A" : "R", data: JSON.parse(text) };
      case "S ": {
        const [, id, kid, sig] = SIGNATURE.exec(raw) ?? [];
        return id ? { kind: "S", id, kid, sig } : null;
      }
      default:
        return /^[A-Z] /.test(raw) ? { kind: "?" } : null;
    }
  } catch {
    return null;
  }
};

/** The same line has the same key, so that writing it again changes nothing. @param {string} raw @param {Item} item */
export const keyOf = (raw, item) => {
  if ("change" in item) return `${item.kind} ${item.change.id}`;
  if (item.kind === "S") return `S ${item.id} ${item.kid}`;
  if (item.kind === "R") return `R ${item.data.name}`;
  return item.kind === "A" ? `A ${item.data.rev}` : raw;
};

/** As far as a server lets `lam` run ahead of all that it has kept. */
const AHEAD = 1_000_000;

/** Counts what was seen, and so knows the next number and what it follows. */
export class Tally {
  /** @type {Map<string, Last>} */
  #last = new Map();
  /** @type {Map<string, number>} */
  #lam = new Map();
  /** The same without what a file brought. @type {Map<string, number>} */
  #sure = new Map();
  #rev = 0;

  /** A second counter, for numbers that may come to nothing: only what was kept is counted. */
  copy() {
    const other = new Tally();
    other.#last = new Map(this.#last);
    other.#lam = new Map(this.#lam);
    other.#sure = new Map(this.#sure);
    other.#rev = this.#rev;
    return other;
  }

  /** @param {Item} item */
  see(item) {
    if ("change" in item) {
      const { audit, device, n, lam } = item.change;
      const key = audit + device;
      const before = this.#last.get(key)?.n ?? 0;
      const sure = this.#sure.get(audit) ?? 0;
      // A number beyond exact counting is somebody's mistake, not something to count on from; nor
      // is one in a file that no server would take: whoever wrote it could stop this phone for good.
      const counts = (/** @type {number} */ number, /** @type {number} */ known) =>
        Number.isSafeInteger(number + 1) && (item.kind !== "I" || number < known + AHEAD);
      // The server's word about a number given twice is the one the next line has to follow.
      if ((n > before && counts(n, before)) || (n === before && item.kind === "P"))
        this.#last.set(key, { n, line: item.line });
      if (!counts(lam, sure)) return;
      this.#lam.set(audit, Math.max(this.#lam.get(audit) ?? 0, lam));
      if (item.kind !== "I") this.#sure.set(audit, Math.max(sure, lam));
    } else if ("data" in item) {
      this.#rev = Math.max(this.#rev, item.data.rev ?? 0);
    }
  }

  /** What is known where this order goes. @param {Order} order @returns {Floor} */
  floor(order) {
    if (!("draft" in order)) return { rev: this.#rev };
    const { audit, device } = order.draft;
    const last = this.#last.get(audit + device);
    return {
      last: last && { n: last.n, line: last.line },
      lam: this.#lam.get(audit) ?? 0,
    };
  }

  /** The line for an order, counted at once. @param {Order} order */
  async make(order) {
    const raw = await this.#line(order);
    const item = readLine(raw);
    if (item) this.see(item);
    return raw;
  }

  /** The line that this one will follow is summed ahead of need. @param {Order} order */
  ahead(order) {
    if (!("draft" in order)) return;
    const last = this.#last.get(order.draft.audit + order.draft.device);
    if (last) sumOf(last).catch(() => {});
  }

  /** @param {Order} order */
  async #line(order) {
    if ("raw" in order) return order.raw;
    const next = (/** @type {number} */ known, /** @type {number | undefined} */ told) =>
      1 + Math.max(known, told ?? 0);
    if (!("draft" in order))
      return `${order.kind} ${JSON.stringify({ rev: next(this.#rev, order.floor?.rev), ...order.data })}`;
    const { draft, floor } = order;
    const known = this.#last.get(draft.audit + draft.device);
    const last = (floor?.last?.n ?? 0) > (known?.n ?? 0) ? floor?.last : known;
    const lam = next(this.#lam.get(draft.audit) ?? 0, floor?.lam);
    return `C ${changeLine(draft, (last?.n ?? 0) + 1, last ? await sumOf(last) : null, lam)}`;
  }
}

/** @param {Last} last */
const sumOf = (last) => {
  last.sum ??= sha256(encode(last.line));
  return last.sum;
};
