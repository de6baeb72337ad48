// The open walk: whose it is, the store, the courier, and one ledger for each audit looked at.

import { language } from "../helpers/words.js";
import { Courier } from "../sync/courier.js";
import { enrol } from "../sync/enrol.js";
import { Ledger } from "../vault/ledger.js";
import { Vault } from "../vault/vault.js";
import { whoHolds } from "./here.js";

/** @typedef {{th: string, en: string}} Words */
/** @typedef {import("./here.js").Person} Person */
/** @typedef {{points: number, title: Words | null}} Step */
/** @typedef {{code: string, title: Words | null, points: number, composed: boolean, steps: Step[]}} Part */
/**
 * @typedef {{key: string, label: Words, unit: string, unit_en: string, op: string | null, value: any,
 *   per: string | null, table: {up_to: number, min: number}[] | null}} Measurement
 */
/**
 * @typedef {{code: string, title: Words, guidance: Words | null, official_no: string | null,
 *   kind: "gate" | "scored" | "advisory", points: number, parts: Part[],
 *   measurements: Measurement[], evidence: string[], min_photos: number,
 *   not_applicable: boolean, provenance: {status: string, note: string | null}}} Criterion
 */
/** @typedef {{code: string, title: Words | null, criteria: Criterion[]}} Group */
/** @typedef {{code: string, title: Words, kind: string, groups: Group[]}} Section */
/** @typedef {{code: string, name: Words, min: number, colour: string | null}} Level */
/**
 * @typedef {{id: string, kind: "visit" | "self", office: {code: string, name: Words},
 *   round: {name: any, fiscal_year: number}, planned_on: string | null, stage: string,
 *   people: {id: string, name: Words, role: string}[], may_write: boolean}} Audit
 */
/**
 * @typedef {{audit: Audit, edition: {sections: Section[], levels: Level[]},
 *   previous: {label: Words, answers: Record<string, any>, notes: Record<string, string>} | null}} Pack
 */

/** What every view needs; filled once by `openWalk`. */
export const walk = {
  /** @type {Vault} */ vault: /** @type {any} */ (null),
  /** @type {Courier} */ courier: /** @type {any} */ (null),
  /** @type {Person} */ person: { id: "", name: "" },
};

/** Make this browser the open vault's person's device, or renew its key. */
export const enrolHere = async () => {
  if ((await whoHolds())?.id !== walk.person.id) return false;
  const label = navigator.userAgent.slice(0, 80);
  return enrol(label, walk.vault).then(
    () => true,
    () => false,
  );
};

/** @param {Person} person @throws VaultUnavailable */
export const openWalk = async (person) => {
  walk.person = person;
  walk.vault = await Vault.open(person.id);
  walk.courier = new Courier(walk.vault);
};

/** @returns {Audit[]} the visits as the server last told them */
export const audits = () =>
  JSON.parse(walk.vault.record("audits") ?? '{"audits":[]}').audits ?? [];

/** @param {string} audit @returns {Pack | null} what was prepared for it */
export const packOf = (audit) => {
  const prepared = walk.vault.record(`prepared:${audit}`);
  if (!prepared) return null;
  const pack = walk.vault.record(`pack:${JSON.parse(prepared).pack}`);
  return pack ? JSON.parse(pack) : null;
};

/** @typedef {{ledger: Ledger, pack: Pack}} Open */
/** @type {Map<string, Open>} */
const open = new Map();

/** The ledger and pack of one audit, the same object every time. @param {string} audit @returns {Open | null} */
export const openAudit = (audit) => {
  const prepared = walk.vault.record(`prepared:${audit}`) ?? "";
  const key = audit + prepared;
  let one = open.get(key);
  if (!one) {
    const pack = packOf(audit);
    if (!pack) return null;
    one = { pack, ledger: new Ledger(walk.vault, /** @type {any} */ (pack)) };
    open.set(key, one);
  }
  return one;
};

/** @param {Words | string | null | undefined} words */
export const inLang = (words) =>
  typeof words === "string" ? words : words ? words[language()] || words.th : "";

/** Every criterion with its section, in the edition's order. @param {Pack} pack */
export const criteriaOf = (pack) =>
  pack.edition.sections.flatMap((section) =>
    section.groups.flatMap((group) =>
      group.criteria.map((criterion) => ({ section, group, criterion })),
    ),
  );

/** Whether this person may change this audit now, as far as the phone has heard. @param {Pack} pack */
export const mayWrite = ({ audit }) => {
  const told = walk.courier.state.stages[audit.id]?.stage;
  const listed = audits().find((one) => one.id === audit.id);
  const stage = told ?? listed?.stage ?? audit.stage;
  return audit.may_write && stage !== "closed";
};
