// What the courier tells: how it goes, what waits, what went wrong.

import { held, spoilt, unsent } from "./outbox.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {{what: string, why: any, at: string}} Failure why: a code and perhaps {th, en} */
/**
 * @typedef {{online: "yes" | "no" | "unknown",
 *   why: null | "offline" | "silent" | "stranger" | "trouble",
 *   sending: null | {what: "changes" | "photos", done: number, total: number,
 *     sha?: string, share?: number},
 *   unsent: import("./outbox.js").Unsent, held: Entry[], spoilt: Entry[], failed: Failure[], lastContact: string | null,
 *   problem: null | "not-enrolled" | "signed-out", paused: null | "save-data",
 *   log: import("./log.js").LogState,
 *   mismatch: import("./exchange.js").Mismatch[],
 *   stages: Record<string, import("./exchange.js").Told>}} State
 */

const MOST_FAILURES = 50;

export class Report extends EventTarget {
  /** @param {Vault} vault */
  constructor(vault) {
    super();
    this.vault = vault;
    /** @type {State} */
    this.state = {
      online: "unknown",
      why: null,
      sending: null,
      unsent: unsent(vault),
      held: [],
      spoilt: [],
      failed: [],
      lastContact: null,
      problem: null,
      paused: null,
      log: null,
      mismatch: [],
      stages: {},
    };
    this.reckon();
  }

  /** @param {string | undefined} now the server's time */
  contact(now) {
    const here = Date.now();
    if (now) {
      const skew = here - Date.parse(now);
      const before = this.vault.skew;
      this.vault.skew = skew;
      if (before === null || Math.abs(skew - before) > 5_000) {
        this.vault.setRecord("skew", String(skew)).catch(() => {});
      }
    }
    this.tell({
      online: "yes",
      why: null,
      problem: null,
      lastContact: new Date(here).toISOString(),
    });
  }

  /**
   * @param {string} audit
   * @param {import("./exchange.js").Told} told
   * @param {import("./exchange.js").Mismatch | null} mismatch
   */
  told(audit, told, mismatch) {
    const others = this.state.mismatch.filter((one) => one.audit !== audit);
    this.tell({
      stages: { ...this.state.stages, [audit]: told },
      mismatch: mismatch ? [...others, mismatch] : others,
    });
  }

  /** What went wrong, until it goes well. @param {string} what @param {any} why null: it is well */
  fail(what, why) {
    const failed = this.state.failed.filter((one) => one.what !== what);
    if (why === null && failed.length === this.state.failed.length) return;
    if (why !== null) failed.push({ what, why, at: new Date().toISOString() });
    this.tell({ failed: failed.slice(-MOST_FAILURES) });
  }

  /** What waits and what is held, from the vault. @param {Partial<State>} [more] */
  reckon(more = {}) {
    const { vault } = this;
    this.tell({ unsent: unsent(vault), held: held(vault), spoilt: spoilt(vault), ...more });
  }

  /** @param {Partial<State>} news */
  tell(news) {
    this.state = { ...this.state, ...news };
    this.dispatchEvent(new CustomEvent("state"));
  }
}
