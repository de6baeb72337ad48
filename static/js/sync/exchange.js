// One audit's changes: what this phone has goes, what others did comes.

import { canonical } from "../domain/canonical.js";
import { withBytes } from "../domain/files.js";
import { counts, from, Ledger } from "../vault/ledger.js";
import { enrolKey } from "./keys.js";
import { batch, cursor, MOST } from "./outbox.js";
import { keepSurveys } from "./surveys.js";
import { keepTasks } from "./tasks.js";
import { keepTold } from "./told.js";
import { NoContact, Refused } from "./wire.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {import("./wire.js").Wire} Wire */
/** @typedef {{stage: string, pack: string | null, head: number, scorecard: any}} Told */
/** @typedef {{audit: string, head: number, here: any, there: any}} Mismatch */
/** @typedef {import("./log.js").Log} Log */
/**
 * @typedef {{contact(now?: string): void, sending(done: number, total: number): void,
 *   told(audit: string, told: Told, mismatch: Mismatch | null): void, again(): void}} Watch
 */

/** Held for the key, not for what was said: enrolled, signed anew and sent again, once. */
const KEYS = /** @type {Record<string, "unknown" | "bad">} */ ({
  "change.unknown-key": "unknown",
  "change.unsigned": "unknown",
  "change.key-revoked": "bad",
});

export class Exchange {
  /** Audits whose numbers the server was asked to look through since the app was opened. @type {Set<string>} */
  #checked = new Set();
  /** Which coming back of the server each audit was offered to. @type {Map<string, string>} */
  #offered = new Map();
  /** How far each audit was pulled. @type {Map<string, number>} */
  #pulled = new Map();

  /** The server is of an earlier release and takes no signatures. */
  #plain = false;

  /** @param {Vault} vault @param {Wire} wire @param {Log} log @param {Watch} watch */
  constructor(vault, wire, log, watch) {
    this.vault = vault;
    this.wire = wire;
    this.log = log;
    this.watch = watch;
  }

  /** Ask again about everything: held changes, numbers the server may lack. */
  doubt() {
    this.#checked.clear();
  }

  /** @param {string} audit */
  seen(audit) {
    return this.#checked.has(audit) && !this.offers(audit);
  }

  /** A server came back from an older copy and has not been offered this audit since. @param {string} audit */
  offers(audit) {
    return this.vault.record(`restored:${audit}`) !== this.vault.record(`offered:${audit}`);
  }

  /** Every audit begins anew: so the log was told. */
  restored() {
    this.#pulled.clear();
    this.#checked.clear();
    this.watch.again();
  }

  /** @param {string} audit */
  async push(audit) {
    const anew = !this.seen(audit);
    const restored = this.vault.record(`restored:${audit}`);
    const going = this.vault.entries(audit).filter(from);
    for (const device of new Set(going.map((entry) => entry.change.device))) {
      const mine = going.filter((entry) => entry.change.device === device);
      mine.sort((a, b) => a.change.n - b.change.n);
      await this.#pushFrom(audit, device, mine, anew);
    }
    // A server that turned out to be an older copy meanwhile is offered everything another time.
    if (this.vault.record(`restored:${audit}`) !== restored) return;
    this.#checked.add(audit);
    if (restored) this.#offered.set(audit, restored);
  }

  /**
   * @param {string} audit
   * @param {string} device
   * @param {Entry[]} mine every change of that device to go from here, by number
   * @param {boolean} anew held ones too, and a push without lines: a restored server says what it lacks
   */
  async #pushFrom(audit, device, mine, anew) {
    // A restored server gets everything, wanted or not: what it held on the day of its copy it
    // does not miss, though this phone was told since that it is kept.
    const all = this.offers(audit);
    const queue = mine.filter(
      ({ verdict }) => all || verdict === null || (anew && verdict === "held"),
    );
    if (!queue.length && (!anew || mine.every((entry) => entry.carried))) return;
    const sent = new Set();
    const again = new Set();
    let most = MOST;
    let lost = false;
    do {
      if (queue.length) this.watch.sending(sent.size, sent.size + queue.length);
      const going = batch(queue, most);
      const seen = this.vault.checkpoint;
      const message = {
        device,
        audit,
        from: mine[0].change.n,
        upto: mine[mine.length - 1].change.n,
        changes: going.map((entry) => entry.line),
        now: new Date().toISOString(),
        ...(await this.#more(going, again, seen)),
      };
      let answer;
      try {
        answer = await this.wire.post(
          "/api/sync/push",
          message,
          (body) => Array.isArray(body.results) && Array.isArray(body.want),
        );
      } catch (error) {
        if (/** @type {any} */ (error).code === "request.invalid" && !this.#plain) {
          this.#plain = true;
          continue;
        }
        // Some proxy on the way takes less than our server does.
        if (/** @type {any} */ (error).status !== 413 || going.length < 2) throw error;
        most = Math.ceil(going.length / 2);
        continue;
      }
      const { results, want, now } = answer;
      this.watch.contact(now);
      const asked = new Map(going.map((entry) => [entry.change.id, entry]));
      const receipts = results.filter((/** @type {[string]} */ [id]) => asked.has(id));
      if (receipts.length < asked.size) throw new NoContact("stranger");
      for (const [id, verdict] of receipts)
        if (verdict === "kept" && asked.get(id)?.seq) lost = !all;
      const due = this.#due(receipts, asked, again);
      const settled = receipts.filter((/** @type {[string]} */ [id]) => !due.has(id));
      await this.vault.mark(audit, settled, answer.log);
      await keepTold(this.vault, audit, answer);
      await this.log.hear(answer.log, seen, receipts.length > 0);
      queue.splice(0, going.length);
      for (const id of asked.keys()) sent.add(id);
      for (const [first, last] of want) {
        const wanted = mine.filter(
          ({ change: { n, id } }) => n >= first && n <= last && !sent.has(id),
        );
        queue.push(...wanted.filter((entry) => !queue.includes(entry)));
      }
      if (due.size && (await this.#mend(new Set(due.values()))))
        queue.push(...going.filter(({ change }) => due.has(change.id)));
      else if (due.size) await this.vault.mark(audit, receipts);
    } while (queue.length);
    if (lost) await this.#restored(audit);
  }

  /**
   * What goes beside the lines: their signatures, and how far the server's log was seen.
   * @param {Entry[]} going @param {Set<string>} again ids to be signed by the present key
   * @param {import("./log.js").Seen | null} seen
   */
  async #more(going, again, seen) {
    if (this.#plain) return {};
    const anew = going.some(({ change }) => again.has(change.id));
    const signing = this.vault.record("signing") || going.some(({ carried }) => carried);
    const signatures = signing ? await this.vault.signed(going, anew) : [];
    return {
      ...(signatures.some(Boolean) && { signatures }),
      ...(seen && { seen: { epoch: seen.epoch, size: seen.size } }),
    };
  }

  /**
   * What is held for its key alone, and was not sent again for it: not written down as held yet.
   * @param {any[]} receipts @param {Map<string, Entry>} asked @param {Set<string>} again
   */
  #due(receipts, asked, again) {
    const device = this.vault.device?.device;
    /** @type {Map<string, "unknown" | "bad">} */
    const due = new Map();
    for (const [id, verdict, , why] of receipts) {
      const entry = asked.get(id);
      const kind = verdict === "held" ? KEYS[why?.code] : undefined;
      if (!kind || !entry?.own || again.has(id)) continue;
      again.add(id);
      // Keys of an earlier device ended with it: the present one signs what it left.
      due.set(id, entry.change.device === device ? kind : "unknown");
    }
    return due;
  }

  /** @param {Set<"unknown" | "bad">} whys @returns {Promise<boolean>} whether there is a key the server knows now */
  async #mend(whys) {
    try {
      await enrolKey(this.vault, this.wire, whys.has("bad") ? "bad" : "unknown");
    } catch (error) {
      if (!(error instanceof Refused) || error.signedOut) throw error;
      return false;
    }
    return Boolean(this.vault.health.signing && this.vault.record("signing"));
  }

  /** Bring what others did. @param {string} audit */
  async pull(audit) {
    const offered = this.#offered.get(audit);
    let after = this.#pulled.get(audit) ?? cursor(this.vault, audit);
    for (;;) {
      const seen = this.vault.checkpoint;
      const told = seen ? `&seen=${seen.epoch}.${seen.size}` : "";
      const page = await this.wire.ask(
        `/api/sync/pull?audit=${audit}&after=${after}&limit=500${told}`,
        (body) => Array.isArray(body.changes) && Number.isInteger(body.next),
      );
      this.watch.contact();
      await this.log.hear(page.log, seen);
      const { scorecard, stage, pack, more, next } = page;
      if (scorecard && scorecard.head < after) {
        await this.#restored(audit);
        after = 0;
        continue;
      }
      await this.vault.keepPulled(audit, page.changes);
      this.#pulled.set(audit, next);
      await keepTold(this.vault, audit, page);
      await keepTasks(this.vault, audit, page);
      await keepSurveys(this.vault, audit, page);
      if (more && next > after) {
        after = next;
        continue;
      }
      if (offered && this.vault.record(`restored:${audit}`) === offered)
        await this.vault.setRecord(`offered:${audit}`, offered);
      const news = { stage, pack, head: scorecard?.head ?? next, scorecard };
      this.watch.told(audit, news, scorecard ? compare(this.vault, audit, scorecard) : null);
      return;
    }
  }

  /** The server came back from an older copy: its order began anew, and what it had is asked for again. @param {string} audit */
  async #restored(audit) {
    this.#pulled.set(audit, 0);
    this.#checked.delete(audit);
    await this.vault.setRecord(`restored:${audit}`, new Date().toISOString());
    const photos = this.vault
      .entries(audit)
      .flatMap((entry) =>
        from(entry) && withBytes(entry.change.kind) ? [entry.change.value.sha256] : [],
      );
    await this.vault.offerPhotos(photos);
    this.watch.again();
  }
}

/**
 * Where both hold the same changes and the same edition, both must say the same.
 * @param {Vault} vault @param {string} audit @param {any} told @returns {Mismatch | null}
 */
const compare = (vault, audit, { head, ...there }) => {
  const pack = vault.record(`pack:${vault.prepared(audit)}`);
  const entries = vault.entries(audit).filter(counts);
  const same = entries.length === head && entries.every(({ seq }) => seq && seq <= head);
  if (!pack || !same) return null;
  const ledger = new Ledger(vault, JSON.parse(pack));
  const here = ledger.scorecard;
  ledger.close();
  if (here.edition.sha256 !== there.edition.sha256) return null;
  return canonical(here) === canonical(there) ? null : { audit, head, here, there };
};
