import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { canonical } from "../../static/js/domain/canonical.js";
import { parseAnswers, tally } from "../../static/js/domain/scoring.js";
import { grouped, supposing, waysUp } from "../../static/js/domain/ways-up.js";

const CASES = new URL("../cases/", import.meta.url);
/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, CASES), "utf8"));

for (const file of readdirSync(new URL("ways_up/", CASES))) {
  describe(file, () => {
    for (const one of read(`ways_up/${file}`)) {
      test(one.name, () => {
        const edition =
          typeof one.edition === "string"
            ? read(`scoring/editions/${one.edition.replace("/", "-")}.json`)
            : one.edition;
        const answers = parseAnswers(one.input, edition);
        const ways = waysUp(edition, answers, one.level);
        assert.equal(canonical(ways), canonical(one.ways));
        assert.equal(canonical(grouped(ways.alternatives)), canonical(one.grouped));
        const met = [
          ...ways.gates,
          ...ways.required,
          ...(ways.alternatives[0]?.criteria ?? []),
        ];
        const { level, percent } = tally(edition, supposing(edition, answers, met));
        assert.deepEqual({ level, percent }, one.supposed);
      });
    }
  });
}

test("a level that the edition does not have is a mistake of the caller", () => {
  const edition = read("scoring/editions/demo-mini.json");
  assert.throws(
    () => waysUp(edition, parseAnswers({ answers: {} }, edition), "GOLD"),
    RangeError,
  );
});

test("supposing leaves the answers it was given alone", () => {
  const edition = read("scoring/editions/demo-mini.json");
  const answers = parseAnswers({ answers: { "door.open": "not_met" } }, edition);
  supposing(edition, answers, ["door.open", "desk.wait"]);
  assert.deepEqual([...answers.values], [["door.open", ["not_met"]]]);
});
