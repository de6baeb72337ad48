/**
 * What an assessor had better look at before leaving: found in what the phone holds, without
 * network. A finding is a question, never a verdict; tests/cases/checks/ says what is found.
 */

import { photoChecks } from "./checks-photos.js";
import { criteriaOf, targetOf } from "./edition.js";
import { finding } from "./finding.js";
import { verdict } from "./measure.js";

/** @typedef {import("./edition.js").Criterion} Criterion */
/** @typedef {import("./change.js").Change} Change */
/** @typedef {import("./fold.js").State} State */
/** @typedef {import("./finding.js").Bare} Bare */
/** @typedef {import("./finding.js").Code} Code */
/** @typedef {import("./finding.js").Finding} Finding */
/** @typedef {import("./finding.js").Held} Held */

/** What must be done on site first. @type {[Code, "here" | "look" | "later"][]} */
const ORDER = [
  ["photo-lost", "here"],
  ["photo-refused", "here"],
  ["conflict", "here"],
  ["blank", "here"],
  ["photo-none", "here"],
  ["photo-few", "here"],
  ["measure-missing", "here"],
  ["measure-outside", "look"],
  ["photo-twice", "look"],
  ["photo-before", "look"],
  ["photo-after", "look"],
  ["photo-far", "look"],
  ["answers-quick", "look"],
  ["photo-unsent", "later"],
];
/** Faster than anybody reads the next criterion, and so often in a row. */
const QUICK = 2_000;
const IN_A_ROW = 3;

/** @param {Held} held @returns {Finding[]} what must be done on site first */
export const checks = (held) => {
  const criteria = criteriaOf(held.edition);
  const found = [
    ...criteria.flatMap((criterion) => answerChecks(held.state, criterion)),
    ...photoChecks(held, criteria),
    ...quickAnswers(held, new Set(criteria.map(({ code }) => code))),
  ];
  const place = new Map(criteria.map(({ code }, i) => [code, i]));
  return ORDER.flatMap(([code, weight]) =>
    found
      .filter((one) => one.code === code)
      .sort((a, b) => Number(place.get(a.criterion)) - Number(place.get(b.criterion)))
      .map((one) => ({ ...one, weight })),
  );
};

/** @param {State} state @param {Criterion} criterion @returns {Bare[]} */
const answerChecks = (state, criterion) => {
  const { code } = criterion;
  const parts = criterion.kind === "scored" ? criterion.parts : [null];
  const answers = parts.map(
    (part) => state.registers[`answer ${targetOf(criterion, part?.code ?? "")}`] ?? [],
  );
  const found = [];
  const torn = [
    ...answers.map((standing) => standing.length),
    ...criterion.measurements.map(({ key }) => measured(state, code, key).length),
    ...(state.photos[code] ?? []).map((photo) => (photo.removed ? 0 : photo.caption.length)),
  ];
  if (torn.some((voices) => voices > 1)) found.push(finding("conflict", code, {}));
  const blank = answers.filter(
    (standing) => standing.length < 2 && said(standing) === null,
  ).length;
  if (blank && criterion.kind !== "advisory")
    found.push(finding("blank", code, { blank, parts: parts.length }));
  const answered = answers.map(said).some((value) => value !== null && !isAway(value));
  if (!answered) return found;
  return [...found, ...photoCount(state, criterion, answers), ...measures(state, criterion)];
};

/** The one answer there is; null for none, a cleared one, or several. @param {import("./fold.js").Standing[]} standing */
const said = (standing) => (standing.length === 1 ? standing[0].value : null);

/** Not applicable. @param {any} value */
const isAway = (value) => typeof value === "object";

/** @param {any} value */
const isGood = (value) => value === "met" || (typeof value === "number" && value > 0);

/**
 * @param {State} state @param {Criterion} criterion
 * @param {import("./fold.js").Standing[][]} answers
 * @returns {Bare[]}
 */
const photoCount = (state, criterion, answers) => {
  const { code, min_photos: need, evidence } = criterion;
  const have = (state.photos[code] ?? []).filter((photo) => !photo.removed).length;
  if (!answers.some((standing) => isGood(said(standing)))) return [];
  if (have >= need && (have || !evidence.includes("photo"))) return [];
  const name = have ? "photo-few" : "photo-none";
  return [finding(name, code, { have, need })];
};

/** @param {State} state @param {string} code @param {string} key */
const measured = (state, code, key) => state.registers[`measurement ${code}:${key}`] ?? [];

/** @param {State} state @param {Criterion} criterion @returns {Bare[]} */
const measures = (state, criterion) => {
  const { code, measurements, parts } = criterion;
  const values = Object.fromEntries(
    measurements.map(({ key }) => [key, said(measured(state, code, key))]),
  );
  const missing = measurements
    .filter(({ key }) => values[key] === null && measured(state, code, key).length < 2)
    .map(({ key }) => key);
  const found = missing.length ? [finding("measure-missing", code, { keys: missing })] : [];
  const full =
    criterion.kind === "scored"
      ? parts.every(
          (part) =>
            said(state.registers[`answer ${targetOf(criterion, part.code)}`] ?? []) ===
            part.points / 100,
        )
      : said(state.registers[`answer ${code}`] ?? []) === "met";
  if (!full) return found;
  const outside = measurements
    .filter((one) => verdict(one, values[one.key], values) === "outside")
    .map(({ key }) => finding("measure-outside", code, { key }, `${key} ${values[key]}`));
  return [...found, ...outside];
};

/**
 * Answers of one device that came faster than anybody reads, several in a row, and still stand.
 * Other parts of the same criterion, corrections and clearing are no haste.
 * @param {Held} held @param {Set<string>} known @returns {Bare[]}
 */
const quickAnswers = ({ changes, state }, known) => {
  /** @type {Map<string, Change[]>} */
  const devices = new Map();
  for (const change of changes) {
    if (change.kind !== "answer" || change.value === null) continue;
    const mine = devices.get(change.device);
    if (mine) mine.push(change);
    else devices.set(change.device, [change]);
  }
  return [...devices.values()].flatMap((mine) =>
    rowsOf(mine.sort((a, b) => a.n - b.n)).flatMap((row) => {
      const standing = row.filter(({ id, target }) =>
        state.registers[`answer ${target}`]?.some((one) =>
          one.changes.some((mark) => mark.id === id),
        ),
      );
      const codes = [...new Set(standing.map(({ target }) => codeOf(target)))].filter((code) =>
        known.has(code),
      );
      if (codes.length < IN_A_ROW) return [];
      return [finding("answers-quick", codes[0], { codes }, row[0].id)];
    }),
  );
};

/** @param {string} target */
const codeOf = (target) => target.split("/")[0];

/** Each row of answers that came too fast after the one before. @param {Change[]} mine */
const rowsOf = (mine) => {
  /** @type {Change[][]} */
  const rows = [];
  /** @type {Change[]} */
  let row = [];
  let before = mine[0];
  for (const change of mine.slice(1)) {
    const gap = Date.parse(change.made_at) - Date.parse(before.made_at);
    const quick = gap >= 0 && gap < QUICK;
    const another = codeOf(change.target) !== codeOf(before.target);
    before = change;
    if (another && quick) row.push(change);
    // Corrected in the same breath: it is what came too fast now.
    else if (quick && row.at(-1)?.target === change.target) row[row.length - 1] = change;
    else if (another) {
      if (row.length) rows.push(row);
      row = [];
    }
  }
  if (row.length) rows.push(row);
  return rows;
};
