import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { byCodePoint, canonical } from "../../static/js/domain/canonical.js";
import { BadAnswers, parseAnswers, score, tally } from "../../static/js/domain/scoring.js";
import { strictJson } from "./score.mjs";

/** @typedef {import("../../static/js/domain/edition.js").Edition} Edition */
/** @typedef {{name: string, edition: string | Edition, input: unknown,
 *   says?: Record<string, unknown>, scorecard?: unknown,
 *   error?: {kind: string, at: string}}} Case */

const CASES = new URL("../cases/scoring/", import.meta.url);
/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, CASES), "utf8"));
/** @param {string | Edition} named @returns {Edition} */
const editionOf = (named) =>
  typeof named === "string" ? read(`editions/${named.replace("/", "-")}.json`) : named;

for (const file of readdirSync(new URL("cards/", CASES))) {
  describe(file, () => {
    for (const one of /** @type {Case[]} */ (read(`cards/${file}`))) {
      test(one.name, () => {
        const edition = editionOf(one.edition);
        if (one.error) {
          assert.throws(
            () => parseAnswers(one.input, edition),
            (error) => {
              assert(error instanceof BadAnswers);
              assert.deepEqual({ kind: error.kind, at: error.at }, one.error);
              assert.match(error.th, /[ก-๙]/);
              return !/[\n{}]/.test(error.th + error.en);
            },
          );
          return;
        }
        const card = tally(edition, parseAnswers(one.input, edition));
        assert.equal(canonical(card), canonical(one.scorecard));
        for (const [key, said] of Object.entries(one.says ?? {})) {
          assert.deepEqual(Reflect.get(card, key), said, key);
        }
      });
    }
  });
}

test("score takes answers and photos as they travel", () => {
  const card = score(editionOf("demo/mini"), { "desk.wait": 1.5 }, { "desk.wait": 2 });
  assert.equal(card.earned, 150);
  assert.deepEqual(card.evidence_missing, []);
});

test("canonical JSON spells every value as Python does", () => {
  for (const [value, text] of read("canonical.json")) assert.equal(canonical(value), text);
});

test("what both languages cannot say alike is refused", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "\ud800", undefined]) {
    assert.throws(() => canonical({ value }), TypeError);
  }
  assert.throws(() => canonical({ "\udc00": 1 }), TypeError);
});

test("texts are ordered by code point", () => {
  assert.deepEqual(["\u{1f600}", "\uffff", "ab", "a"].sort(byCodePoint), [
    "a",
    "ab",
    "\uffff",
    "\u{1f600}",
  ]);
});

test("a key written twice is not JSON to us", () => {
  assert.throws(() => strictJson('{"a": {"b": 1, "\\u0062" : 2}}'), SyntaxError);
  assert.throws(() => strictJson('[{"a": 1, "a": 1}]'), SyntaxError);
  assert.deepEqual(strictJson('[{"a": "{\\"a\\": 1}"}, {"a": [{"a": 2}]}]'), [
    { a: '{"a": 1}' },
    { a: [{ a: 2 }] },
  ]);
});

describe("node tests/js/score.mjs", () => {
  const program = new URL("score.mjs", import.meta.url).pathname;
  const edition = new URL("editions/gecc-2568.json", CASES).pathname;
  /** @param {string | Buffer} answers */
  const run = (answers) => {
    const folder = mkdtempSync(join(tmpdir(), "score-"));
    try {
      writeFileSync(join(folder, "answers.json"), answers);
      return spawnSync(process.execPath, [program, edition, join(folder, "answers.json")], {
        encoding: "utf8",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test("prints the canonical scorecard", () => {
    const { status, stdout, stderr } = run('{"answers": {"Q1.1": 2.0}}');
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.equal(stdout, `${canonical(JSON.parse(stdout))}\n`);
    assert.equal(JSON.parse(stdout).earned, 200);
  });

  for (const [name, answers, culprit] of [
    ["an unknown criterion", '{"answers": {"P99": "met"}}', "P99"],
    ["a step the edition does not have", '{"answers": {"Q1.1": 1}}', "Q1.1"],
    ["na where it is not allowed", '{"answers": {"P01": "na"}}', "P01"],
    ["a key written twice", '{"answers": {"P01": "met", "P01": null}}', "P01"],
    ["no JSON", "{", "answers.json"],
    ["no UTF-8", Buffer.from([0xff, 0xfe]), "answers.json"],
  ]) {
    test(`refuses ${name} with exit 2 and one sentence`, () => {
      const { status, stdout, stderr } = run(/** @type {string | Buffer} */ (answers));
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.equal(stderr.trimEnd().split("\n").length, 1);
      assert(stderr.includes(/** @type {string} */ (culprit)), stderr);
    });
  }

  test("refuses a missing file with exit 2", () => {
    const { status, stderr } = spawnSync(process.execPath, [program, edition, "/nowhere"], {
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert(stderr.includes("/nowhere"));
  });
});
