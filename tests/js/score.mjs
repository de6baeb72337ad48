/**
 * `node tests/js/score.mjs edition.json answers.json` prints the canonical scorecard, as
 * `gecc score` does. Bad input: one sentence on stderr, exit 2.
 */

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { canonical } from "../../static/js/domain/canonical.js";
import { BadAnswers, parseAnswers, tally } from "../../static/js/domain/scoring.js";

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
    const edition = /** @type {import("../../static/js/domain/edition.js").Edition} */ (
      read(editionPath)
    );
    process.stdout.write(
      `${canonical(tally(edition, parseAnswers(read(answersPath), edition)))}\n`,
    );
  } catch (error) {
    if (!(error instanceof BadAnswers || error instanceof SyntaxError)) throw error;
    const said = error instanceof BadAnswers ? `${error.th} · ${error.en}` : error.message;
    process.stderr.write(`${said}\n`);
    process.exitCode = 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
