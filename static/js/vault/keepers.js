// The two keepers of every line, journal file and IndexedDB: united at boot, written alike, and what
// one of them missed is owed to it.

import { decode } from "../helpers/bytes.js";
import { keyOf, readLine } from "./journal.js";
import { Mirror } from "./mirror.js";

/** @typedef {import("./journal.js").Order} Order */
/** @typedef {import("./journal.js").Item} Item */
/**
 * @typedef {{journal: boolean, mirror: boolean, persisted: boolean, torn: number, ballast: boolean,
 *   refilled: null | "journal" | "mirror", photosKnown: boolean,
 *   signing: boolean, full: boolean}} Health signing: changes can be signed here; full: the latest
 *   write found no room
 */

/** @type {{raws: string[] | null, failure: unknown}} */
const BEHIND = { raws: null, failure: null };

export class Keepers {
  /** Lines that one engine still has to be given. */
  #owed = { journal: /** @type {string[]} */ ([]), mirror: /** @type {string[]} */ ([]) };
  /** Lines numbered for the mirror alone, most recently. @type {string[]} */
  #alone = [];
  /** To be called when the journal is owed nothing. @type {(() => void) | null} */
  #settle = null;
  /** @type {Promise<any>} */
  #turn = Promise.resolve();
  #person;
  #env;
  #hand;
  #shelf;
  #health;
  #watch;

  /**
   * @param {string} person @param {import("./vault.js").Surroundings} env
   * @param {import("./hand.js").Hand} hand @param {import("./shelf.js").Shelf} shelf @param {Health} health
   * @param {{health(): void, wrote(raws: string[]): void}} watch
   */
  constructor(person, env, hand, shelf, health, watch) {
    this.#person = person;
    this.#env = env;
    this.#hand = hand;
    this.#shelf = shelf;
    this.#health = health;
    this.#watch = watch;
    this.mirror = new Mirror(`vault-${person}`, env.factory, env.patience ?? 8_000);
  }

  /** Read both and make each whole again. */
  async open() {
    const [{ journal }, mirrored] = await Promise.all([
      this.#hand.ask("open", { person: this.#person }),
      this.mirror.all().catch(() => null),
    ]);
    this.#health.mirror = mirrored !== null;
    await this.#unite(decode(journal).split("\n").filter(Boolean), mirrored ?? []);
  }

  /** What one engine has and the other has not is written there. @param {string[]} written @param {string[]} mirrored */
  async #unite(written, mirrored) {
    const inJournal = new Set(written);
    const inMirror = new Set(mirrored);
    /** @type {[string, Item][]} */
    const late = [];
    const missing = {
      journal: /** @type {string[]} */ ([]),
      mirror: /** @type {string[]} */ ([]),
    };
    for (const raw of new Set([...written, ...mirrored])) {
      const item = readLine(raw);
      if (!item) {
        this.#health.torn += 1;
        continue;
      }
      if (item.kind === "A") late.push([raw, item]);
      else this.#shelf.absorb(item);
      if (!inJournal.has(raw)) missing.journal.push(raw);
    }
    late.sort(([, a], [, b]) => revOf(a) - revOf(b));
    for (const [, item] of late) this.#shelf.absorb(item);
    // An old record stays in the journal and is gone from the mirror; that is no loss.
    for (const raw of written) {
      const item = inMirror.has(raw) ? null : readLine(raw);
      if (
        item &&
        !(item.kind === "R" && this.#shelf.records.get(item.data.name)?.rev !== item.data.rev)
      )
        missing.mirror.push(raw);
    }
    if (!written.length && mirrored.length) this.#health.refilled = "journal";
    if (this.#health.mirror && !mirrored.length && written.length)
      this.#health.refilled = "mirror";
    this.#owed = missing;
    if (missing.journal.length || missing.mirror.length) await this.write([]);
  }

  close() {
    this.#settle?.();
    return this.mirror.close();
  }

  /**
   * One write at a time; both engines, and what either is still owed.
   * @param {Order[]} orders @returns {Promise<"both" | "one">}
   */
  write(orders) {
    const done = this.#turn.then(() => this.#writeNow(orders));
    this.#turn = done.catch(() => {});
    return done;
  }

  /** @param {Order[]} orders @returns {Promise<"both" | "one">} */
  async #writeNow(orders) {
    // Whoever owes the journal lines has to hear first what others keep in the mirror alone.
    let { raws, failure } = this.#settle ? BEHIND : await this.#journal(orders, false);
    let mirrored = false;
    if (raws) mirrored = await this.#reflect(raws);
    else
      await this.#env.locks.request(`journal-${this.#person}`, async () => {
        for (const raw of await this.mirror.all().catch(() => [])) this.#shelf.take(raw);
        if (!failure) ({ raws, failure } = await this.#journal(orders, true));
        if (raws) mirrored = await this.#reflect(raws);
        else mirrored = await this.#mirrorOnly(orders);
      });
    const journalled = Boolean(raws);
    raws ??= this.#alone;
    const full = /** @type {any} */ (failure)?.code === "full";
    const changed =
      this.#health.journal !== journalled ||
      this.#health.mirror !== mirrored ||
      this.#health.full !== full;
    this.#health.full = full;
    this.#health.journal = journalled;
    this.#health.mirror = mirrored;
    if (changed) this.#watch.health();
    if (!journalled && mirrored) this.#owed.journal.push(...raws);
    if (!this.#owed.journal.length) this.#settle?.();
    if (!journalled && !mirrored) throw failure ?? new Error("nothing was kept");
    if (!mirrored) this.#owed.mirror.push(...raws);
    for (const raw of raws) this.#shelf.take(raw);
    this.#watch.wrote(raws);
    return journalled && mirrored ? "both" : "one";
  }

  /**
   * Into the journal file, with what it is owed.
   * @param {Order[]} orders
   * @param {boolean} held whether the lock is held here and the mirror was read
   * @returns {Promise<{raws: string[] | null, failure: unknown}>} neither: read the mirror first
   */
  async #journal(orders, held) {
    const debts = this.#owed.journal;
    const asked = orders.map((order) => ({ ...order, floor: this.#shelf.tally.floor(order) }));
    try {
      const reply = await this.#hand.ask("write", {
        orders: [...debts.map((raw) => ({ raw })), ...asked],
        held,
      });
      if (!reply) return BEHIND;
      this.#owed.journal = [];
      this.#health.ballast = reply.ballast || !this.#health.photosKnown;
      return { raws: reply.raws.slice(debts.length), failure: null };
    } catch (failure) {
      return { raws: null, failure };
    }
  }

  /** Under the lock, the mirror read: it is the one truth there is. @param {Order[]} orders */
  async #mirrorOnly(orders) {
    if (!this.#settle) await this.#owe();
    const tally = this.#shelf.tally.copy();
    this.#alone = [];
    for (const order of orders) this.#alone.push(await tally.make(order));
    return this.#reflect(this.#alone);
  }

  /** Other tabs see that there are lines the journal does not have, until they are paid. */
  #owe() {
    return new Promise((seen) => {
      this.#env.locks.request(`owed-${this.#person}`, { mode: "shared" }, () => {
        seen(undefined);
        return new Promise((settled) => {
          this.#settle = () => {
            this.#settle = null;
            settled(undefined);
          };
        });
      });
    });
  }

  /** @param {string[]} raws @returns {Promise<boolean>} */
  async #reflect(raws) {
    /** @type {[string, string][]} */
    const pairs = [];
    for (const raw of [...this.#owed.mirror, ...raws]) {
      const item = readLine(raw);
      if (item) pairs.push([keyOf(raw, item), raw]);
    }
    try {
      if (pairs.length) await this.mirror.put(pairs);
      this.#owed.mirror = [];
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {Item} item */
const revOf = (item) => ("data" in item ? item.data.rev : 0);
