import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { difference, saidOf } from "../../static/js/domain/difference.js";
import { criteriaOf, targetOf } from "../../static/js/domain/edition.js";
import { fold } from "../../static/js/domain/fold.js";

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
    "desk.staff": photos.map((id) => ({
      id,
      value: { sha256: id },
      removed: removed.includes(id) ? {} : null,
    })),
  },
  attachments: {},
  links: {},
});

const ORDER = ["answer", "measurement", "note", "photo", "caption", "file", "link"];

/** A difference as the server tells it: what, which, what was, what is. @param {any} of @param {any} found */
const told = (of, found) => {
  /** @type {Record<string, (detail: string) => string>} */
  const named = {
    answer: (detail) => targetOf(of, detail),
    measurement: (detail) => `${of.code}:${detail}`,
  };
  /** @type {Map<string, any[]>} */
  const rows = new Map();
  /** @param {string} what @param {string} target */
  const row = (what, target) => {
    const key = `${what} ${target}`;
    if (!rows.has(key)) rows.set(key, [what, target, [], []]);
    return /** @type {any[]} */ (rows.get(key));
  };
  for (const { kind, detail, before, after } of found.said) {
    const one = row(kind, named[kind]?.(detail) ?? detail);
    [one[2], one[3]] = [before, after];
  }
  for (const [place, photos, files] of /** @type {[number, any[], any[]][]} */ ([
    [2, found.removed, found.files.removed],
    [3, found.added, found.files.added],
  ])) {
    for (const { value } of photos) row("photo", value.sha256)[place].push(value.sha256);
    for (const { value } of files)
      if (value.url) row("link", value.url)[place].push(value.url);
      else row("file", value.sha256)[place].push(value.name);
  }
  return [...rows.values()].sort(
    (a, b) => ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]) || (a[1] < b[1] ? -1 : 1),
  );
};

const folder = new URL("../cases/difference/", import.meta.url);
for (const name of readdirSync(folder)) {
  const asked = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  test(asked.about, () => {
    const of = /** @type {any} */ (
      criteriaOf(edition).find(({ code }) => code === asked.criterion)
    );
    const found = difference(of, fold(asked.before), fold([...asked.before, ...asked.after]));
    assert.deepEqual(told(of, found), asked.differs);
  });
}

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
