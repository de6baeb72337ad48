import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { canonical } from "../../static/js/domain/canonical.js";
import { answersOf, fold } from "../../static/js/domain/fold.js";

const folder = new URL("../cases/fold/", import.meta.url);
for (const name of readdirSync(folder)) {
  const { about, changes, state, answers } = JSON.parse(
    readFileSync(new URL(name, folder), "utf8"),
  );
  test(about, () => {
    for (const order of [changes, changes.toReversed()]) {
      const folded = fold(order);
      assert.equal(canonical(folded), canonical(state));
      assert.equal(canonical(answersOf(folded)), canonical(answers));
    }
  });
}

test("5,000 changes fold in a moment", () => {
  const changes = Array.from({ length: 5_000 }, (_, i) => ({
    v: 1,
    id: `0190f0f0-0000-7000-8000-${String(i).padStart(12, "0")}`,
    audit: "a",
    author: `p${i % 2}`,
    device: "d",
    n: i + 1,
    lam: i + 1,
    made_at: "2026-11-24T03:00:00.000Z",
    skew: null,
    app: "1",
    pack: "x",
    kind: i % 5 ? "answer" : "note",
    target: `Q${i % 60}`,
    value: i % 5 ? i % 3 : "ก",
    supersedes: i >= 60 ? [`0190f0f0-0000-7000-8000-${String(i - 60).padStart(12, "0")}`] : [],
  }));
  const times = Array.from({ length: 8 }, () => {
    const start = performance.now();
    fold(changes);
    return performance.now() - start;
  });
  assert.ok(Math.min(...times) < 50, `${times}`);
});
