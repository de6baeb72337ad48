// One seed of the device torture: phones, tabs, kills, a bad road, a server put back from a copy.
import { setImmediate as breath } from "node:timers/promises";
import { Courier } from "../../../static/js/sync/courier.js";
import { enrolKey } from "../../../static/js/sync/keys.js";
import { Wire } from "../../../static/js/sync/wire.js";
import { chance, copied } from "./chance.mjs";
import { AUDIT, answer, DEVICE, foreign, OTHER, Phone } from "./device.mjs";
import { FakeServer, sum } from "./server.mjs";
import { judge } from "./verdict.mjs";

/** @typedef {import("../../../static/js/vault/vault.js").Vault} Vault */
/** @typedef {{vault: Vault, courier: Courier, alive: boolean}} Tab */
/** @typedef {(tab: Tab) => void} Bug something planted, to see that it is found */

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
  strangers = 0;
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
    await judge(this);
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
      [2, "handIn"],
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
    if (sha256.startsWith("bad")) return; // a name the server in memory never takes
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
    for (let i = 0; i < 3; i += 1) await breath(); // nobody changes tabs as fast as a message goes
  }

  /** One engine is lost while the other is whole. */
  async wipe() {
    await this.block(true);
    await Promise.allSettled(this.pending);
    // What a closed tab left in one engine alone is given to the other at the next opening.
    this.#leave();
    await this.open();
    const saved = await this.tabs[0].vault.append(AUDIT, answer("P09", this.count));
    this.acknowledged.set(saved.change.id, saved.line);
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

  /** A colleague's phone that reaches no network: its file is taken in here. */
  async handIn() {
    this.strangers += 1;
    const device = DEVICE.replace(/d1$/, (0x100 + this.strangers).toString(16).slice(-2));
    const other = new Phone();
    const theirs = await other.tab(OTHER);
    await theirs.setRecord("device", JSON.stringify({ device, key: "secret", person: {} }));
    for (let i = this.below(3); i >= 0; i -= 1)
      await theirs.append(AUDIT, answer(["Q1.1", "P01"][this.below(2)], i));
    const wire = new Wire(this.server.fetch);
    wire.credentials = theirs.device;
    await enrolKey(theirs, wire); // once, when they still had a network
    const entries = theirs.entries(AUDIT);
    const pairs = await theirs.signed(entries);
    other.off();
    const tab = this.any;
    const rows = entries.map(({ line }, i) => {
      const [kid = null, sig = null] = pairs[i] ?? [];
      return { line, kid, sig };
    });
    const carrying = tab.vault.carry(rows, []).then(() => {
      if (tab.alive)
        for (const { change, line } of entries) this.acknowledged.set(change.id, line);
    });
    this.pending.push(carrying.catch(() => {}));
    if (this.random() < 0.6) await carrying.catch(() => {});
  }

  keepCopy() {
    this.copy = this.server.copy();
  }

  /** The server's disk died; it comes back as it was, with the photos of its backup. */
  restore() {
    if (!this.copy) return;
    const { archived, photos, keys } = this.server;
    const copy = this.copy;
    this.copy = null;
    this.server.restore(copy, this.random() < 0.7 ? "disk died" : undefined);
    for (const sha of archived) {
      const photo = photos.get(sha);
      if (photo) this.server.photos.set(sha, photo);
    }
    this.server.archived = archived;
    // The others' phones tell their keys again.
    for (const [kid, key] of keys) if (key.device !== DEVICE) this.server.keys.set(kid, key);
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

  async close() {
    await Promise.allSettled(this.pending);
    this.#leave();
  }
}
