// A phone in memory: storage that outlives its tabs, and tabs that can be closed or killed.
import { IDBFactory } from "fake-indexeddb";
import { Vault } from "../../../static/js/vault/vault.js";
import { serve } from "../../../static/js/worker/vault-worker.js";
import { FakeLocks, FakeStorage } from "./opfs.mjs";

export const PERSON = "0190f0f0-0000-7000-8000-0000000000a1";
export const OTHER = "0190f0f0-0000-7000-8000-0000000000b2";
export const DEVICE = "0190f0f0-0000-7000-8000-0000000000d1";
export const AUDIT = "0190f0f0-0000-7000-8000-00000000aaaa";
export const PACK = "a".repeat(64);

export class Phone {
  storage = new FakeStorage();
  locks = new FakeLocks();
  factory = new IDBFactory();
  /** @type {any} localStorage, where a test wants one */
  notes = undefined;
  /** @type {Vault[]} */
  #open = [];

  /** @returns {any} */
  get env() {
    return {
      storage: this.storage,
      locks: this.locks,
      factory: this.factory,
      notes: this.notes,
      worker: () => {
        const { port1, port2 } = new MessageChannel();
        serve(/** @type {any} */ (port2), /** @type {any} */ (this));
        return port1;
      },
    };
  }

  /** A tab, enrolled. @param {string} [person] */
  async tab(person = PERSON) {
    const vault = await Vault.open(person, this.env);
    this.#open.push(vault);
    await vault.ready;
    if (!vault.device) {
      const device = { device: DEVICE, key: "secret", person: { id: person } };
      await vault.setRecord("device", JSON.stringify(device));
    }
    return vault;
  }

  /** Close every tab. */
  off() {
    for (const vault of this.#open) vault.close();
    this.#open = [];
  }

  /** @param {string} [person] */
  journal(person = PERSON) {
    return this.storage.file(`vault/${person}/journal`);
  }

  /** The browser threw the whole IndexedDB away, as Chromium does. */
  wipeMirror() {
    this.factory = new IDBFactory();
  }
}

/** @param {string} target @param {any} value @param {string[]} [supersedes] */
export const answer = (target, value, supersedes = []) => ({
  kind: "answer",
  target,
  value,
  supersedes,
  pack: PACK,
});

/** @param {number} number */
export const identifier = (number) =>
  `0190f0f0-0000-7000-9000-${String(number).padStart(12, "0")}`;

/** A change of another assessor, as the server would send it. @param {number} number @param {object} [more] */
export const foreign = (number, more = {}) =>
  JSON.stringify({
    v: 1,
    id: identifier(number),
    audit: AUDIT,
    author: OTHER,
    device: "0190f0f0-0000-7000-8000-0000000000d2",
    n: number,
    lam: number,
    made_at: "2026-11-24T03:00:00.000Z",
    skew: null,
    app: "1",
    pack: PACK,
    kind: "answer",
    target: "P02",
    value: "met",
    supersedes: [],
    ...more,
  });
