// What the lines mean: entries, records, photos. Taking the same line twice changes nothing.

import { withBytes } from "../domain/files.js";
import { readLine, Tally } from "./journal.js";

/** @typedef {import("../domain/change.js").Change} Change */
/** @typedef {import("./journal.js").Item} Item */
/**
 * @typedef {{line: string, change: Change, own: boolean, carried: boolean, seq: number | null,
 *   verdict: null | "kept" | "known" | "held", reason: any, saved: "both" | "one",
 *   leaf: number | null}} Entry carried: made by another device, taken in here; leaf: its place in the
 *   server's log
 */
/** @typedef {"here" | "received" | "archived" | "refused" | "lost" | "remote"} PhotoState */

export class Shelf {
  tally = new Tally();
  /** @type {Map<string, Map<string, Entry>>} audit, then change id */
  #entries = new Map();
  /** @type {Map<string, Entry[]>} the same in order, until something is added */
  #sorted = new Map();
  /** @type {Map<string, {rev: number, text: string}>} */
  records = new Map();
  /** @type {Map<string, {rev: number, state: PhotoState, reason: any}>} */
  photos = new Map();
  /** @type {Set<string>} photos taken and files attached on this device */
  taken = new Set();

  /** Signatures of a change, oldest first. @type {Map<string, [kid: string, sig: string][]>} */
  signatures = new Map();

  /** The audits this device holds changes of. */
  audits() {
    return [...this.#entries.keys()];
  }

  /** @param {string} audit @param {string} id */
  entry(audit, id) {
    return this.#entries.get(audit)?.get(id);
  }

  /** Oldest first, as far as anyone can say; to be read, not changed. @param {string} audit */
  entries(audit) {
    let sorted = this.#sorted.get(audit);
    if (!sorted) {
      sorted = [...(this.#entries.get(audit)?.values() ?? [])].sort(
        ({ change: a }, { change: b }) => a.lam - b.lam || (a.id < b.id ? -1 : 1),
      );
      this.#sorted.set(audit, sorted);
    }
    return sorted;
  }

  /** @param {string} raw */
  take(raw) {
    const item = readLine(raw);
    if (item) this.absorb(item);
  }

  /** Taking the same line twice changes nothing. @param {Item} item */
  absorb(item) {
    this.tally.see(item);
    if ("change" in item) this.#absorbChange(item);
    else if (item.kind === "S") this.#absorbSignature(item);
    else if (item.kind === "R") {
      const { name, rev, text } = item.data;
      if (rev >= (this.records.get(name)?.rev ?? 0)) this.records.set(name, { rev, text });
    } else if (item.kind === "A") this.#absorbReceipt(item.data);
  }

  /** @param {import("./journal.js").ChangeItem} item */
  #absorbChange({ kind, change, line, seq }) {
    let audit = this.#entries.get(change.audit);
    if (!audit) {
      audit = new Map();
      this.#entries.set(change.audit, audit);
    }
    let entry = audit.get(change.id);
    if (!entry) {
      entry = {
        line,
        change,
        own: false,
        carried: false,
        seq,
        verdict: null,
        reason: null,
        saved: "both",
        leaf: null,
      };
      audit.set(change.id, entry);
      this.#sorted.delete(change.audit);
    }
    if (kind === "P") {
      entry.seq = seq;
      entry.verdict = "kept";
      return;
    }
    entry.own ||= kind === "C";
    entry.carried = !entry.own;
    if (entry.own && withBytes(change.kind)) this.taken.add(change.value.sha256);
  }

  /** @param {import("./journal.js").SignatureItem} item */
  #absorbSignature({ id, kid, sig }) {
    const others = (this.signatures.get(id) ?? []).filter(([each]) => each !== kid);
    this.signatures.set(id, [...others, [kid, sig]]);
  }

  /** @param {any} data */
  #absorbReceipt({ rev, audit, results, leaves, photo, state, reason }) {
    if (photo && rev >= (this.photos.get(photo)?.rev ?? 0)) {
      this.photos.set(photo, { rev, state, reason });
    }
    for (const [id, verdict, seq, why] of results ?? []) {
      const entry = this.entry(audit, id);
      if (!entry) continue;
      entry.verdict = verdict;
      entry.seq = seq ?? entry.seq;
      entry.reason = why ?? null;
    }
    for (const [id, leaf] of leaves ?? []) {
      const entry = this.entry(audit, id);
      if (entry) entry.leaf = leaf;
    }
  }
}
