// Improvement tasks of the office that are not settled, as the server said last: kept, so that
// they stand at their criterion without network too.

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {{id: string, criterion: string, what: string, due: string,
 *   who: {th: string, en: string}, state: string}} Task */

/** @param {string} audit */
const name = (audit) => `tasks:${audit}`;

/**
 * Keep the tasks that a pull brought; a server of an earlier release says nothing of them.
 * @param {Vault} vault @param {string} audit @param {any} answer
 */
export const keepTasks = async (vault, audit, { tasks }) => {
  if (!Array.isArray(tasks)) return;
  const text = JSON.stringify(tasks);
  const known = vault.record(name(audit)) ?? "[]";
  // They come again with the next pull: a full disk stops nothing else.
  if (known !== text) await vault.setRecord(name(audit), text).catch(() => {});
};

/** @type {WeakMap<Vault, Map<string, {text: string, tasks: Task[]}>>} */
const read = new WeakMap();

/** The tasks that stand at a criterion. @param {Vault} vault @param {string} audit @param {string} criterion */
export const tasksOf = (vault, audit, criterion) => {
  const text = vault.record(name(audit));
  if (!text) return [];
  const all = read.get(vault) ?? new Map();
  read.set(vault, all);
  if (all.get(audit)?.text !== text) all.set(audit, { text, tasks: JSON.parse(text) });
  const { tasks } = /** @type {{tasks: Task[]}} */ (all.get(audit));
  return tasks.filter((one) => one.criterion === criterion);
};
