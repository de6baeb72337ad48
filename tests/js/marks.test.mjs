import assert from "node:assert/strict";
import { test } from "node:test";
import {
  between,
  boxOf,
  hit,
  leastSide,
  Marks,
  middle,
  moved,
  onPicture,
  points,
  shifted,
  sized,
  stretched,
} from "../../static/js/photos/marks.js";

const SIZE = { width: 2048, height: 1536 };

test("a point of the screen is found in the picture, whatever is empty beside it", () => {
  const wide = { x: 10, y: 100, width: 400, height: 600 }; // empty above and below
  const middleOfScreen = { x: 10 + 200, y: 100 + 300 };
  assert.deepEqual(onPicture(middleOfScreen, wide, SIZE), { x: 1024, y: 768 });
  assert.deepEqual(onPicture({ x: 10, y: 250 }, wide, SIZE), { x: 0, y: 0 });
  // A finger that slides off the picture draws to its edge.
  assert.deepEqual(onPicture({ x: 5000, y: -5 }, wide, SIZE), { x: 2048, y: 0 });
});

test("a rectangle covers whole pixels, outwards, from whichever corner it was begun", () => {
  const box = { x: 100, y: 200, width: 301, height: 102 };
  const a = { x: 100.7, y: 200.2 };
  const b = { x: 400.3, y: 301.1 };
  assert.deepEqual(between(a, b, SIZE), box);
  assert.deepEqual(between(b, a, SIZE), box);
  assert.deepEqual(between({ x: 400.3, y: 200.2 }, { x: 100.7, y: 301.1 }, SIZE), box);
});

test("a rectangle never reaches out of the picture", () => {
  const whole = between({ x: -50, y: -50 }, { x: 9999, y: 9999 }, SIZE);
  assert.deepEqual(whole, { x: 0, y: 0, ...SIZE });
});

test("a touch draws nothing", () => {
  assert.equal(between({ x: 5, y: 5 }, { x: 9, y: 400 }, SIZE), null);
  assert.equal(points({ x: 5, y: 5 }, { x: 9, y: 9 }, SIZE), false);
  assert.equal(points({ x: 5, y: 5 }, { x: 90, y: 90 }, SIZE), true);
});

test("keys move and size a rectangle and stop at the edges", () => {
  const box = middle(SIZE);
  assert.deepEqual(box, { x: 768, y: 576, width: 512, height: 384 });
  assert.deepEqual(moved(box, -9999, 20, SIZE), { ...box, x: 0, y: 596 });
  assert.deepEqual(moved(box, 9999, 9999, SIZE), { ...box, x: 1536, y: 1152 });
  assert.deepEqual(sized(box, 9999, -9999, SIZE), {
    ...box,
    width: 2048 - 768,
    height: leastSide(SIZE),
  });
  // Small pictures have small rectangles that still fit.
  const tiny = { width: 10, height: 6 };
  assert.ok(sized({ x: 2, y: 1, width: 8, height: 5 }, 5, 5, tiny).width >= 8);
});

test("the newest mark under a finger is the one that is meant", () => {
  const marks = new Marks();
  marks.add({ kind: "mask", x: 0, y: 0, width: 100, height: 100 });
  marks.add({ kind: "mask", x: 50, y: 50, width: 100, height: 100 });
  marks.add({ kind: "arrow", from: { x: 0, y: 0 }, to: { x: 60, y: 60 } });
  assert.equal(hit(marks.all, { x: 130, y: 130 }, SIZE), 1);
  assert.equal(hit(marks.all, { x: 60, y: 60 }, SIZE), 2);
  assert.equal(hit(marks.all, { x: 300, y: 10 }, SIZE), -1);
  marks.remove(2);
  assert.equal(hit(marks.all, { x: 60, y: 60 }, SIZE), 1);
  assert.equal(hit(marks.all, { x: 10, y: 10 }, SIZE), 0);
});

test("everything has one way back, and a movement is one step", () => {
  const marks = new Marks();
  assert.equal(marks.undoable, false);
  const box = { kind: /** @type {const} */ ("mask"), x: 0, y: 0, width: 100, height: 100 };
  const place = marks.add(box);
  marks.put(place, { ...box, x: 5 });
  marks.put(place, { ...box, x: 9 }, true);
  marks.remove(place);
  assert.deepEqual(marks.all, []);
  marks.undo();
  assert.deepEqual(marks.all, [{ ...box, x: 9 }]);
  marks.undo();
  assert.deepEqual(marks.all, [box]);
  marks.undo();
  marks.undo();
  assert.deepEqual([marks.all, marks.undoable], [[], false]);
});

test("arrows and words are moved whole, and an arrow is stretched by its tip", () => {
  const arrow = /** @type {const} */ ({
    kind: "arrow",
    from: { x: 100, y: 100 },
    to: { x: 300, y: 200 },
  });
  assert.deepEqual(shifted(arrow, 10, -5, SIZE), {
    kind: "arrow",
    from: { x: 110, y: 95 },
    to: { x: 310, y: 195 },
  });
  assert.deepEqual(stretched(arrow, 0, 9999, SIZE), { ...arrow, to: { x: 300, y: 1536 } });
  assert.deepEqual(boxOf(arrow, SIZE), { x: 100, y: 100, width: 200, height: 100 });
  const words = /** @type {const} */ ({ kind: "words", at: { x: 5, y: 900 }, text: "ชำรุด" });
  assert.deepEqual(shifted(words, -20, 10, SIZE), { ...words, at: { x: 0, y: 910 } });
  assert.equal(hit([words], { x: 40, y: 900 }, SIZE), 0);
});
