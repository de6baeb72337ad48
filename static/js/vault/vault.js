// One person's vault on this device: everything twice, in a journal file and in IndexedDB.

import { uuid7 } from "../domain/change.js";
import { withBytes } from "../domain/files.js";
import { Album } from "./album.js";
import { VaultUnavailable } from "./base.js";

/** @typedef {import("./journal.js").Order} Order */
/** @typedef {import("./base.js").Surroundings} Surroundings */
/** @typedef {import("./shelf.js").Entry} Entry */
/** @typedef {import("./album.js").Late} Late */
/** @typedef {{kind: string, target: string, value: any, supersedes: string[], pack: string}} Draft */

/** @returns {Surroundings} */
const browser = () => ({
  worker: () =>
    new Worker(new URL("../worker/vault-worker.js", import.meta.url), { type: "module" }),
  factory: indexedDB,
  locks: navigator.locks,
  storage: navigator.storage,
  notes: localStorage,
});

export class Vault extends Album {
  /** Device clock minus server clock at the last contact, in milliseconds. @type {number | null} */
  skew = null;
  /** What the courier heard last of the server's log; written down now and then. @type {import("../sync/log.js").Seen | null} */
  newest = null;
  /** Resolves when the photo slots have been looked through. @type {Promise<void>} */
  ready = Promise.resolve();

  /** Changes on their way into the engines. @type {Map<string, import("../domain/change.js").Draft>} */
  #writing = new Map();
  #leaving = false;
  /** @type {Promise<import("./signer.js").Signer> | null} */
  #signer = null;

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

  async #boot() {
    await this.keepers.open();
    this.health.persisted = Boolean(await this.env.storage.persisted?.().catch(() => false));
    await this.#tellTorn();
    await this.#resume();
    const skew = this.record("skew");
    if (skew) this.skew = Number(skew);
    this.ready = this.look((late) => this.#finish(late));
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
      if (!this.shelf.entry(audit, id) && !withBytes(kind))
        await this.append(audit, { kind, target, value, supersedes, pack }).catch(() => {});
    this.#note();
  }

  /** Torn lines stay in the journal; each is told once. */
  async #tellTorn() {
    const { torn } = this.health;
    this.health.torn -= Number(this.record("torn") ?? 0);
    if (this.health.torn) await this.setRecord("torn", String(torn)).catch(() => {});
  }

  /** The page may have died between a photo's bytes and its change. @param {any[]} slots */
  async #finish(slots) {
    for (const { sha256, bytes, type, late } of slots) {
      if (this.shelf.taken.has(sha256)) continue;
      await this.append(late.audit, {
        kind: late.kind ?? "photo",
        target: late.target,
        value: late.kind
          ? { sha256, bytes, type, ...late.told }
          : { sha256, bytes, type, ...late.told, position: null },
        supersedes: [],
        pack: this.prepared(late.audit),
      });
    }
  }

  /** The pack an audit was prepared with, by its name; "" before it was. @param {string} audit @returns {string} */
  prepared(audit) {
    return JSON.parse(this.record(`prepared:${audit}`) ?? "{}").pack ?? "";
  }

  /** The enrolment of this device, if it has one. @returns {{device: string, key: string, person: {id: string}} | null} */
  get device() {
    return JSON.parse(this.record("device") ?? "null");
  }

  /** The newest checkpoint of the server's log this phone has seen. @returns {import("../sync/log.js").Seen | null} */
  get checkpoint() {
    /** @type {import("../sync/log.js").Seen | null} */
    const kept = JSON.parse(this.record("checkpoint") ?? "null");
    const { newest } = this;
    if (!kept || !newest) return kept ?? newest;
    return newest.epoch - kept.epoch || newest.size - kept.size > 0 ? newest : kept;
  }

  // Signatures

  /** This device's signing key; null where the browser cannot make one. @param {boolean} [anew] @returns {Promise<import("./signer.js").Key | null>} */
  async signingKey(anew = false) {
    const device = this.device?.device;
    const key = device ? await (await this.#signs()).key(device, true, anew) : null;
    if (device && this.health.signing !== Boolean(key)) {
      this.health.signing = Boolean(key);
      this.emit("health");
    }
    return key;
  }

  /**
   * The signature of each: of one's own made now where there is none, of carried ones as they came.
   * @param {Entry[]} entries @param {boolean} [anew] by this device's present key, whatever there is
   * @returns {Promise<([kid: string, sig: string] | null)[]>} null where there is none and none can be made
   */
  async signed(entries, anew = false) {
    return Promise.all(
      entries.map(async ({ own, line, change }) => {
        const known = this.shelf.signatures.get(change.id) ?? [];
        const last = known[known.length - 1] ?? null;
        if (!own || (last && !anew)) return last;
        const key =
          anew || change.device === this.device?.device
            ? await this.signingKey()
            : await (await this.#signs()).key(change.device, false);
        if (!key) return last;
        const found = known.find(([kid]) => kid === key.kid);
        if (found) return found;
        const sig = await key.sign(line);
        const raw = `S ${change.id} ${key.kid} ${sig}`;
        this.shelf.take(raw);
        this.waiting.push({ raw });
        return /** @type {[string, string]} */ ([key.kid, sig]);
      }),
    );
  }

  #signs() {
    this.#signer ??= import("./signer.js").then(
      ({ Signer }) => new Signer(this.person, this.env),
      (error) => {
        this.#signer = null;
        throw error;
      },
    );
    return this.#signer;
  }

  close() {
    super.close();
    this.#signer?.then((signer) => signer.close()).catch(() => {});
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
      seen: this.checkpoint && `${this.checkpoint.size} ${this.checkpoint.root}`,
      app: RELEASE,
      ...draft,
    };
    this.#writing.set(change.id, change);
    if (this.#leaving) this.#note();
    const saved = await this.write([{ draft: change }]).finally(() => {
      this.#writing.delete(change.id);
      this.#note();
    });
    const entry = /** @type {Entry} */ (this.shelf.entry(audit, change.id));
    entry.saved = saved;
    return entry;
  }

  /** Changes the server sent; one's own come back as a receipt. @param {string} audit @param {[number, string][]} pulled */
  async keepPulled(audit, pulled) {
    /** @type {[string, string, number][]} */
    const own = [];
    /** @type {Order[]} */
    const orders = [];
    for (const [seq, line] of pulled) {
      const id = JSON.parse(line).id;
      const entry = this.shelf.entry(audit, id);
      if (entry?.line === line && entry.seq === seq) continue;
      if (entry?.line === line) own.push([id, "kept", seq]);
      else orders.push({ raw: `P ${seq} ${line}` });
    }
    if (own.length) orders.push({ kind: "A", data: { audit, results: own } });
    if (orders.length) await this.write(orders);
  }

  /**
   * Keep the server's verdicts, so that a reload does not send again.
   * @param {string} audit @param {any[]} results @param {any} [log] what the server's log says of them
   */
  async mark(audit, results, log) {
    const { leaves = [], checkpoint } = log ?? {};
    const placed = new Map(leaves);
    const news = results.filter(([id, verdict, seq, why]) => {
      const entry = this.shelf.entry(audit, id);
      return (
        entry?.verdict !== verdict ||
        entry?.seq !== seq ||
        entry?.reason?.code !== why?.code ||
        (placed.has(id) && placed.get(id) !== entry?.leaf)
      );
    });
    const proof = placed.size ? { leaves, checkpoint } : {};
    if (news.length)
      await this.write([{ kind: "A", data: { audit, results: news, ...proof } }]);
  }

  /**
   * Take in what another device made and an unsent-work file brought: kept, counted, sent under its
   * own device. The bytes of a photo are taken only under the name they have.
   * @param {import("./carrying.js").Row[]} lines
   * @param {import("./carrying.js").Picture[]} photos
   * @returns {Promise<{taken: number, known: number}>} lines new here, and lines that were here
   */
  async carry(lines, photos) {
    return (await import("./carrying.js")).carry(this, lines, photos);
  }
}

/** The release this very file was served under. */
const RELEASE = import.meta.url.match(/\/static\/([^/]+)\/js\//)?.[1] ?? "0";
