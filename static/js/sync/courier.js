// Carries what the vault holds to the server and brings what others did, and keeps trying.
// It deletes nothing: a receipt is written down, the change stays.

import { Exchange } from "./exchange.js";
import { enrolKey } from "./keys.js";
import { Log } from "./log.js";
import { held, unsent, unsentPhotos } from "./outbox.js";
import { clock, Pace, SOON } from "./pace.js";
import { askArchived, sendPhotos } from "./parcels.js";
import { Report } from "./report.js";
import { pending } from "./told.js";
import { NoContact, Refused, Wire } from "./wire.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {{fetch?: typeof fetch, locks?: LockManager, random?: () => number}} Means */

const LIST_EVERY = 300_000;
const ARCHIVED_EVERY = 1_800_000;

export class Courier extends Report {
  #locks;
  #pace;
  #exchange;
  /** @type {Promise<void> | null} */
  #running = null;
  #again = false;
  /** Visits of other years too, once. */
  #everywhere = false;
  /** A person said now: neither a saver of data nor an earlier no stands in the way. */
  #insist = false;
  #listed = Number.NEGATIVE_INFINITY;
  /** When the server was asked last what lies in its backups. */
  #asked = Number.NEGATIVE_INFINITY;
  /** Photos that somebody works on. @type {Set<string>} */
  #paused = new Set();
  /** What the server stumbled over in this round. @type {NoContact | null} */
  #trouble = null;

  /** @param {Vault} vault @param {Means} [means] */
  constructor(vault, { fetch: fetcher, locks, random = Math.random } = {}) {
    super(vault);
    this.#locks = locks ?? navigator.locks;
    this.#pace = new Pace(
      () => this.now(),
      () => this.state.unsent.changes + this.state.unsent.photos > 0,
      random,
    );
    this.wire = new Wire(fetcher ?? ((input, init) => fetch(input, init)));
    const log = new Log(vault, {
      log: () => this.tell({ log: log.state }),
      restored: () => this.#exchange.restored(),
    });
    this.#exchange = new Exchange(vault, this.wire, log, {
      contact: (now) => this.contact(now),
      sending: (done, total) => this.tell({ sending: { what: "changes", done, total } }),
      told: (audit, told, mismatch) => this.told(audit, told, mismatch),
      again: () => {
        this.#again = true;
      },
    });
    this.state.log = log.state;
  }

  /** Listen for reasons to go, and go. */
  start() {
    const signal = this.#pace.start(() => this.tell({ online: "no", why: "offline" }));
    this.vault.addEventListener(
      "entries",
      () => {
        this.reckon();
        if (this.state.unsent.changes) this.#pace.soon(SOON);
      },
      { signal },
    );
    this.vault.addEventListener("photos", () => this.reckon(), { signal });
  }

  stop() {
    this.#pace.stop();
  }

  /** @param {string | undefined} now the server's time */
  contact(now) {
    this.#pace.heard();
    super.contact(now);
  }

  /** A person says now: what was held goes again, and photos go whatever they cost. */
  sendAll() {
    this.#exchange.doubt();
    this.#asked = Number.NEGATIVE_INFINITY;
    this.#insist = true;
    return this.now();
  }

  /** A photo that is being worked on stays here meanwhile. @param {string} sha */
  pause(sha) {
    this.#paused.add(sha);
  }

  /** @param {string} sha */
  resume(sha) {
    if (this.#paused.delete(sha)) this.#pace.soon(SOON);
  }

  /** Go now; resolves when this round, and one asked for meanwhile, is over. @returns {Promise<void>} */
  now() {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#pace.rest();
    this.#running = this.#locks
      .request(`sync-${this.vault.person}`, { ifAvailable: true }, async (lock) => {
        // Another tab is on its way with everything.
        if (!lock) return;
        do {
          this.#again = false;
          await this.#round();
        } while (this.#again);
        this.#insist = false;
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
      if (!this.wire.credentials) return this.tell({ problem: "not-enrolled" });
      this.#trouble = null;
      await this.#key();
      await this.#changes();
      await this.#list();
      const waiting = this.#settling();
      await this.#photos();
      await this.#settled(waiting);
      await this.#archived();
      if (this.#trouble) throw this.#trouble;
      this.fail("courier", null);
      this.#pace.free();
      // What is left after a good round will not go at once.
      if (unsentPhotos(this.vault).size) this.#pace.later();
      else this.#pace.well();
    } catch (error) {
      if (error instanceof Refused)
        this.tell({ online: "yes", why: null, problem: "signed-out" });
      else {
        const lost = error instanceof NoContact;
        if (!lost) this.fail("courier", /** @type {Error} */ (error).message);
        else if (globalThis.navigator?.onLine === false)
          this.tell({ online: "no", why: "offline" });
        else this.tell({ online: "no", why: error.why });
        this.#pace.later(lost ? error.wait : 0);
      }
    } finally {
      this.reckon({ sending: null });
    }
    return undefined;
  }

  /**
   * A no to one thing, a server that stumbles over it or has put too much of it aside, stops that
   * thing alone; no contact and a key that is no good stop the round.
   * @param {string} what @param {unknown} error
   */
  #stumbled(what, error) {
    if (error instanceof NoContact) {
      if (error.status !== 500 && error.code !== "push.too-many-held") throw error;
      this.#trouble = error;
    } else if (error instanceof Refused && error.signedOut) throw error;
    const { code, detail, message } = /** @type {any} */ (error);
    this.fail(what, code ? { code, ...detail } : message);
  }

  async #key() {
    try {
      await enrolKey(this.vault, this.wire);
      this.fail("signing", null);
    } catch (error) {
      this.#stumbled("signing", error);
    }
  }

  /** When the app is opened, and then now and then. */
  async #archived() {
    if (this.#again || clock() - this.#asked < ARCHIVED_EVERY) return;
    try {
      if (await this.#exchange.log.movedOn(this.wire)) {
        this.#exchange.doubt();
        this.#everywhere = this.#again = true;
        return;
      }
      await askArchived(this.vault, this.wire);
    } catch (error) {
      // A server of an earlier release knows nothing of backups.
      if (!(error instanceof Refused) || error.signedOut) throw error;
    }
    this.#asked = clock();
  }

  /** The audits of this person, kept for the day without network. */
  async #list() {
    if (clock() - this.#listed < LIST_EVERY) return;
    try {
      await this.refresh();
      this.fail("audits", null);
    } catch (error) {
      // Whoever may no longer see their audits may still hand in what they did.
      this.#stumbled("audits", error);
    }
  }

  /** Fetch the list of audits anew; record "audits" = {person, audits}. */
  async refresh() {
    this.wire.credentials = this.vault.device;
    const { person, audits, now } = await this.wire.ask("/api/sync/audits", (body) =>
      Array.isArray(body.audits),
    );
    this.contact(now);
    this.#listed = clock();
    // `head` moves with every change; without it the record is written only when it says more.
    const steady = audits.map((/** @type {object} */ audit) => ({ ...audit, head: undefined }));
    await this.vault.setRecord("audits", JSON.stringify({ person, audits: steady }));
  }

  /**
   * Push and pull each audit; one that is refused does not stop the others. What waits goes first;
   * visits of other years, with nothing left to say, are left alone unless a person asks.
   */
  async #changes() {
    const { vault } = this;
    /** @type {string[]} */
    const listed = JSON.parse(vault.record("audits") ?? '{"audits":[]}').audits.map(
      (/** @type {{id: string}} */ audit) => audit.id,
    );
    const here = vault.audits();
    const waiting = here.filter((id) => unsent(vault, [id]).changes);
    const open = listed.filter((id) => here.includes(id) || vault.prepared(id));
    const aside = here.filter(
      (id) =>
        this.#insist ||
        this.#everywhere ||
        held(vault, [id]).length ||
        this.#exchange.offers(id),
    );
    this.#everywhere = false;
    for (const audit of new Set([...waiting, ...open, ...aside])) {
      try {
        const due = listed.includes(audit) || !this.#exchange.seen(audit);
        await this.#exchange.push(audit);
        if (due) await this.pull(audit);
        this.fail(audit, null);
      } catch (error) {
        this.#stumbled(audit, error);
      }
    }
  }

  /** Bring what others did. @param {string} audit */
  pull(audit) {
    this.wire.credentials = this.vault.device;
    return this.#exchange.pull(audit);
  }

  /** Submissions that wait for photos from here. */
  #settling() {
    return this.vault
      .audits()
      .filter((id) => pending(this.vault, id) && unsentPhotos(this.vault, [id]).size);
  }

  /** What waited for photos has taken effect with the last of them: hear it now. @param {string[]} waiting */
  async #settled(waiting) {
    for (const audit of waiting) {
      if (unsentPhotos(this.vault, [audit]).size) continue;
      await this.pull(audit).catch((error) => this.#stumbled(audit, error));
    }
  }

  async #photos() {
    const dear = /** @type {any} */ (globalThis.navigator)?.connection?.saveData;
    const paused = dear && !this.#insist ? "save-data" : null;
    this.tell({ paused });
    if (paused) return;
    await sendPhotos(this.vault, this.wire, {
      progress: (done, total, sha, share) =>
        this.tell({ sending: { what: "photos", done, total, sha, share } }),
      contact: () => {
        this.contact(undefined);
        this.#pace.well(); // a road that carries something is worth another try soon
      },
      paused: (sha) => this.#paused.has(sha),
      fail: (what, why) => this.fail(what, why),
      stumbled: (what, error) => this.#stumbled(what, error),
      // An answer never waits behind a photo.
      enough: () => this.#again,
    });
  }
}
