// Surveys with fixed figures that this audit can take as evidence, as the server said last: kept,
// so that they stand at their criterion without network too.

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {{id: string, criterion: string, title: {th: string, en: string}, n: number,
 *   percent: string, mean: string,
 *   file: {sha256: string, bytes: number, type: string, name: string}}} Offer */

/** @param {string} audit */
const name = (audit) => `surveys:${audit}`;

/**
 * Keep the surveys that a pull brought; a server of an earlier release says nothing of them.
 * @param {Vault} vault @param {string} audit @param {any} answer
 */
export const keepSurveys = async (vault, audit, { surveys }) => {
  if (!Array.isArray(surveys)) return;
  const text = JSON.stringify(surveys);
  // They come again with the next pull: a full disk stops nothing else.
  if ((vault.record(name(audit)) ?? "[]") !== text)
    await vault.setRecord(name(audit), text).catch(() => {});
};

/** The surveys offered at a criterion. @param {Vault} vault @param {string} audit @param {string} criterion @returns {Offer[]} */
export const surveysOf = (vault, audit, criterion) => {
  const text = vault.record(name(audit));
  if (!text) return [];
  const all = /** @type {Offer[]} */ (JSON.parse(text));
  return all.filter((one) => one.criterion === criterion);
};
