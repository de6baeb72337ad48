// One audit's changes: what this phone has goes, what others did comes.

import { canonical } from "../domain/canonical.js";
import { counts, Ledger } from "../vault/ledger.js";
import { batch, cursor, MOST } from "./outbox.js";
import { NoContact } from "./wire.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {import("./wire.js").Wire} Wire */
/** @typedef {{stage: string, pack: string | null, head: number, scorecard: any}} Told */
/** @typedef {{audit: string, head: number, here: any, there: any}} Mismatch */
/**
 * @typedef {{contact(now?: string): void, sending(done: number, total: number): void,
 *   told(audit: string, told: Told, mismatch: Mismatch | null): void, again(): void}} Watch
 */

export class Exchange {
  /** Audits whose numbers the server was asked to look through since the app was opened. @type {Set<string>} */
  #checked = new Set();
  /** How far each audit was pulled. @type {Map<string, number>} */
  #pulled = new Map();

  /** @param {Vault} vault @param {Wire} wire @param {Watch} watch */
  constructor(vault, wire, watch) {
    this.vault = vault;
    this.wire = wire;
    this.watch = watch;
  }

  /** Ask again about everything: held changes, numbers the server may lack. */
  doubt() {
    this.#checked.clear();
  }

  /** @param {string} audit */
  seen(audit) {
    return this.#checked.has(audit);
  }

  /** @param {string} audit */
  async push(audit) {
    const anew = !this.#checked.has(audit);
    const own = this.vault.entries(audit).filter((entry) => entry.own);
    for (const device of new Set(own.map((entry) => entry.change.device))) {
      const mine = own.filter((entry) => entry.change.device === device);
      mine.sort((a, b) => a.change.n - b.change.n);
      await this.#pushFrom(audit, device, mine, anew);
    }
    this.#checked.add(audit);
  }

  /**
   * @param {string} audit
   * @param {string} device
   * @param {Entry[]} mine every change this device made, by number
   * @param {boolean} anew held ones too, and a push without lines: a restored server says what it lacks
   */
  async #pushFrom(audit, device, mine, anew) {
    const queue = mine.filter(
      ({ verdict }) => verdict === null || (anew && verdict === "held"),
    );
    if (!queue.length && !anew) return;
    const sent = new Set();
    let most = MOST;
    let lost = false;
    do {
      if (queue.length) this.watch.sending(sent.size, sent.size + queue.length);
      const going = batch(queue, most);
      const message = {
        device,
        audit,
        from: mine[0].change.n,
        upto: mine[mine.length - 1].change.n,
        changes: going.map((entry) => entry.line),
        now: new Date().toISOString(),
      };
      let answer;
      try {
        answer = await this.wire.post(
          "/api/sync/push",
          message,
          (body) => Array.isArray(body.results) && Array.isArray(body.want),
        );
      } catch (error) {
        // Some proxy on the way takes less than our server does.
        if (/** @type {any} */ (error).status !== 413 || going.length < 2) throw error;
        most = Math.ceil(going.length / 2);
        continue;
      }
      const { results, want, now } = answer;
      this.watch.contact(now);
      const asked = new Map(going.map((entry) => [entry.change.id, entry]));
      const receipts = results.filter((/** @type {[string]} */ [id]) => asked.has(id));
      if (receipts.length < asked.size) throw new NoContact("stranger");
      for (const [id, verdict] of receipts)
        if (verdict === "kept" && asked.get(id)?.seq) lost = true;
      await this.vault.mark(audit, receipts);
      queue.splice(0, going.length);
      for (const id of asked.keys()) sent.add(id);
      for (const [first, last] of want) {
        const wanted = mine.filter(
          ({ change: { n, id } }) => n >= first && n <= last && !sent.has(id),
        );
        queue.push(...wanted.filter((entry) => !queue.includes(entry)));
      }
    } while (queue.length);
    if (lost) await this.#restored(audit);
  }

  /** Bring what others did. @param {string} audit */
  async pull(audit) {
    let after = this.#pulled.get(audit) ?? cursor(this.vault, audit);
    for (;;) {
      const page = await this.wire.ask(
        `/api/sync/pull?audit=${audit}&after=${after}&limit=500`,
        (body) => Array.isArray(body.changes) && Number.isInteger(body.next),
      );
      this.watch.contact();
      const { scorecard, stage, pack, more, next } = page;
      if (scorecard && scorecard.head < after) {
        await this.#restored(audit);
        after = 0;
        continue;
      }
      await this.vault.keepPulled(audit, page.changes);
      this.#pulled.set(audit, next);
      if (more && next > after) {
        after = next;
        continue;
      }
      const told = { stage, pack, head: scorecard?.head ?? next, scorecard };
      this.watch.told(audit, told, scorecard ? compare(this.vault, audit, scorecard) : null);
      return;
    }
  }

  /** The server came back from an older copy: its order began anew, and what it had is asked for again. @param {string} audit */
  async #restored(audit) {
    this.#pulled.set(audit, 0);
    this.#checked.delete(audit);
    await this.vault.setRecord(`restored:${audit}`, new Date().toISOString());
    for (const { own, change } of this.vault.entries(audit))
      if (
        own &&
        change.kind === "photo" &&
        this.vault.photoState(change.value.sha256) === "received"
      )
        await this.vault.markPhoto(change.value.sha256, "here");
    this.watch.again();
  }
}

/**
 * Where both hold the same changes and the same edition, both must say the same.
 * @param {Vault} vault @param {string} audit @param {any} told @returns {Mismatch | null}
 */
const compare = (vault, audit, { head, ...there }) => {
  const pack = vault.record(`pack:${vault.prepared(audit)}`);
  const entries = vault.entries(audit).filter(counts);
  const same = entries.length === head && entries.every(({ seq }) => seq && seq <= head);
  if (!pack || !same) return null;
  const ledger = new Ledger(vault, JSON.parse(pack));
  const here = ledger.scorecard;
  ledger.close();
  if (here.edition.sha256 !== there.edition.sha256) return null;
  return canonical(here) === canonical(there) ? null : { audit, head, here, there };
};
