// The open walk: whose it is, the store, the courier, and one ledger for each audit looked at.

import { language } from "../helpers/words.js";
import { Courier } from "../sync/courier.js";
import { held, spoilt, unsent } from "../sync/outbox.js";
import { enrol } from "../sync/wire.js";
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
 *   official_no_en: string | null,
 *   kind: "gate" | "scored" | "advisory", points: number, parts: Part[],
 *   measurements: Measurement[], evidence: string[], min_photos: number,
 *   not_applicable: boolean, provenance: {status: string, note: string | null}}} Criterion
 */
/** @typedef {{code: string, title: Words | null, criteria: Criterion[]}} Group */
/** @typedef {{code: string, title: Words, kind: string, groups: Group[]}} Section */
/** @typedef {{code: string, name: Words, min: number, colour: string | null}} Level */
/**
 * @typedef {{id: string, kind: "visit" | "self", office: {code: string, name: Words, position?: {lat: number, lon: number} | null},
 *   round: {name: any, fiscal_year: number}, planned_on: string | null, stage: string, lead?: string | null,
 *   people: {id: string, name: Words, role: string}[], may_write: boolean}} Audit
 */
/**
 * @typedef {{audit: Audit, edition: {sections: Section[], levels: Level[]},
 *   previous: {label: Words, answers: Record<string, any>, notes: Record<string, string>} | null,
 *   previous_photos?: import("../sync/previous.js").PreviousPhotos,
 *   carried?: import("../domain/carried.js").Carried | null}} Pack
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
  const label = navigator.userAgent.slice(0, 300);
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
  // In sight nothing is left behind; out of sight a page may be ended without another word.
  addEventListener("pagehide", () => {
    walk.vault.leaving = true;
  });
  document.addEventListener("visibilitychange", () => {
    walk.vault.leaving = document.hidden;
  });
};

let told = { text: "", audits: /** @type {Audit[]} */ ([]) };

/** The visits as the server last told them. */
export const listed = () => {
  const text = walk.vault.record("audits") ?? '{"audits":[]}';
  if (text !== told.text) told = { text, audits: JSON.parse(text).audits };
  return told.audits;
};

/** Those, and any other that this phone holds unfinished work of. @returns {Audit[]} */
export const audits = () => {
  const all = listed();
  const { vault } = walk;
  const gone = vault
    .audits()
    .filter(
      (id) =>
        !all.some((one) => one.id === id) &&
        (unsent(vault, [id]).since || held(vault, [id]).length || spoilt(vault, [id]).length),
    );
  return [...all, ...gone.flatMap((id) => openAudit(id)?.pack.audit ?? [])];
};

/** Whether the server has told a list and this audit is not on it. @param {string} audit */
export const unlisted = (audit) =>
  walk.vault.record("audits") !== undefined && !listed().some((one) => one.id === audit);

/** @typedef {{ledger: Ledger, pack: Pack, sha: string}} Open */
/** @type {Map<string, Open>} */
const open = new Map();

/** The ledger and pack of one audit, the same object until it is prepared anew. @param {string} audit @returns {Open | null} */
export const openAudit = (audit) => {
  const sha = walk.vault.prepared(audit);
  let one = open.get(audit) ?? null;
  if (one?.sha === sha) return one;
  const text = walk.vault.record(`pack:${sha}`);
  if (!text) return one;
  one?.ledger.close();
  const pack = JSON.parse(text);
  one = { pack, sha, ledger: new Ledger(walk.vault, pack) };
  open.set(audit, one);
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
