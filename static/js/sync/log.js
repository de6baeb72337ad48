// The server's log as this phone remembers it: it may only grow, and what breaks that is told.

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {{at: string, reason: string}} Restored */
/** @typedef {{epoch: number, size: number, root: string, at: string, restored: Restored | null}} Seen */
/** @typedef {{at: string, why: "note" | "epoch" | "smaller" | "proof"}} Broken */
/**
 * @typedef {null | {broken: Broken | null, epoch: number, size: number, at: string,
 *   restored: Restored | null}} LogState
 */

/** The newest checkpoint is written down this often at most; one that came with a receipt sooner. */
const WRITE_EVERY = 600_000;
const RECEIPT_EVERY = 60_000;

export class Log {
  #written = Number.NEGATIVE_INFINITY;

  /** @param {Vault} vault @param {{log(): void, restored(): void}} watch */
  constructor(vault, watch) {
    this.vault = vault;
    this.watch = watch;
  }

  /** @returns {LogState} */
  get state() {
    const { checkpoint } = this.vault;
    const broken = this.#broken;
    if (!checkpoint && !broken) return null;
    const { epoch = 0, size = 0, at = "", restored = null } = checkpoint ?? {};
    return { broken, epoch, size, at, restored };
  }

  /** @returns {Broken | null} */
  get #broken() {
    return JSON.parse(this.vault.record("log-broken") || "null");
  }

  /**
   * Hold an answer's log against what was remembered when it was asked for.
   * @param {any} log the answer's own field, absent from an earlier server
   * @param {Seen | null} before
   * @param {boolean} receipt the answer took changes
   */
  async hear(log, before, receipt = false) {
    if (!log) return;
    const { parseCheckpoint, verifyConsistency } = await import("../domain/merkle.js");
    const said = parseCheckpoint(log.checkpoint);
    const { epoch } = log;
    if (!said?.origin.endsWith(`/log/${epoch}`)) return this.#breaks("note");
    const { size, root } = said;
    const at = new Date().toISOString();
    const now = { epoch, size, root, at, restored: before?.restored ?? null };
    if (before && epoch > before.epoch) return this.#restored(now, log.epochs);
    if (before && epoch < before.epoch) return this.#breaks("epoch");
    if (before && size < before.size) return this.#breaks("smaller");
    if (before && !(await verifyConsistency(before, said, log.consistency ?? [])))
      return this.#breaks("proof");
    return this.#remember(now, receipt);
  }

  /**
   * Whether the server came back from an older copy, for a phone that has nothing to send or fetch.
   * @param {import("./wire.js").Wire} wire
   */
  async movedOn(wire) {
    const { checkpoint } = this.vault;
    if (!checkpoint) return false;
    // No answer says nothing: the next request finds out what is wrong with the road.
    const text = await wire.send("/log/checkpoint").then(
      (response) => response.text(),
      () => "",
    );
    return Number(/^\S+\/log\/(\d+)\n/.exec(text)?.[1] ?? 0) > checkpoint.epoch;
  }

  /** @param {Seen} now @param {boolean} receipt */
  async #remember(now, receipt) {
    const { checkpoint } = this.vault;
    // Another tab may have heard more meanwhile.
    if (checkpoint && (checkpoint.epoch > now.epoch || checkpoint.size >= now.size)) return;
    this.vault.newest = now;
    this.watch.log();
    const every = receipt ? RECEIPT_EVERY : WRITE_EVERY;
    if (performance.now() - this.#written < every) return;
    this.#written = performance.now();
    await this.vault.setRecord("checkpoint", JSON.stringify(now));
  }

  /**
   * Told once; what was remembered stays. Perhaps the server is an older copy of itself and nobody
   * said so: everything is offered again here too.
   * @param {Broken["why"]} why
   */
  async #breaks(why) {
    if (this.#broken) return;
    const at = new Date().toISOString();
    const { checkpoint } = this.vault;
    const told = JSON.stringify({ at, why, checkpoint });
    if (why === "note") await this.vault.setRecord("log-broken", told);
    else await this.#offer(at, [["log-broken", told]]);
    this.watch.log();
  }

  /** Whatever the server confirmed is offered again. @param {string} at @param {[name: string, text: string][]} last written after all else, so that a kill leaves nothing out */
  async #offer(at, last) {
    const { vault } = this;
    await vault.ready;
    await vault.offerPhotos(vault.here);
    const records = [...vault.audits().map((audit) => [`restored:${audit}`, at]), ...last];
    await vault.write(
      records.map(([name, text]) => ({
        kind: /** @type {const} */ ("R"),
        data: { name, text },
      })),
    );
    this.watch.restored();
  }

  /** The server says itself that it came back from an older copy. @param {Seen} now @param {any[]} [epochs] */
  async #restored(now, epochs = []) {
    const declared = epochs.find(({ number }) => number === now.epoch);
    const restored = { at: declared?.started_at ?? now.at, reason: declared?.reason ?? "" };
    /** @type {[string, string][]} */
    const last = [["checkpoint", JSON.stringify({ ...now, restored })]];
    const why = this.#broken?.why;
    // A declared restore explains a smaller log, though not a wrong one.
    if (why === "smaller" || why === "epoch") last.unshift(["log-broken", ""]);
    await this.#offer(now.at, last);
    this.vault.newest = null;
    this.watch.log();
  }
}
