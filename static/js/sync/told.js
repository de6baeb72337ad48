// Where an audit stands, as the server said last: kept, so that it is known without network too.

import { counts } from "../vault/ledger.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {{th: string, en: string}} Words */
/** @typedef {{code: string, th: string, en: string, criterion: string | null}} Refusal */
/** @typedef {{criterion: string, reason: string, by: Words, at: string, n: number}} Return */
/** @typedef {{n: number, action: string, after: string, at: string, by: Words, reason: string | null, head: number}} Step */
/**
 * @typedef {{stage: string,
 *   submission: {standing: string | null, refusals: Refusal[],
 *     taken: {n: number, at: string, head: number} | null},
 *   returned: Return[], earlier_returns: Return[], steps: Step[]}} Standing
 */

/** @param {string} audit */
const name = (audit) => `told:${audit}`;

/**
 * Keep what an answer to a push or a pull says; a server of an earlier release says nothing.
 * @param {Vault} vault @param {string} audit @param {any} answer
 */
export const keepTold = async (vault, audit, { stage, submission, ...more }) => {
  if (typeof stage !== "string" || !submission) return;
  const { standing = null, refusals = [], taken = null } = submission;
  const { returned = [], earlier_returns = [], steps = [] } = more;
  const told = { standing, refusals, taken };
  const text = JSON.stringify({ stage, submission: told, returned, earlier_returns, steps });
  // It comes again with the next answer: a full disk stops nothing else.
  if (vault.record(name(audit)) !== text)
    await vault.setRecord(name(audit), text).catch(() => {});
};

/** @type {WeakMap<Vault, Map<string, {text: string, told: Standing}>>} */
const read = new WeakMap();

/** @param {Vault} vault @param {string} audit @returns {Standing | null} */
export const toldOf = (vault, audit) => {
  const text = vault.record(name(audit));
  if (!text) return null;
  const all = read.get(vault) ?? new Map();
  read.set(vault, all);
  if (all.get(audit)?.text !== text) all.set(audit, { text, told: JSON.parse(text) });
  return all.get(audit).told;
};

/** The newest submission or recall that counts here. @param {Vault} vault @param {string} audit */
export const lastWord = (vault, audit) =>
  vault
    .entries(audit)
    .findLast((entry) => entry.change.kind === "submission" && counts(entry)) ?? null;

/** Whether the last step that submitted has seen it. @param {Vault} vault @param {Entry} entry */
const taken = (vault, { seq, change }) => {
  const head = toldOf(vault, change.audit)?.submission.taken?.head ?? 0;
  return seq !== null && seq <= head;
};

/**
 * A submission that has not taken effect yet, sent or not.
 * @param {Vault} vault @param {string} audit @returns {Entry | null}
 */
export const pending = (vault, audit) => {
  const last = lastWord(vault, audit);
  return last?.change.value && !taken(vault, last) ? last : null;
};

/** A recall of what the server has taken, before it says so. @param {Vault} vault @param {string} audit */
export const recalling = (vault, audit) => {
  const last = lastWord(vault, audit);
  const submitted = toldOf(vault, audit)?.stage === "submitted";
  return submitted && last !== null && !last.change.value && !taken(vault, last);
};
