/**
 * `node tests/js/score.mjs edition.json answers.json` prints the canonical scorecard, as
 * `gecc score` does. Bad input: one sentence on stderr, exit 2.
 *
 * `node tests/js/score.mjs --serve` answers lines `{"edition": …, "input": …}` one by one, for the
 * comparison of the two languages; a null edition is the one before. `--serve --wrong` has a mistake planted (percentages rounded to
 * the nearest), which that comparison has to find.
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { canonical } from "../../static/js/domain/canonical.js";
import { BadAnswers, parseAnswers, tally } from "../../static/js/domain/scoring.js";

/** @typedef {import("../../static/js/domain/edition.js").Edition} Edition */

/**
 * JSON without doubles: a key written twice in one object is an error, not a silent choice.
 * @param {string} text
 * @returns {unknown}
 */
export function strictJson(text) {
  const value = JSON.parse(text);
  // The text is JSON, so a plain walk over its strings and brackets is enough.
  /** @type {(Set<string> | null)[]} */
  const open = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1));
      const keys = open.at(-1);
      if (keys?.has(key)) throw new SyntaxError(`“${key}” is written twice`);
      keys?.add(key);
    }
  }
  return value;
}

/** @param {string} path */
function read(path) {
  try {
    return strictJson(new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)));
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new SyntaxError(`${path}: ${why}`);
  }
}

/** @param {string[]} paths */
function main([editionPath, answersPath]) {
  try {
    if (!answersPath) throw new SyntaxError("usage: score.mjs edition.json answers.json");
    const edition = /** @type {Edition} */ (read(editionPath));
    const scorecard = tally(edition, parseAnswers(read(answersPath), edition));
    process.stdout.write(`${canonical(scorecard)}\n`);
  } catch (error) {
    if (!(error instanceof BadAnswers || error instanceof SyntaxError)) throw error;
    const said = error instanceof BadAnswers ? `${error.th} · ${error.en}` : error.message;
    process.stderr.write(`${said}\n`);
    process.exitCode = 2;
  }
}

/** @param {boolean} wrong */
async function serve(wrong) {
  /** @type {Edition | null} */
  let last = null;
  for await (const line of createInterface({ input: process.stdin })) {
    const { edition, input } = JSON.parse(line);
    last = edition ?? last;
    if (last) process.stdout.write(`${canonical(answer(last, input, wrong))}\n`);
  }
}

/**
 * @param {Edition} edition
 * @param {unknown} input
 * @param {boolean} wrong
 */
function answer(edition, input, wrong) {
  try {
    const card = tally(edition, parseAnswers(input, edition));
    if (!wrong || card.possible === 0) return card;
    return { ...card, percent: ((card.earned / card.possible) * 100).toFixed(2) };
  } catch (error) {
    if (!(error instanceof BadAnswers)) throw error;
    return { error: { kind: error.kind, at: error.at, th: error.th, en: error.en } };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "--serve") await serve(rest.includes("--wrong"));
  else main([first, ...rest]);
}
