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

export class Keepers {
  /** Lines that one engine still has to be given. */
  #owed = { journal: /** @type {string[]} */ ([]), mirror: /** @type {string[]} */ ([]) };
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
    const asked = orders.map((order) => ({ ...order, floor: this.#shelf.tally.floor(order) }));
    const debts = this.#owed.journal;
    /** @type {string[]} */
    let raws = [];
    let mirrored = null;
    let failure = null;
    const journalled = await this.#hand
      .ask("write", { orders: [...debts.map((raw) => ({ raw })), ...asked] })
      .then((reply) => {
        raws = reply.raws.slice(debts.length);
        this.#owed.journal = [];
        this.#health.ballast = reply.ballast || !this.#health.photosKnown;
        return true;
      })
      .catch((error) => {
        failure = error;
        return false;
      });
    if (journalled) mirrored = await this.#reflect(raws);
    else {
      mirrored = await this.#env.locks.request(`journal-${this.#person}`, async () => {
        // Another tab may have numbered something: the mirror is now the one truth there is.
        for (const raw of await this.mirror.all().catch(() => [])) this.#shelf.take(raw);
        const tally = this.#shelf.tally.copy();
        raws = [];
        for (const order of asked) raws.push(await tally.make({ ...order, floor: {} }));
        return this.#reflect(raws);
      });
    }
    const full = /** @type {any} */ (failure)?.code === "full";
    const changed =
      this.#health.journal !== journalled ||
      this.#health.mirror !== mirrored ||
      this.#health.full !== full;
    this.#health.full = full;
    this.#health.journal = journalled;
    this.#health.mirror = mirrored;
    if (changed) this.#watch.health();
    if (!journalled && !mirrored) throw failure ?? new Error("nothing was kept");
    if (!journalled) this.#owed.journal.push(...raws);
    if (!mirrored) this.#owed.mirror.push(...raws);
    for (const raw of raws) this.#shelf.take(raw);
    this.#watch.wrote(raws);
    return journalled && mirrored ? "both" : "one";
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
