import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { difference, saidOf } from "../../static/js/domain/difference.js";
import { criteriaOf } from "../../static/js/domain/edition.js";

const edition = JSON.parse(
  readFileSync(new URL("../cases/scoring/editions/demo-mini.json", import.meta.url), "utf8"),
);
const criterion = /** @type {any} */ (
  criteriaOf(edition).find(({ code }) => code === "desk.staff")
);

/** @param {Record<string, any>} values @param {string[]} photos @param {string[]} removed @returns {any} */
const state = (values, photos, removed = []) => ({
  registers: Object.fromEntries(
    Object.entries(values).map(([register, value]) => [register, [{ value, changes: [] }]]),
  ),
  photos: {
    "desk.staff": photos.map((id) => ({ id, removed: removed.includes(id) ? {} : null })),
  },
});

test("a difference names what changed, in the criterion's order, and nothing else", () => {
  const before = state({ "answer desk.staff/know": 3, "answer desk.staff/smile": 1 }, [
    "a",
    "b",
  ]);
  const after = state(
    {
      "answer desk.staff/know": 3,
      "answer desk.staff/smile": 2,
      "note desk.staff who": "ถามแล้ว",
      "note desk.staff other": "",
      "note desk.staffing who": "อีกข้อ",
    },
    ["a", "b", "c"],
    ["a"],
  );
  const { said, added, removed, kept } = difference(criterion, before, after);
  assert.deepEqual(said, [
    { kind: "answer", detail: "smile", before: [1], after: [2] },
    { kind: "note", detail: "who", before: [], after: ["ถามแล้ว"] },
  ]);
  const ids = [added, removed, kept].map((photos) => photos.map(({ id }) => id));
  assert.deepEqual(ids, [["c"], ["a"], ["b"]]);
});

test("what was said is told without what was cleared", () => {
  const told = saidOf(
    criterion,
    state({ "answer desk.staff/know": null, "note desk.staff who": "ก" }, []),
  );
  assert.deepEqual(told, [{ kind: "note", detail: "who", values: ["ก"] }]);
});
