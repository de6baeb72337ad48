import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { digestOf } from "../../static/js/domain/content.js";
import { fold } from "../../static/js/domain/fold.js";
import { isTyped, pathOf, TYPED, thinned } from "../../static/js/domain/strokes.js";
import { refusals } from "../../static/js/domain/submitting.js";

const folder = new URL("../cases/submitting/", import.meta.url);
const read = (/** @type {URL} */ url) => JSON.parse(readFileSync(url, "utf8"));
const edition = read(new URL("../cases/scoring/editions/demo-mini.json", import.meta.url));

for (const name of readdirSync(folder)) {
  const told = read(new URL(name, folder));
  test(told.about, async () => {
    const state = fold(told.changes);
    const digest = await digestOf(state);
    const { lead, over, again, kind } = told;
    const asked = { edition, state, digest, lead, over, again, kind };
    assert.deepEqual(refusals(asked), told.refusals);
  });
}

test("a hand that draws for minutes is thinned to what may travel, and keeps its shape", () => {
  const round = Array.from({ length: 4000 }, (_, i) => [
    Math.round(500 + (490 * i * Math.cos(i / 40)) / 4000),
    Math.round(200 + (190 * i * Math.sin(i / 40)) / 4000),
  ]).flat();
  const strokes = thinned(Array.from({ length: 60 }, () => round));
  assert.equal(strokes.length, 40);
  assert.ok(strokes.flat().length <= 1500);
  const [one] = thinned([round]);
  assert.ok(one.length > 400);
  assert.deepEqual(
    [...one.slice(0, 2), ...one.slice(-2)],
    [...round.slice(0, 2), ...round.slice(-2)],
  );
});

test("a touch is a dot that is drawn, a straight line its two ends, no touch nothing", () => {
  assert.deepEqual(thinned([[5, 6]]), [[5, 6, 5, 6]]);
  assert.deepEqual(thinned([[0, 0, 50, 50, 100, 100]]), [[0, 0, 100, 100]]);
  assert.deepEqual(thinned([]), []);
  assert.equal(pathOf([5, 6, 5, 6]), "M5 6L5 6");
  assert.equal(pathOf([0, 0, 10, 0, 20, 10]), "M0 0Q10 0 15 5L20 10");
});

test("a typed name is told apart from any hand", () => {
  assert.equal(isTyped(TYPED), true);
  assert.equal(isTyped([[60, 330, 940, 331]]), false);
  assert.equal(isTyped([]), false);
});
