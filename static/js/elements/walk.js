// The open walk: whose it is, the store, the courier, and one ledger for each audit looked at.

import { fetchTimeout } from "../helpers/fetching.js";
import { language } from "../helpers/words.js";
import { Courier } from "../sync/courier.js";
import { enrol, whoIsHere } from "../sync/enrol.js";
import { Ledger } from "../vault/ledger.js";
import { Vault } from "../vault/vault.js";

/** @typedef {{th: string, en: string}} Words */
/** @typedef {{id: string, name: string}} Person */
/** @typedef {{points: number, title: Words | null}} Step */
/** @typedef {{code: string, title: Words | null, points: number, composed: boolean, steps: Step[]}} Part */
/**
 * @typedef {{key: string, label: Words, unit: string, op: string | null, value: any,
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

const PERSON = "walk-person";

/** What every view needs; filled once by `openWalk`. */
export const walk = {
  /** @type {Vault} */ vault: /** @type {any} */ (null),
  /** @type {Courier} */ courier: /** @type {any} */ (null),
  /** @type {Person} */ person: { id: "", name: "" },
};

/** Who signed in last on this device, as a desk page or the enrolment left it. @returns {Person | null} */
export const lastPerson = () => {
  try {
    const person = JSON.parse(localStorage.getItem(PERSON) ?? "null");
    return typeof person?.id === "string" ? person : null;
  } catch {
    return null;
  }
};

/** @param {Person | null} person null forgets who it was; the store itself stays */
export const rememberPerson = (person) => {
  if (person) localStorage.setItem(PERSON, JSON.stringify(person));
  else localStorage.removeItem(PERSON);
};

const OWED = "walk-sign-out-owed";

/** End the session at the server; without network it stays owed until there is one. */
export const endSession = async () => {
  entered();
  localStorage.setItem(OWED, "1");
  const answer = await fetchTimeout(
    "/sign-out",
    { method: "POST", redirect: "manual" },
    4000,
  ).catch(() => null);
  // The answer is a redirect to the sign-in page, which "manual" shows as opaque.
  if (answer?.type === "opaqueredirect" || answer?.ok) localStorage.removeItem(OWED);
};

/** Whether somebody signed out here while the server could not hear it. */
export const sessionOwed = () => localStorage.getItem(OWED) !== null;

/** Whether somebody signed in since this was last asked: the server leaves a note for us. */
const entered = () => {
  const noted = /(^|; )entered=1/.test(document.cookie);
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is younger than our floor
  if (noted) document.cookie = "entered=; path=/; max-age=0; samesite=lax";
  return noted;
};

/** A sign-in since the last look ended any session before it, and may be somebody else's. */
export const welcome = () => {
  if (!entered()) return;
  localStorage.removeItem(OWED);
  rememberPerson(null);
};

/** Who holds the session here; null when nobody does, or it should have ended. @returns {Promise<Person | null>} */
export const whoHolds = async () => {
  if (sessionOwed()) await endSession();
  if (sessionOwed()) return null;
  const owner = await whoIsHere().catch(() => null);
  return owner && { id: owner.id, name: inLang(owner.name) };
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
