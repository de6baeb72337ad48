// One person's vault on this device: everything twice, in a journal file and in IndexedDB.

import { uuid7 } from "../domain/change.js";
import { decode } from "../helpers/bytes.js";
import { Hand } from "./hand.js";
import { keyOf, readLine, Tally } from "./journal.js";
import { Mirror } from "./mirror.js";

/** @typedef {import("../domain/change.js").Change} Change */
/** @typedef {import("./journal.js").Order} Order */
/** @typedef {import("./journal.js").Item} Item */
/** @typedef {import("./hand.js").Port} Port */
/**
 * @typedef {{line: string, change: Change, own: boolean, seq: number | null,
 *   verdict: null | "kept" | "known" | "held", reason: any, saved: "both" | "one"}} Entry
 */
/** @typedef {{kind: string, target: string, value: any, supersedes: string[], pack: string}} Draft */
/** What a photo's change will say, kept beside its bytes until it does. @typedef {{audit: string, target: string, told: object}} Late */
/** @typedef {"here" | "received" | "refused" | "lost" | "remote"} PhotoState */
/**
 * @typedef {{journal: boolean, mirror: boolean, persisted: boolean, torn: number, ballast: boolean,
 *   refilled: null | "journal" | "mirror", photosKnown: boolean}} Health
 */
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

/** @returns {Surroundings} */
const browser = () => ({
  worker: () =>
    new Worker(new URL("../worker/vault-worker.js", import.meta.url), { type: "module" }),
  factory: indexedDB,
  locks: navigator.locks,
  storage: navigator.storage,
  notes: localStorage,
});

export class Vault extends EventTarget {
  /** @type {Health} */
  health = {
    journal: true,
    mirror: true,
    persisted: false,
    torn: 0,
    ballast: true,
    refilled: null,
    photosKnown: false,
  };
  /** Device clock minus server clock at the last contact, in milliseconds. @type {number | null} */
  skew = null;
  /** Resolves when the photo slots have been looked through. @type {Promise<void>} */
  ready = Promise.resolve();

  #tally = new Tally();
  /** @type {Map<string, Map<string, Entry>>} audit, then change id */
  #entries = new Map();
  /** @type {Map<string, Entry[]>} the same in order, until something is added */
  #sorted = new Map();
  /** @type {Map<string, {rev: number, text: string}>} */
  #records = new Map();
  /** @type {Map<string, {rev: number, state: PhotoState, reason: any}>} */
  #photos = new Map();
  /** @type {Set<string>} photos taken on this device */
  #taken = new Set();
  /** @type {Set<string>} photos whose bytes are on this device */
  #here = new Set();
  /** Lines that one engine still has to be given. */
  #owed = { journal: /** @type {string[]} */ ([]), mirror: /** @type {string[]} */ ([]) };
  /** Changes on their way into the engines. @type {Map<string, import("../domain/change.js").Draft>} */
  #writing = new Map();
  #leaving = false;
  /** @type {Promise<any>} */
  #turn = Promise.resolve();
  #hand;
  #mirror;
  #channel;

  /** @param {string} person @param {Surroundings} env */
  constructor(person, env) {
    super();
    this.person = person;
    this.env = env;
    this.#hand = new Hand(env.worker());
    this.#mirror = new Mirror(`vault-${person}`, env.factory, env.patience ?? 8_000);
    this.#channel = new BroadcastChannel(`vault-${person}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  /**
   * Open a person's vault and make both engines whole again.
   * @param {string} person
   * @param {Surroundings} [env]
   */
  static async open(person, env = browser()) {
    if (!env.storage?.getDirectory) throw new VaultUnavailable("no-opfs");
    const vault = new Vault(person, env);
    try {
      await vault.#boot();
    } catch (error) {
      vault.close();
      const { code } = /** @type {{code?: string}} */ (error);
      throw new VaultUnavailable(typeof code === "string" ? code : "refused");
    }
    return vault;
  }

  /** Whose vaults are on this device: person ids. @returns {Promise<string[]>} */
  static async people() {
    const found = [];
    try {
      const root = await navigator.storage.getDirectory();
      const vaults = await root.getDirectoryHandle("vault");
      for await (const name of /** @type {any} */ (vaults).keys()) found.push(name);
    } catch {
      // No vault was ever made here.
    }
    return found;
  }

  close() {
    this.#hand.close();
    this.#channel.close();
    this.#mirror.close().catch(() => {});
  }

  async #boot() {
    const [{ journal }, mirrored] = await Promise.all([
      this.#hand.ask("open", { person: this.person }),
      this.#mirror.all().catch(() => null),
    ]);
    const written = decode(journal).split("\n").filter(Boolean);
    this.health.mirror = mirrored !== null;
    this.health.persisted = Boolean(await this.env.storage.persisted?.().catch(() => false));
    await this.#unite(written, mirrored ?? []);
    await this.#tellTorn();
    await this.#resume();
    const skew = this.record("skew");
    if (skew) this.skew = Number(skew);
    this.ready = this.#look();
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
        this.health.torn += 1;
        continue;
      }
      if (item.kind === "A") late.push([raw, item]);
      else this.#absorb(item);
      if (!inJournal.has(raw)) missing.journal.push(raw);
    }
    late.sort(([, a], [, b]) => revOf(a) - revOf(b));
    for (const [, item] of late) this.#absorb(item);
    // An old record stays in the journal and is gone from the mirror; that is no loss.
    for (const raw of written) {
      const item = inMirror.has(raw) ? null : readLine(raw);
      if (
        item &&
        !(item.kind === "R" && this.#records.get(item.data.name)?.rev !== item.data.rev)
      )
        missing.mirror.push(raw);
    }
    if (!written.length && mirrored.length) this.health.refilled = "journal";
    if (this.health.mirror && !mirrored.length && written.length)
      this.health.refilled = "mirror";
    this.#owed = missing;
    if (missing.journal.length || missing.mirror.length) await this.#write([]);
  }

  /**
   * The page is going, or is out of sight and may be ended there: what is still being written is
   * also left where even a dying page can write, for the next opening to keep.
   * @param {boolean} leaving
   */
  set leaving(leaving) {
    this.#leaving = leaving;
    this.#note();
  }

  #note() {
    const key = `vault-writing-${this.person}`;
    const { notes } = this.env;
    const rest = [...this.#writing.values()];
    try {
      if (this.#leaving && rest.length) notes?.setItem(key, JSON.stringify(rest));
      else if (notes?.getItem(key)) notes.removeItem(key);
    } catch {
      // No room or no right to write there: the engines are still at it.
    }
  }

  /** Keep what a page that ended was writing; photos come back from their slots. */
  async #resume() {
    /** @type {import("../domain/change.js").Draft[]} */
    const left = JSON.parse(this.env.notes?.getItem(`vault-writing-${this.person}`) ?? "[]");
    for (const { id, audit, kind, target, value, supersedes, pack } of left)
      if (!this.#entries.get(audit)?.has(id) && kind !== "photo")
        await this.append(audit, { kind, target, value, supersedes, pack }).catch(() => {});
    this.#note();
  }

  /** Torn lines stay in the journal; each is told once. */
  async #tellTorn() {
    const { torn } = this.health;
    this.health.torn -= Number(this.record("torn") ?? 0);
    if (this.health.torn) await this.setRecord("torn", String(torn)).catch(() => {});
  }

  async #look() {
    try {
      const { photos, late, ballast } = await this.#hand.ask("spare");
      this.#here = new Set(photos);
      this.health.ballast = ballast;
      this.health.photosKnown = true;
      await this.#finish(late);
      this.#emit("photos");
    } catch {
      this.health.photosKnown = false;
    }
    this.#emit("health");
  }

  /** The page may have died between a photo's bytes and its change. @param {any[]} slots */
  async #finish(slots) {
    for (const { sha256, bytes, type, late } of slots) {
      if (this.#taken.has(sha256)) continue;
      await this.append(late.audit, {
        kind: "photo",
        target: late.target,
        value: { sha256, bytes, type, ...late.told, position: null },
        supersedes: [],
        pack: this.prepared(late.audit),
      });
    }
  }

  // What is here

  /** The audits this device holds changes of. */
  audits() {
    return [...this.#entries.keys()];
  }

  /** Oldest first, as far as anyone can say; to be read, not changed. @param {string} audit */
  entries(audit) {
    let sorted = this.#sorted.get(audit);
    if (!sorted) {
      sorted = [...(this.#entries.get(audit)?.values() ?? [])].sort(
        ({ change: a }, { change: b }) => a.lam - b.lam || (a.id < b.id ? -1 : 1),
      );
      this.#sorted.set(audit, sorted);
    }
    return sorted;
  }

  /** @param {string} name */
  record(name) {
    return this.#records.get(name)?.text;
  }

  /** The pack an audit was prepared with, by its name; "" before it was. @param {string} audit @returns {string} */
  prepared(audit) {
    return JSON.parse(this.record(`prepared:${audit}`) ?? "{}").pack ?? "";
  }

  /** The enrolment of this device, if it has one. @returns {{device: string, key: string, person: {id: string}} | null} */
  get device() {
    return JSON.parse(this.record("device") ?? "null");
  }

  /** @param {string} sha256 @returns {PhotoState} */
  photoState(sha256) {
    const told = this.#photos.get(sha256)?.state;
    if (told && told !== "here") return told;
    if (this.#here.has(sha256)) return "here";
    if (!this.#taken.has(sha256)) return "remote";
    // Until the slots have been looked through it is believed to be here: it waits to be sent.
    return this.health.photosKnown ? "lost" : "here";
  }

  /** Why the server would not have a photo. @param {string} sha256 */
  photoReason(sha256) {
    return this.#photos.get(sha256)?.reason ?? null;
  }

  // What is written

  /**
   * Make a change and keep it. Resolves when both engines have it, or one (`saved`); throws when neither.
   * @param {string} audit
   * @param {Draft} draft
   * @returns {Promise<Entry>}
   */
  async append(audit, draft) {
    const device = this.device?.device;
    if (!device)
      throw Object.assign(new Error("this device is not enrolled"), { code: "no-device" });
    const change = {
      id: uuid7(),
      audit,
      author: this.person,
      device,
      made_at: new Date().toISOString(),
      skew: this.skew,
      app: RELEASE,
      ...draft,
    };
    this.#writing.set(change.id, change);
    if (this.#leaving) this.#note();
    const saved = await this.#write([{ draft: change }]).finally(() => {
      this.#writing.delete(change.id);
      this.#note();
    });
    const entry = /** @type {Entry} */ (this.#entries.get(audit)?.get(change.id));
    entry.saved = saved;
    return entry;
  }

  /** @param {string} name @param {string} text */
  async setRecord(name, text) {
    if (this.record(name) !== text) await this.#write([{ kind: "R", data: { name, text } }]);
  }

  /** Changes the server sent; one's own come back as a receipt. @param {string} audit @param {[number, string][]} pulled */
  async keepPulled(audit, pulled) {
    const known = this.#entries.get(audit);
    /** @type {[string, string, number][]} */
    const own = [];
    /** @type {Order[]} */
    const orders = [];
    for (const [seq, line] of pulled) {
      const id = JSON.parse(line).id;
      const entry = known?.get(id);
      if (entry?.line === line && entry.seq === seq) continue;
      if (entry?.line === line) own.push([id, "kept", seq]);
      else orders.push({ raw: `P ${seq} ${line}` });
    }
    if (own.length) orders.push({ kind: "A", data: { audit, results: own } });
    if (orders.length) await this.#write(orders);
  }

  /** Keep the server's verdicts, so that a reload does not send again. @param {string} audit @param {any[]} results */
  async mark(audit, results) {
    const known = this.#entries.get(audit);
    const news = results.filter(([id, verdict, seq, why]) => {
      const entry = known?.get(id);
      return (
        entry?.verdict !== verdict || entry?.seq !== seq || entry?.reason?.code !== why?.code
      );
    });
    if (news.length) await this.#write([{ kind: "A", data: { audit, results: news } }]);
  }

  /** "here" again where the server lost it. @param {string} sha256 @param {"received" | "refused" | "here"} state @param {any} [reason] */
  async markPhoto(sha256, state, reason = null) {
    await this.#write([{ kind: "A", data: { photo: sha256, state, reason } }]);
  }

  /**
   * Into a slot; resolves when the bytes are on the device.
   * @param {{sha256: string, type: string, bytes: ArrayBuffer, thumb: ArrayBuffer, late?: Late}} photo
   */
  async putPhoto(photo) {
    const { sha256 } = photo;
    const { free } = await this.#hand.ask("putPhoto", photo);
    this.#here.add(sha256);
    this.#channel.postMessage({ here: sha256 });
    this.#emit("photos");
    if (free < 10) this.#hand.ask("spare").catch(() => {});
  }

  /** @param {string} sha256 @param {"photo" | "thumb"} [part] @returns {Promise<{bytes: ArrayBuffer, type: string} | null>} */
  async photo(sha256, part = "photo") {
    // A colleague's photo is not looked for in every slot.
    if (this.health.photosKnown && !this.#here.has(sha256)) return null;
    return this.#hand.ask("photo", { sha256, part });
  }

  /** @param {string} sha256 @returns {Promise<Blob | null>} */
  async thumb(sha256) {
    const found = await this.photo(sha256, "thumb");
    return found?.bytes.byteLength ? new Blob([found.bytes], { type: "image/jpeg" }) : null;
  }

  /** Photos here that the server has too. */
  spare() {
    return [...this.#here].filter((sha256) => this.photoState(sha256) === "received");
  }

  /** Forget the bytes of photos the server has; a person decides this. */
  async freePhotos() {
    for (const sha256 of this.spare()) {
      await this.#hand.ask("freePhoto", { sha256 });
      this.#here.delete(sha256);
    }
    this.#emit("photos");
  }

  /** Make slots ahead of need. @param {number} free @returns {Promise<{free: number, ballast: boolean}>} */
  async makeSlots(free) {
    const made = await this.#hand.ask("slots", { free });
    this.health.ballast = made.ballast;
    return made;
  }

  async persist() {
    this.health.persisted = Boolean(await this.env.storage.persist?.().catch(() => false));
    this.#emit("health");
    return this.health.persisted;
  }

  /** Write something and read it back from each engine. */
  async selfTest() {
    const text = uuid7();
    await this.setRecord("self-test", text);
    const rev = this.#records.get("self-test")?.rev;
    const raw = `R ${JSON.stringify({ rev, name: "self-test", text })}`;
    const [journal, mirror] = await Promise.all([
      this.#hand.ask("ends", { raw }).catch(() => false),
      this.#mirror.get("R self-test").then(
        (kept) => kept === raw,
        () => false,
      ),
    ]);
    return { journal, mirror };
  }

  /** One write at a time; both engines, and what either is still owed. @param {Order[]} orders @returns {Promise<"both" | "one">} */
  #write(orders) {
    const done = this.#turn.then(() => this.#writeNow(orders));
    this.#turn = done.catch(() => {});
    return done;
  }

  /** @param {Order[]} orders @returns {Promise<"both" | "one">} */
  async #writeNow(orders) {
    const asked = orders.map((order) => ({ ...order, floor: this.#tally.floor(order) }));
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
        this.health.ballast = reply.ballast || !this.health.photosKnown;
        return true;
      })
      .catch((error) => {
        failure = error;
        return false;
      });
    if (journalled) mirrored = await this.#reflect(raws);
    else {
      mirrored = await this.env.locks.request(`journal-${this.person}`, async () => {
        // Another tab may have numbered something: the mirror is now the one truth there is.
        for (const raw of await this.#mirror.all().catch(() => [])) this.#take(raw);
        const tally = this.#tally.copy();
        raws = asked.map((order) => tally.make({ ...order, floor: {} }));
        return this.#reflect(raws);
      });
    }
    const changed = this.health.journal !== journalled || this.health.mirror !== mirrored;
    this.health.journal = journalled;
    this.health.mirror = mirrored;
    if (changed) this.#emit("health");
    if (!journalled && !mirrored) throw failure ?? new Error("nothing was kept");
    if (!journalled) this.#owed.journal.push(...raws);
    if (!mirrored) this.#owed.mirror.push(...raws);
    for (const raw of raws) this.#take(raw);
    this.#announce(raws);
    if (raws.length) this.#channel.postMessage({ raws });
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
      if (pairs.length) await this.#mirror.put(pairs);
      this.#owed.mirror = [];
      return true;
    } catch {
      return false;
    }
  }

  // From a line to what it means

  /** @param {string} raw */
  #take(raw) {
    const item = readLine(raw);
    if (item) this.#absorb(item);
  }

  /** Taking the same line twice changes nothing. @param {Item} item */
  #absorb(item) {
    this.#tally.see(item);
    if (item.kind === "C" || item.kind === "P") this.#absorbChange(item);
    else if (item.kind === "R") {
      const { name, rev, text } = item.data;
      if (rev >= (this.#records.get(name)?.rev ?? 0)) this.#records.set(name, { rev, text });
    } else if (item.kind === "A") this.#absorbReceipt(item.data);
  }

  /** @param {import("./journal.js").ChangeItem} item */
  #absorbChange({ kind, change, line, seq }) {
    let audit = this.#entries.get(change.audit);
    if (!audit) {
      audit = new Map();
      this.#entries.set(change.audit, audit);
    }
    let entry = audit.get(change.id);
    if (!entry) {
      entry = { line, change, own: false, seq, verdict: null, reason: null, saved: "both" };
      audit.set(change.id, entry);
      this.#sorted.delete(change.audit);
    }
    if (kind === "P") {
      entry.seq = seq;
      entry.verdict = "kept";
      return;
    }
    entry.own = true;
    if (change.kind === "photo") this.#taken.add(change.value.sha256);
  }

  /** @param {any} data */
  #absorbReceipt({ rev, audit, results, photo, state, reason }) {
    if (photo && rev >= (this.#photos.get(photo)?.rev ?? 0)) {
      this.#photos.set(photo, { rev, state, reason });
    }
    for (const [id, verdict, seq, why] of results ?? []) {
      const entry = this.#entries.get(audit)?.get(id);
      if (!entry) continue;
      entry.verdict = verdict;
      entry.seq = seq ?? entry.seq;
      entry.reason = why ?? null;
    }
  }

  /** Another tab wrote. @param {{raws?: string[], here?: string}} data */
  #hear({ raws = [], here }) {
    for (const raw of raws) this.#take(raw);
    this.#announce(raws);
    if (here) {
      this.#here.add(here);
      this.#emit("photos");
    }
  }

  /** @param {string[]} raws */
  #announce(raws) {
    const audits = new Set();
    for (const raw of raws) {
      const item = readLine(raw);
      if (item && "change" in item) audits.add(item.change.audit);
      else if (item && "data" in item) {
        if (item.data.audit) audits.add(item.data.audit);
        if (item.data.photo) this.#emit("photos");
        if (item.kind === "R") this.#emit("records", { name: item.data.name });
      }
    }
    for (const audit of audits) this.#emit("entries", { audit });
  }

  /** @param {string} type @param {object} [detail] */
  #emit(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {Item} item */
const revOf = (item) => ("data" in item ? item.data.rev : 0);

/** The release this very file was served under. */
const RELEASE = import.meta.url.match(/\/static\/([^/]+)\/js\//)?.[1] ?? "0";
