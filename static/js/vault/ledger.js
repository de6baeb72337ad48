// One open audit: its state and scorecard, and the only way to say something about it.

import { canonical } from "../domain/canonical.js";
import { tidy } from "../domain/change.js";
import { fold } from "../domain/fold.js";
import { reading } from "../domain/reading.js";
import { tally } from "../domain/tally.js";

/** @typedef {import("./vault.js").Vault} Vault */
/** @typedef {import("./vault.js").Entry} Entry */
/** @typedef {import("../domain/fold.js").State} State */
/** @typedef {import("../domain/change.js").Change} Change */
/** @typedef {{audit: {id: string}, edition: any} & Record<string, any>} Pack */
/** @typedef {{saved: "both" | "one", entry: Entry | null}} Saved entry is null when it was so already */

export class Ledger extends EventTarget {
  #vault;
  /** @type {State | null} */
  #state = null;
  /** @type {{answers: import("../domain/tally.js").Answers, strange: string[],
   *   scorecard: import("../domain/tally.js").Scorecard} | null} */
  #read = null;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  #off = new AbortController();

  /** @param {Vault} vault @param {Pack} pack @param {string} [sha256] the pack's own name */
  constructor(vault, pack, sha256 = vault.prepared(pack.audit.id)) {
    super();
    this.#vault = vault;
    this.pack = pack;
    this.packSha = sha256;
    this.audit = pack.audit.id;
    vault.addEventListener(
      "entries",
      (event) => {
        if (/** @type {CustomEvent} */ (event).detail.audit === this.audit) this.#changed();
      },
      { signal: this.#off.signal },
    );
  }

  /** Stop listening. */
  close() {
    this.#off.abort();
  }

  #changed() {
    this.#state = null;
    this.#read = null;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** What counts here: all but the changes from here that the server holds. @returns {Change[]} */
  get changes() {
    return this.#vault
      .entries(this.audit)
      .filter(counts)
      .map((entry) => entry.change);
  }

  /** @returns {State} */
  get state() {
    this.#state ??= fold(this.changes);
    return this.#state;
  }

  get #reading() {
    if (!this.#read) {
      const { edition } = this.pack;
      const { strange, ...answers } = reading(edition, this.state);
      this.#read = { answers, scorecard: tally(edition, answers), strange };
    }
    return this.#read;
  }

  /** What the scorecard was made of. */
  get answers() {
    return this.#reading.answers;
  }

  get scorecard() {
    return this.#reading.scorecard;
  }

  /** What stands here and this pack has no place for: kept, sent, not counted. */
  get strange() {
    return this.#reading.strange;
  }

  /** @param {string} register @returns {import("../domain/fold.js").Standing[]} */
  standing(register) {
    return this.state.registers[register] ?? [];
  }

  /** `P01`, `Q1.1`, `R1/1.1`; "met", "not_met", points, null (cleared) or {na: reason}. @param {string} target @param {any} value */
  answer(target, value) {
    return this.#say("answer", target, value, `answer ${target}`);
  }

  /** @param {string} target `P08:lux_counter` @param {number | boolean | null} value */
  measure(target, value) {
    return this.#say("measurement", target, value, `measurement ${target}`);
  }

  /** One's own note; "" clears it. @param {string} criterion @param {string} text */
  note(criterion, text) {
    return this.#say("note", criterion, text, `note ${criterion} ${this.#vault.person}`);
  }

  /** Who walks a section, as the team agrees among itself. @param {string} section @param {string | null} person */
  assign(section, person) {
    return this.#say("assignment", section, person, `assignment ${section}`);
  }

  /** A signature over what is found; null takes it back. @param {"assessor" | "office"} whose @param {any} signature */
  sign(whose, signature) {
    const own = whose === "assessor" ? ` ${this.#vault.person}` : "";
    return this.#say("signature", whose, signature, `signature ${whose}${own}`);
  }

  /** Submit what is found, anew each time it is said; null recalls. @param {any} submission */
  submit(submission) {
    const said = this.#turn.then(() =>
      this.#append("submission", "audit", submission, idsOf(this.standing("submission"))),
    );
    this.#turn = said.catch(() => {});
    return said;
  }

  /** @param {string} photoId id of the photo's change @param {string} text */
  caption(photoId, text) {
    return this.#say("caption", photoId, text, `caption ${photoId}`);
  }

  /** The bytes are in the vault already. @param {string} criterion @param {any} stored the value of the photo's change */
  addPhoto(criterion, stored) {
    return this.#append("photo", criterion, stored, []);
  }

  /** @param {string} photoId @param {string} reason */
  removePhoto(photoId, reason) {
    if (!reason.trim()) throw new TypeError("a removal needs a reason");
    return this.#append("photo-removed", photoId, { reason }, []);
  }

  /** A document or video whose bytes are in the vault already. @param {string} criterion @param {{sha256: string, bytes: number, type: string, name: string}} stored */
  addFile(criterion, stored) {
    return this.#append("attachment", criterion, stored, []);
  }

  /** @param {string} criterion @param {{url: string, title: string}} link */
  addLink(criterion, link) {
    return this.#append("link", criterion, link, []);
  }

  /** Take out a file or a link. @param {"attachment" | "link"} kind @param {string} id of its change @param {string} reason */
  withdraw(kind, id, reason) {
    if (!reason.trim()) throw new TypeError("a removal needs a reason");
    return this.#append(`${kind}-removed`, id, { reason }, []);
  }

  /**
   * End a conflict with the value agreed upon.
   * @param {string} register @param {any} value @param {string} reason
   * @param {import("../domain/fold.js").Standing[]} [shown] what its author saw standing
   */
  settle(register, value, reason, shown = this.standing(register)) {
    return this.#append("resolution", register, { value, reason }, idsOf(shown));
  }

  /**
   * @param {string} kind
   * @param {string} target
   * @param {any} typed
   * @param {string} register
   * @returns {Promise<Saved>}
   */
  #say(kind, target, typed, register) {
    const value = tidy(typed);
    // Two taps in one breath: the second has to name the first, so it waits until that is kept.
    const said = this.#turn.then(() => {
      const standing = this.standing(register);
      const mine = standing.some((one) =>
        one.changes.some(({ author }) => author === this.#vault.person),
      );
      // Said already, by this person too, and nobody says otherwise: nothing to add.
      if (mine && standing.length === 1 && canonical(standing[0].value) === canonical(value))
        return { saved: /** @type {const} */ ("both"), entry: null };
      return this.#append(kind, target, value, idsOf(standing));
    });
    this.#turn = said.catch(() => {});
    return said;
  }

  /**
   * @param {string} kind
   * @param {string} target
   * @param {any} value
   * @param {string[]} supersedes
   * @returns {Promise<Saved>}
   */
  async #append(kind, target, value, supersedes) {
    const draft = { kind, target, value: tidy(value), supersedes, pack: this.packSha };
    const entry = await this.#vault.append(this.audit, draft);
    return { saved: entry.saved, entry };
  }
}

/** @param {import("../domain/fold.js").Standing[]} standing */
const idsOf = (standing) => standing.flatMap(({ changes }) => changes.map(({ id }) => id));

/** Whether it goes to the server from here: one's own, or carried. @param {Entry} entry */
export const from = ({ own, carried }) => own || carried;

/** @param {Entry} entry */
export const counts = (entry) => !(from(entry) && entry.verdict === "held");
