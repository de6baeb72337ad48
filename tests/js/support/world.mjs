// One seed of the device torture: phones, tabs, kills, a bad road, a server put back from a copy.
import assert from "node:assert/strict";
import { setImmediate as breath } from "node:timers/promises";
import { IDBFactory } from "fake-indexeddb";
import { canonical } from "../../../static/js/domain/canonical.js";
import { fold } from "../../../static/js/domain/fold.js";
import { Courier } from "../../../static/js/sync/courier.js";
import { counts } from "../../../static/js/vault/ledger.js";
import { AUDIT, answer, foreign, Phone } from "./device.mjs";
import { FakeServer, sum } from "./server.mjs";

/** @typedef {import("../../../static/js/vault/vault.js").Vault} Vault */
/** @typedef {{vault: Vault, courier: Courier, alive: boolean}} Tab */
/** @typedef {(tab: Tab) => void} Bug something planted, to see that it is found */

/** @param {number} seed @returns {() => number} */
const chance = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** @param {any} request or transaction @returns {Promise<any>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.oncomplete = () => resolve(undefined);
    request.onerror = () => reject(request.error);
  });

/** Every database as it is. @param {IDBFactory} factory */
const copied = async (factory) => {
  const other = new IDBFactory();
  for (const { name } of await factory.databases()) {
    const from = await done(factory.open(name ?? "", 1));
    const request = other.open(name ?? "", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("lines");
    const to = await done(request);
    if (from.objectStoreNames.contains("lines")) {
      const store = from.transaction("lines").objectStore("lines");
      const keys = store.getAllKeys();
      const values = await done(store.getAll());
      const writing = to.transaction("lines", "readwrite");
      for (const [i, key] of keys.result.entries())
        writing.objectStore("lines").put(values[i], key);
      await done(writing);
    }
    from.close();
    to.close();
  }
  return other;
};

export class World {
  phone = new Phone();
  server = new FakeServer();
  /** @type {Tab[]} */
  tabs = [];
  /** Saved, as the person was told: id and line. @type {Map<string, string>} */
  acknowledged = new Map();
  /** @type {Set<string>} */
  photos = new Set();
  /** What colleagues sent; their phones would send it again. @type {string[]} */
  others = [];
  /** @type {Promise<unknown>[]} */
  pending = [];
  /** @type {ReturnType<FakeServer["copy"]> | null} */
  copy = null;
  /** Share of requests that fail. */
  loss = 0;
  /** @type {any} */
  blocker = null;
  count = 0;
  /** @type {string[]} what happened, for whoever looks for the reason */
  story = [];

  /** @param {number} seed @param {Bug} [bug] */
  constructor(seed, bug) {
    this.random = chance(seed);
    this.bug = bug;
  }

  /** @param {number} below */
  below(below) {
    return Math.floor(this.random() * below);
  }

  /** A whole life, and what has to be true after it. @param {number} steps */
  async live(steps) {
    await this.open();
    for (let i = 0; i < steps; i += 1) await this.step();
    await this.settle();
    await this.judge();
    await this.close();
  }

  async step() {
    const acts = /** @type {[number, string][]} */ ([
      [30, "tap"],
      [6, "photo"],
      [14, "go"],
      [10, "breathe"],
      [5, "kill"],
      [4, "tab"],
      [3, "wipe"],
      [5, "road"],
      [4, "colleague"],
      [3, "block"],
      [2, "keepCopy"],
      [2, "restore"],
      [2, "archive"],
    ]);
    let at = this.below(acts.reduce((total, [weight]) => total + weight, 0));
    for (const [weight, act] of acts) {
      at -= weight;
      if (at >= 0) continue;
      this.story.push(act);
      return /** @type {any} */ (this)[act]();
    }
  }

  async open() {
    await this.block(true); // a journal that cannot be read is no vault at all
    await Promise.allSettled(this.pending);
    const vault = await this.phone.tab();
    /** @type {any} */
    let tab = null;
    /** @type {any} */
    const fetcher = async (/** @type {string} */ path, /** @type {any} */ init) => {
      if (!tab.alive) throw new TypeError("the page is gone");
      const fate = this.random();
      if (fate < this.loss / 2) throw new TypeError("refused");
      if (fate > 1 - this.loss / 8) await this.server.fetch(path, init); // the road says it twice
      const response = await this.server.fetch(path, init);
      await breath();
      if (fate < this.loss || !tab.alive) throw new TypeError("answer lost");
      return response;
    };
    const locks = /** @type {any} */ (this.phone.locks);
    tab = { vault, courier: new Courier(vault, { fetch: fetcher, locks }), alive: true };
    this.bug?.(tab);
    this.tabs.push(tab);
  }

  get any() {
    return this.tabs[this.below(this.tabs.length)];
  }

  tap() {
    const tab = this.any;
    this.count += 1;
    const registers = ["Q1.1", "Q1.2", "P01"];
    const target = registers[this.below(3)];
    const standing = tab.vault
      .entries(AUDIT)
      .filter(({ change }) => change.kind === "answer" && change.target === target)
      .slice(-this.below(3) - 1)
      .map(({ change }) => change.id);
    const draft =
      this.random() < 0.2
        ? { ...answer("P01", `บันทึก ${this.count}`), kind: "note" }
        : answer(target, this.count % 5, standing);
    return this.#say(tab, tab.vault.append(AUDIT, draft));
  }

  async photo() {
    const tab = this.any;
    this.count += 1;
    const bytes = new Uint8Array(200 + this.below(400)).fill(this.count);
    bytes[0] = this.count >> 8;
    const sha256 = sum(bytes);
    await tab.vault.putPhoto({
      sha256,
      type: "image/jpeg",
      bytes: bytes.buffer,
      thumb: new ArrayBuffer(0),
    });
    const value = { sha256, bytes: bytes.length, type: "image/jpeg" };
    await this.#say(
      tab,
      tab.vault.append(AUDIT, { ...answer("P02", value), kind: "photo" }),
      sha256,
    );
  }

  /** @param {Tab} tab @param {Promise<any>} saying @param {string} [sha256] */
  async #say(tab, saying, sha256) {
    const said = saying.then(
      ({ change, line }) => {
        if (!tab.alive) return;
        this.acknowledged.set(change.id, line);
        if (sha256) this.photos.add(sha256);
      },
      () => {},
    );
    this.pending.push(said);
    if (this.random() < 0.6) await said;
  }

  async go() {
    const tab = this.any;
    const going = this.random() < 0.1 ? tab.courier.sendAll() : tab.courier.now();
    if (this.random() < 0.5) await going;
    else this.pending.push(going);
  }

  async breathe() {
    for (let i = this.below(6); i >= 0; i -= 1) await breath();
  }

  road() {
    this.loss = [0, 0.3, 0.6, 1][this.below(4)];
  }

  /** The browser is killed at whatever it was doing, and opened again. */
  async kill() {
    for (const tab of this.tabs) tab.alive = false;
    const next = new Phone();
    next.storage = this.phone.storage.copy();
    next.factory = await copied(this.phone.factory);
    this.#leave();
    this.phone = next;
    this.#tear();
    await this.open();
  }

  #leave() {
    for (const tab of this.tabs) {
      tab.alive = false;
      tab.courier.stop();
    }
    this.phone.off();
    this.tabs = [];
    this.blocker = null;
    this.pending = [];
  }

  /** The last line was perhaps only begun, unless somebody was told that it is saved. */
  #tear() {
    const journal = this.phone.journal();
    const last = journal.text.trimEnd().split("\n").at(-1) ?? "";
    const id = /"id":"([^"]+)"/.exec(last)?.[1] ?? "";
    if (!/^[CS] /.test(last) || this.acknowledged.has(id) || this.random() < 0.5) return;
    journal.bytes = journal.bytes.subarray(
      0,
      journal.bytes.length - 1 - this.below(last.length - 1),
    );
  }

  async tab() {
    if (this.tabs.length < 2) return this.open();
    const [tab] = this.tabs.splice(this.below(2), 1);
    await Promise.allSettled(this.pending);
    tab.alive = false;
    tab.courier.stop();
    tab.vault.close();
  }

  /** One engine is lost while the other is whole. */
  async wipe() {
    await this.block(true);
    await Promise.allSettled(this.pending);
    const saved = await this.tabs[0].vault.append(AUDIT, answer("P09", this.count));
    this.acknowledged.set(saved.change.id, saved.line);
    for (const { vault } of this.tabs.slice(1))
      await vault.setRecord("self-test", String(this.random()));
    if (saved.saved !== "both") return;
    this.#leave();
    if (this.random() < 0.5) this.phone.wipeMirror();
    else this.phone.journal().bytes = new Uint8Array(0);
    await this.open();
  }

  /** Something holds the journal file, for a while. */
  async block(over = this.blocker !== null) {
    if (over) {
      this.blocker?.close();
      this.blocker = null;
      return;
    }
    const journal = this.phone.journal();
    this.blocker = await journal.createSyncAccessHandle().catch(() => null);
  }

  colleague() {
    const line = foreign(500 + this.others.length, {
      lam: 1 + this.below(this.count + 5),
      target: ["Q1.1", "P01"][this.below(2)],
      value: this.below(3),
    });
    this.others.push(line);
    this.#take(line);
  }

  /** @param {string} line */
  #take(line) {
    this.server.kept.push(line);
    this.server.log.add(`gecc/1 change\n${sum(line)}\n`);
  }

  keepCopy() {
    this.copy = this.server.copy();
  }

  /** The server's disk died; it comes back as it was, with the photos of its backup. */
  restore() {
    if (!this.copy) return;
    const { archived, photos } = this.server;
    const copy = this.copy;
    this.copy = null;
    this.server.restore(copy, this.random() < 0.7 ? "disk died" : undefined);
    for (const sha of archived) {
      const photo = photos.get(sha);
      if (photo) this.server.photos.set(sha, photo);
    }
    this.server.archived = archived;
  }

  async archive() {
    for (const [sha, { whole }] of this.server.photos) if (whole) this.server.archived.add(sha);
    const { vault } = this.any;
    await vault.freePhotos();
  }

  /** The road is good again and nobody does anything more. */
  async settle() {
    await this.block(true);
    await Promise.allSettled(this.pending);
    this.loss = 0;
    for (const line of this.others) if (!this.server.kept.includes(line)) this.#take(line);
    const [tab] = this.tabs;
    await tab.courier.now();
    this.loss = 0.6;
    await this.tap();
    await Promise.allSettled(this.pending);
    await tab.courier.now();
    this.loss = 0;
    for (let i = 0; i < 12; i += 1) {
      await tab.courier.now();
      await breath();
    }
  }

  async judge() {
    const [{ vault, courier }] = this.tabs;
    const { kept } = this.server;
    const { changes, photos } = courier.state.unsent;
    assert.deepEqual(
      courier.state.held.map((entry) => entry.reason),
      [],
      "nothing is held",
    );
    assert.deepEqual([changes, photos], [0, 0], "the outbox is empty");
    assert.equal(new Set(kept).size, kept.length, "each line is kept once");
    for (const [id, line] of this.acknowledged)
      assert.ok(kept.includes(line), `what was saved is at the server: ${id}`);
    for (const sha of this.photos)
      assert.ok(this.server.photos.get(sha)?.whole, `the photo is at the server: ${sha}`);
    const own = kept.map((line) => ({ line, ...JSON.parse(line) })).filter(({ v }) => v === 2);
    own.sort((a, b) => a.n - b.n);
    for (const [i, change] of own.entries()) {
      assert.equal(change.n, i + 1, "numbers without a gap");
      assert.equal(change.prev, i ? sum(own[i - 1].line) : null, "one chain");
    }
    const here = canonical(fold(changesOf(vault)));
    assert.equal(here, canonical(fold(kept.map((line) => JSON.parse(line)))), "one state");
    await this.close();
    await this.open();
    assert.equal(
      canonical(fold(changesOf(this.tabs[0].vault))),
      here,
      "the same when reopened",
    );
  }

  async close() {
    await Promise.allSettled(this.pending);
    this.#leave();
  }
}

/** @param {Vault} vault */
const changesOf = (vault) =>
  vault
    .entries(AUDIT)
    .filter(counts)
    .map((entry) => entry.change);
