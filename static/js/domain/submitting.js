// What stands between a visit and its submission: every reason, not only the first. Pure.
// The twin of app/audits/rules/submitting.py; tests/cases/submitting/ holds both to the same truth.

import { criteriaOf, targetOf } from "./edition.js";
import { newest } from "./fold.js";

/** @typedef {import("./edition.js").Edition} Edition */
/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./fold.js").State} State */
/**
 * @typedef {"submission.blank" | "submission.conflict" | "submission.evidence" |
 *   "submission.measurement" | "submission.signature-assessor" | "submission.signature-office" |
 *   "submission.signature-head" | "submission.stale"} Code
 */
/** @typedef {{code: Code, criterion: string | null, register: string | null}} SubmitRefusal */
/**
 * `digest` is that of `state`; `lead` who submits: a visit's lead, a head of the office that
 * assesses itself; `over` what a submission that stands was said over; `again` whether it is a
 * resubmission, for which the office's earlier signature stands.
 * @typedef {{edition: Edition, state: State, digest: string, lead: string | null,
 *   over?: string | null, again?: boolean, kind?: "visit" | "self"}} Asked
 */

/** @param {Asked} asked @returns {SubmitRefusal[]} */
export const refusals = (asked) => {
  const { edition, state, digest, lead, over = null, again = false, kind = "visit" } = asked;
  const found = criteriaOf(edition).flatMap((criterion) => ofCriterion(state, criterion));
  /** @param {Code} code @param {string | null} register */
  const whole = (code, register) => found.push({ code, criterion: null, register });
  if (kind === "self") {
    // An office that assesses itself has one signature: that of the head who submits.
    if (signedOver(state, OFFICE, lead ?? "") !== digest)
      whole("submission.signature-head", OFFICE);
  } else {
    const own = `signature assessor ${lead}`;
    if (signedOver(state, own) !== digest) whole("submission.signature-assessor", own);
    const office = signedOver(state, OFFICE);
    if (again ? office === null : office !== digest)
      whole("submission.signature-office", OFFICE);
  }
  if (over !== null && over !== digest) whole("submission.stale", null);
  return found;
};

const OFFICE = "signature office";

/** What the signature that counts, of anybody or of this person, was given for; null where there is none. @param {State} state @param {string} register @param {string | null} [by] */
export const signedOver = (state, register, by = null) =>
  newest(state.registers[register] ?? [], by)?.value?.over ?? null;

/** @param {State} state @param {Criterion} criterion @returns {SubmitRefusal[]} */
const ofCriterion = (state, criterion) => {
  const { code, measurements, min_photos: need } = criterion;
  /** @type {SubmitRefusal[]} */
  const found = [];
  /** @param {Code} what @param {string} register */
  const add = (what, register) => found.push({ code: what, criterion: code, register });
  const parts = criterion.kind === "scored" ? criterion.parts : [null];
  const answers = parts.map((part) => `answer ${targetOf(criterion, part?.code ?? "")}`);
  const figures = measurements.map(({ key }) => `measurement ${code}:${key}`);
  const photos = (state.photos[code] ?? []).filter((photo) => !photo.removed);
  const captions = photos.map(({ id }) => `caption ${id}`);
  for (const register of [...answers, ...figures, ...captions])
    if ((state.registers[register] ?? []).length > 1) add("submission.conflict", register);
  if (criterion.kind !== "advisory")
    for (const register of answers)
      if (!said(state, register).length) add("submission.blank", register);
  const good = answers.some((register) => said(state, register).some(isGood));
  if (!good || criterion.kind === "advisory") return found;
  if (photos.length < need) add("submission.evidence", `photo ${code}`);
  for (const register of figures)
    if (!said(state, register).length) add("submission.measurement", register);
  return found;
};

/** What stands and is no blank. @param {State} state @param {string} register */
const said = (state, register) =>
  (state.registers[register] ?? []).map(({ value }) => value).filter((one) => one !== null);

/** @param {any} value */
const isGood = (value) => value === "met" || (typeof value === "number" && value > 0);
