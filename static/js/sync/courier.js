// Carries what the vault holds to the server and brings what others did, and keeps trying.
// It deletes nothing: a receipt is written down, the change stays.

import { canonical } from "../domain/canonical.js";
import { counts, Ledger } from "../vault/ledger.js";
import { batch, cursor, unsent, unsentChanges, unsentPhotos } from "./outbox.js";
import { sendPhotos } from "./parcels.js";
import { NoContact, Refused, Wire } from "./wire.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {{what: string, why: any, at: string}} Failure why: a code and perhaps {th, en} */
/**
 * @typedef {{online: "yes" | "no" | "unknown", sending: null | {what: "changes" | "photos", done: number, total: number},
 *   unsent: import("./outbox.js").Unsent, held: Entry[], failed: Failure[], lastContact: string | null,
 *   problem: null | "not-enrolled" | "signed-out", paused: null | "save-data",
 *   mismatch: {audit: string, head: number, here: any, there: any}[],
 *   stages: Record<string, {stage: string, pack: string | null, head: number, scorecard: any}>}} State
 */
/** @typedef {{fetch?: typeof fetch, locks?: LockManager, random?: () => number}} Means */

const SOON = 1_000;
const EVERY = 30_000;
const QUIET = 25_000;
const LIST_EVERY = 300_000;
const LONGEST = 60_000;
const MOST_FAILURES = 50;

export class Courier extends EventTarget {
  #fetch;
  #locks;
  #random;
  #off = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #running = null;
  #again = false;
  #tries = 0;
  #listed = 0;
  /** @type {Map<string, number>} how far each audit was pulled */
  #pulled = new Map();

  /** @param {Vault} vault @param {Means} [means] */
  constructor(vault, { fetch: fetcher, locks, random = Math.random } = {}) {
    super();
    this.vault = vault;
    this.#fetch = fetcher ?? ((input, init) => fetch(input, init));
    this.#locks = locks ?? navigator.locks;
    this.#random = random;
    this.wire = new Wire(this.#fetch);
    /** @type {State} */
    this.state = {
      online: "unknown",
      sending: null,
      unsent: unsent(vault),
      held: [],
      failed: [],
      lastContact: null,
      problem: null,
      paused: null,
      mismatch: [],
      stages: {},
    };
    this.#reckon();
  }

  /** Listen for reasons to go, and go. */
  start() {
    const { signal } = this.#off;
    const soon = () => this.#soon(SOON);
    this.vault.addEventListener(
      "entries",
      () => {
        this.#reckon();
        if (this.state.unsent.changes) soon();
      },
      { signal },
    );
    this.vault.addEventListener("photos", () => this.#reckon(), { signal });
    if (typeof document !== "undefined") {
      addEventListener("online", soon, { signal });
      addEventListener("offline", () => this.#tell({ online: "no" }), { signal });
      document.addEventListener(
        "visibilitychange",
        () => {
          if (document.visibilityState === "visible") soon();
        },
        { signal },
      );
    }
    const tick = setInterval(() => this.#tick(), EVERY);
    signal.addEventListener("abort", () => clearInterval(tick));
    this.#soon(0);
  }

  stop() {
    this.#off.abort();
    clearTimeout(this.#timer);
  }

  #tick() {
    const { changes, photos } = this.state.unsent;
    const visible = typeof document === "undefined" || document.visibilityState === "visible";
    const quiet = Date.now() - Date.parse(this.state.lastContact ?? "1970-01-01") > QUIET;
    if (changes || photos || (visible && quiet)) this.now();
  }

  /** @param {number} wait */
  #soon(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Go now; resolves when this round, and one asked for meanwhile, is over. @returns {Promise<void>} */
  now() {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    clearTimeout(this.#timer);
    this.#running = this.#locks
      .request(`sync-${this.vault.person}`, { ifAvailable: true }, async (lock) => {
        // Another tab is on its way with everything.
        if (!lock) return;
        do {
          this.#again = false;
          await this.#round();
        } while (this.#again);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  /** Send, fetch, and on any failure of the road come back later. */
  async #round() {
    try {
      this.wire.credentials = this.vault.device;
      if (!this.wire.credentials) return this.#tell({ problem: "not-enrolled" });
      await this.#list();
      await this.#changes();
      const paused = /** @type {any} */ (globalThis.navigator)?.connection?.saveData
        ? "save-data"
        : null;
      this.#tell({ paused });
      if (!paused) await this.#photos();
      this.fail("courier", null);
    } catch (error) {
      if (error instanceof Refused && error.signedOut) this.#tell({ problem: "signed-out" });
      else if (error instanceof NoContact) {
        this.#tell({ online: "no" });
        this.#later();
      } else {
        this.fail("courier", /** @type {Error} */ (error).message);
        this.#later();
      }
    } finally {
      this.#reckon({ sending: null });
    }
    return undefined;
  }

  #later() {
    const { changes, photos } = this.state.unsent;
    if (!changes && !photos) return;
    const wait = Math.min(LONGEST, 500 * 2 ** this.#tries) * (0.5 + this.#random() / 2);
    this.#tries += 1;
    if (!this.#off.signal.aborted) this.#soon(wait);
  }

  /** The audits of this person, kept for the day without network. */
  async #list() {
    if (Date.now() - this.#listed < LIST_EVERY) return;
    try {
      await this.refresh();
      this.fail("audits", null);
    } catch (error) {
      // Whoever may no longer see their audits may still hand in what they did.
      if (!(error instanceof Refused) || error.signedOut) throw error;
      this.fail("audits", { code: error.code, ...error.detail });
    }
  }

  /** Fetch the list of audits anew; record "audits" = {person, audits}. */
  async refresh() {
    this.wire.credentials = this.vault.device;
    const { person, audits, now } = await this.wire.ask("/api/sync/audits", (body) =>
      Array.isArray(body.audits),
    );
    this.#contact(now);
    this.#listed = Date.now();
    // `head` moves with every change; without it the record is written only when it says more.
    const steady = audits.map((/** @type {object} */ audit) => ({ ...audit, head: undefined }));
    await this.vault.setRecord("audits", JSON.stringify({ person, audits: steady }));
  }

  /** @param {string | undefined} now the server's time */
  #contact(now) {
    const here = Date.now();
    if (now) {
      const skew = here - Date.parse(now);
      const before = this.vault.skew;
      this.vault.skew = skew;
      if (before === null || Math.abs(skew - before) > 5_000) {
        this.vault.setRecord("skew", String(skew)).catch(() => {});
      }
    }
    this.#tell({
      online: "yes",
      problem: null,
      lastContact: new Date(here).toISOString(),
    });
  }

  /** Push and pull each audit; one that is refused does not stop the others. */
  async #changes() {
    const prepared = JSON.parse(this.vault.record("audits") ?? '{"audits":[]}')
      .audits.map((/** @type {{id: string}} */ audit) => audit.id)
      .filter((/** @type {string} */ id) => this.vault.prepared(id));
    for (const audit of new Set([...this.vault.audits(), ...prepared])) {
      try {
        await this.#push(audit);
        await this.pull(audit);
        this.fail(audit, null);
      } catch (error) {
        if (!(error instanceof Refused) || error.signedOut) throw error;
        this.fail(audit, { code: error.code, ...error.detail });
      }
    }
  }

  /** @param {string} audit */
  async #push(audit) {
    const own = this.vault.entries(audit).filter((entry) => entry.own);
    for (const device of new Set(own.map((entry) => entry.change.device))) {
      const mine = own.filter((entry) => entry.change.device === device);
      mine.sort((a, b) => a.change.n - b.change.n);
      await this.#pushFrom(audit, device, mine);
    }
  }

  /** @param {string} audit @param {string} device @param {Entry[]} mine */
  async #pushFrom(audit, device, mine) {
    const queue = mine.filter((entry) => entry.verdict === null);
    const sent = new Set();
    const total = queue.length;
    while (queue.length) {
      this.#tell({ sending: { what: "changes", done: sent.size, total } });
      const going = batch(queue);
      queue.splice(0, going.length);
      const { results, want, now } = await this.wire.post(
        "/api/sync/push",
        {
          device,
          audit,
          from: mine[0].change.n,
          upto: mine[mine.length - 1].change.n,
          changes: going.map((entry) => entry.line),
          now: new Date().toISOString(),
        },
        (body) => Array.isArray(body.results) && Array.isArray(body.want),
      );
      this.#contact(now);
      const asked = new Set(going.map((entry) => entry.change.id));
      const receipts = results.filter((/** @type {[string]} */ [id]) => asked.has(id));
      if (receipts.length < asked.size) throw new NoContact("a receipt is missing");
      await this.vault.mark(audit, receipts);
      for (const { change } of going) sent.add(change.id);
      for (const [first, last] of want) {
        const wanted = mine.filter(
          ({ change }) => change.n >= first && change.n <= last && !sent.has(change.id),
        );
        queue.push(...wanted.filter((entry) => !queue.includes(entry)));
      }
    }
  }

  /** Bring what others did. @param {string} audit */
  async pull(audit) {
    let after = Math.max(cursor(this.vault, audit), this.#pulled.get(audit) ?? 0);
    for (;;) {
      const page = await this.wire.ask(
        `/api/sync/pull?audit=${audit}&after=${after}&limit=500`,
        (body) => Array.isArray(body.changes) && Number.isInteger(body.next),
      );
      this.#contact(undefined);
      const { scorecard } = page;
      if (scorecard && scorecard.head < after) {
        // The server was restored from an older copy: its order begins anew.
        after = 0;
        this.#pulled.delete(audit);
        if (scorecard.head === 0) break;
        continue;
      }
      await this.vault.keepPulled(audit, page.changes);
      after = page.next;
      this.#pulled.set(audit, after);
      if (page.more) continue;
      const { stage, pack } = page;
      const told = { stage, pack, head: scorecard?.head ?? after, scorecard };
      this.#tell({ stages: { ...this.state.stages, [audit]: told } });
      if (scorecard) this.#compare(audit, scorecard);
      break;
    }
  }

  /** Where both hold the same changes, both must say the same. @param {string} audit @param {any} told */
  #compare(audit, { head, ...there }) {
    const others = this.state.mismatch.filter((one) => one.audit !== audit);
    const pack = this.vault.record(`pack:${this.vault.prepared(audit)}`);
    const entries = this.vault.entries(audit).filter(counts);
    const same = entries.length === head && entries.every(({ seq }) => seq && seq <= head);
    if (!pack || !same) return;
    const ledger = new Ledger(this.vault, JSON.parse(pack));
    const here = ledger.scorecard;
    ledger.close();
    const equal = canonical(here) === canonical(there);
    this.#tell({ mismatch: equal ? others : [...others, { audit, head, here, there }] });
  }

  async #photos() {
    await sendPhotos(this.vault, this.wire, {
      progress: (done, total) => this.#tell({ sending: { what: "photos", done, total } }),
      contact: () => this.#contact(undefined),
      fail: (what, why) => this.fail(what, why),
      // An answer never waits behind a photo.
      enough: () =>
        this.#again ||
        this.vault.audits().some((audit) => unsentChanges(this.vault, audit).length > 0),
    });
    if (unsentPhotos(this.vault).size) this.#later();
    else this.#tries = 0;
  }

  /** What went wrong, until it goes well. @param {string} what @param {any} why null: it is well */
  fail(what, why) {
    const failed = this.state.failed.filter((one) => one.what !== what);
    if (why === null && failed.length === this.state.failed.length) return;
    if (why !== null) failed.push({ what, why, at: new Date().toISOString() });
    this.#tell({ failed: failed.slice(-MOST_FAILURES) });
  }

  /** Make an audit ready for a place without network. @param {string} audit @param {(step: import("./prepare.js").Step) => void} [onStep] */
  async prepare(audit, onStep = () => {}) {
    // Only ever needed with network, so it does not weigh on opening the page.
    const { prepare } = await import("./prepare.js");
    this.wire.credentials = this.vault.device;
    return prepare(this, audit, onStep);
  }

  /** What waits and what is held, from the vault. @param {Partial<State>} [more] */
  #reckon(more = {}) {
    const held = this.vault
      .audits()
      .flatMap((audit) =>
        this.vault.entries(audit).filter((entry) => entry.verdict === "held"),
      );
    this.#tell({ unsent: unsent(this.vault), held, ...more });
  }

  /** @param {Partial<State>} news */
  #tell(news) {
    this.state = { ...this.state, ...news };
    this.dispatchEvent(new CustomEvent("state"));
  }
}
