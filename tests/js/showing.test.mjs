import assert from "node:assert/strict";
import { test } from "node:test";
import { shownPhotos } from "../../static/js/photos/showing.js";

/**
 * @param {string} sha256 @param {null | {how: string, sha256: string}} [of] @param {boolean} [removed]
 * @returns {any}
 */
const photo = (sha256, of = null, removed = false) => ({
  id: sha256,
  value: { sha256, of },
  removed: removed ? { reason: "x" } : null,
});

/** @param {Record<string, any[]>} photos */
const shown = (photos) =>
  shownPhotos(/** @type {any} */ ({ photos }), "P01").map(({ id }) => id);

test("a masked photo stands for its original, in every criterion and for good", () => {
  const masked = { how: "masked", sha256: "a" };
  assert.deepEqual(shown({ P01: [photo("a", null, true), photo("m", masked)] }), ["m"]);
  assert.deepEqual(shown({ P01: [photo("a"), photo("m", masked)] }), ["m"], "half written");
  assert.deepEqual(shown({ P01: [photo("a")], P02: [photo("m", masked)] }), []);
  assert.deepEqual(shown({ P01: [photo("a"), photo("m", masked, true)] }), []);
});

test("what was drawn on stands beside what it was drawn on", () => {
  const drawn = { how: "annotated", sha256: "a" };
  assert.deepEqual(shown({ P01: [photo("a"), photo("b"), photo("d", drawn)] }), [
    "a",
    "d",
    "b",
  ]);
  const twice = { how: "annotated", sha256: "d" };
  assert.deepEqual(
    shown({ P01: [photo("a"), photo("b"), photo("d", drawn), photo("e", twice)] }),
    ["a", "d", "e", "b"],
  );
  assert.deepEqual(shown({ P01: [photo("a", null, true), photo("b"), photo("d", drawn)] }), [
    "b",
    "d",
  ]);
  const itself = { how: "annotated", sha256: "d" };
  assert.deepEqual(shown({ P01: [photo("d", itself), photo("b")] }), ["b", "d"], "no circle");
});

test("what was drawn on a photo goes with it when that is masked", () => {
  const drawn = { how: "annotated", sha256: "a" };
  const again = { how: "annotated", sha256: "d" };
  const masked = { how: "masked", sha256: "a" };
  assert.deepEqual(
    shown({ P01: [photo("a"), photo("e", again), photo("d", drawn), photo("m", masked)] }),
    ["m"],
  );
});

test("a criterion without photos shows none", () => {
  assert.deepEqual(shown({}), []);
});
