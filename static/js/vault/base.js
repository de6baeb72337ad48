// What a vault stands on: its two keepers, what their lines mean, the other tabs.

import { uuid7 } from "../domain/change.js";
import { Hand } from "./hand.js";
import { readLine } from "./journal.js";
import { Keepers } from "./keepers.js";
import { Shelf } from "./shelf.js";

/** @typedef {import("./journal.js").Order} Order */
/** @typedef {import("./hand.js").Port} Port */
/** @typedef {import("./keepers.js").Health} Health */
/**
 * @typedef {{worker: () => Port, factory: IDBFactory, locks: LockManager,
 *   storage: StorageManager, notes?: Storage, patience?: number}} Surroundings what the browser
 *   gives; tests give their own, and how long IndexedDB may take
 */

/** No offline work here; `code` says why: no-opfs, no-locks, no-sync-handles, no-worker, refused, full. */
export class VaultUnavailable extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "VaultUnavailable";
    this.code = code;
  }
}

export class Base extends EventTarget {
  /** @type {Health} */
  health = {
    journal: true,
    mirror: true,
    persisted: false,
    torn: 0,
    ballast: true,
    refilled: null,
    photosKnown: false,
    signing: true,
    full: false,
  };
  /** Photos whose bytes are on this device. @type {Set<string>} */
  here = new Set();
  shelf = new Shelf();
  /** Lines not worth a write of their own: should they be lost, they are made again. @type {Order[]} */
  waiting = [];

  /** @param {string} person @param {Surroundings} env */
  constructor(person, env) {
    super();
    this.person = person;
    this.env = env;
    this.hand = new Hand(env.worker());
    this.keepers = new Keepers(person, env, this.hand, this.shelf, this.health, {
      health: () => this.emit("health"),
      wrote: (raws) => {
        this.announce(raws);
        if (raws.length) this.channel.postMessage({ raws });
      },
    });
    this.channel = new BroadcastChannel(`vault-${person}`);
    this.channel.onmessage = ({ data }) => this.#hear(data);
  }

  close() {
    this.hand.close();
    this.channel.close();
    this.keepers.close().catch(() => {});
  }

  /** The audits this device holds changes of. */
  audits() {
    return this.shelf.audits();
  }

  /** Oldest first, as far as anyone can say; to be read, not changed. @param {string} audit */
  entries(audit) {
    return this.shelf.entries(audit);
  }

  /** @param {string} name @returns {string | undefined} */
  record(name) {
    return this.shelf.records.get(name)?.text;
  }

  /** @param {string} name @param {string} text */
  async setRecord(name, text) {
    if (this.record(name) !== text) await this.write([{ kind: "R", data: { name, text } }]);
  }

  async persist() {
    this.health.persisted = Boolean(await this.env.storage.persist?.().catch(() => false));
    this.emit("health");
    return this.health.persisted;
  }

  /** Write something and read it back from each engine. */
  async selfTest() {
    const text = uuid7();
    await this.setRecord("self-test", text);
    const rev = this.shelf.records.get("self-test")?.rev;
    const raw = `R ${JSON.stringify({ rev, name: "self-test", text })}`;
    const [journal, mirror] = await Promise.all([
      this.hand.ask("ends", { raw }).catch(() => false),
      this.keepers.mirror.get("R self-test").then(
        (kept) => kept === raw,
        () => false,
      ),
    ]);
    return { journal, mirror };
  }

  /** With what was waiting for a write. @param {Order[]} orders */
  write(orders) {
    return this.keepers.write([...this.waiting.splice(0), ...orders]);
  }

  /** Another tab wrote. @param {{raws?: string[], here?: string}} data */
  #hear({ raws = [], here }) {
    for (const raw of raws) this.shelf.take(raw);
    this.announce(raws);
    if (here) {
      this.here.add(here);
      this.emit("photos");
    }
  }

  /** @param {string[]} raws */
  announce(raws) {
    const audits = new Set();
    for (const raw of raws) {
      const item = readLine(raw);
      if (item && "change" in item) audits.add(item.change.audit);
      else if (item && "data" in item) {
        if (item.data.audit) audits.add(item.data.audit);
        if (item.data.photo) this.emit("photos");
        if (item.kind === "R") this.emit("records", { name: item.data.name });
      }
    }
    for (const audit of audits) this.emit("entries", { audit });
  }

  /** @param {string} type @param {object} [detail] */
  emit(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
