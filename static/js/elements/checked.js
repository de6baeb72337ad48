// The findings of an open audit, and those a person has looked at and answered on this phone.

import { checks } from "../domain/checks.js";
import { audits, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("../domain/finding.js").Finding} Finding */
/** @typedef {Record<string, {reason: string, at: string}>} Seen */

/** @param {Open} open */
const record = (open) => `checks:${open.pack.audit.id}`;

/** What was answered on this phone, by the finding's key. @param {Open} open @returns {Seen} */
export const seenIn = (open) => JSON.parse(walk.vault.record(record(open)) ?? "{}");

/** Everything found now. @param {Open} open @returns {Finding[]} */
const findings = ({ ledger, pack }) => {
  const { state, changes } = ledger;
  /** @type {Record<string, string>} */
  const where = {};
  for (const photo of Object.values(state.photos).flat())
    where[photo.value.sha256] = walk.vault.photoState(photo.value.sha256);
  // The office may have been given its position after this phone was prepared.
  const told = audits().find((one) => one.id === pack.audit.id) ?? pack.audit;
  const position = told.office.position ?? pack.audit.office.position ?? null;
  return checks({
    edition: /** @type {any} */ (pack.edition),
    state,
    changes,
    audit: { planned_on: told.planned_on, office: { position } },
    where,
    now: Date.now(),
  });
};

/**
 * To be done or looked at, what waits by itself, and what was answered.
 * @param {Open} open @returns {{open: Finding[], later: Finding[], seen: Finding[]}}
 */
export const checked = (open) => {
  const seen = seenIn(open);
  const found = findings(open);
  const due = found.filter(({ weight }) => weight !== "later");
  return {
    open: due.filter(({ key }) => !Object.hasOwn(seen, key)),
    later: found.filter(({ weight }) => weight === "later"),
    seen: due.filter(({ key }) => Object.hasOwn(seen, key)),
  };
};

/** Look at it again. @param {Open} open @param {string} key */
export const unsee = async (open, key) => {
  const { [key]: _gone, ...rest } = seenIn(open);
  await walk.vault.setRecord(record(open), JSON.stringify(rest));
};

/** @param {Open} open @param {string} criterion @returns {string} */
const ownNote = ({ ledger }, criterion) =>
  ledger
    .standing(`note ${criterion} ${walk.person.id}`)
    .map((one) => one.value)
    .filter(Boolean)
    .join("\n");

/**
 * It is all right, for a reason: a line of one's own note, which travels, and a mark on this phone.
 * @param {Open} open @param {Finding} finding @param {string} title @param {string} reason
 * @returns {Promise<{saved: "both" | "one", undo: () => Promise<unknown>}>}
 */
export const see = async (open, finding, title, reason) => {
  const { criterion, key } = finding;
  const before = ownNote(open, criterion);
  const line = `${title}: ${reason}`;
  const text = [before, line].filter(Boolean).join("\n").slice(0, 4000);
  const { saved } = await open.ledger.note(criterion, text);
  const all = { ...seenIn(open), [key]: { reason, at: new Date().toISOString() } };
  await walk.vault.setRecord(record(open), JSON.stringify(all));
  const undo = async () => {
    // What was written meanwhile stays. The mark goes last: with it the button is there again.
    const same = ownNote(open, criterion) === text;
    const undone = same ? await open.ledger.note(criterion, before) : null;
    await unsee(open, key);
    return undone;
  };
  return { saved, undo };
};
