import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { confirmed, figuresIn, waitsIn } from "../../static/js/domain/carried.js";
import { reading } from "../../static/js/domain/reading.js";
import { tally } from "../../static/js/domain/tally.js";

const read = (/** @type {string} */ path) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const edition = read("../cases/scoring/editions/demo-mini.json");
/** @type {any[]} */
const criteria = edition.sections.flatMap((/** @type {any} */ section) =>
  section.groups.flatMap((/** @type {any} */ group) => group.criteria),
);
const named = (/** @type {string} */ code) => criteria.find((one) => one.code === code);
const best = (/** @type {any} */ part) =>
  Math.max(...part.steps.map((/** @type {any} */ step) => step.points)) / 100;
/** @type {any} */
const carried = {
  round: { th: "รอบก่อน", en: "Before" },
  notes: {},
  answers: Object.fromEntries(
    criteria.flatMap((one) =>
      one.kind === "scored"
        ? one.parts.map((/** @type {any} */ part) => [
            part.code ? `${one.code}/${part.code}` : one.code,
            best(part),
          ])
        : [[one.code, "met"]],
    ),
  ),
};
const said = (/** @type {any} */ value) => [{ value, changes: [] }];
const state = (/** @type {Record<string, any>} */ registers) =>
  /** @type {any} */ ({ registers, photos: {}, conflicts: [], unknown: [], lam: 0 });

test("what was carried waits only where nothing is answered, part by part", () => {
  const staff = named("desk.staff");
  assert.equal(waitsIn(carried, state({}), staff).length, staff.parts.length);
  const one = state({ "answer desk.staff/know": said(0) });
  const left = waitsIn(carried, one, staff).map(([target]) => target);
  assert.ok(!left.includes("desk.staff/know"));
  assert.equal(left.length, staff.parts.length - 1);
  const cleared = state({ "answer door.open": said(null) });
  assert.deepEqual(waitsIn(carried, cleared, named("door.open")), [["door.open", "met"]]);
  const torn = state({ "answer door.open": [...said("met"), ...said("not_met")] });
  assert.deepEqual(waitsIn(carried, torn, named("door.open")), []);
  assert.deepEqual(waitsIn(null, state({}), staff), []);
});

test("figures wait with the answers of their criterion, and never alone", () => {
  const door = named("door.open");
  const [{ key }] = door.measurements;
  const target = `door.open:${key}`;
  const told = { ...carried, figures: { [target]: 90 } };
  assert.deepEqual(figuresIn(told, state({}), door), [[target, 90]]);
  assert.deepEqual(figuresIn(carried, state({}), door), [], "an older pack has none");
  const measured = state({ [`measurement ${target}`]: said(95) });
  assert.deepEqual(figuresIn(told, measured, door), []);
  const cleared = state({ [`measurement ${target}`]: said(null) });
  assert.deepEqual(figuresIn(told, cleared, door), [[target, 90]]);
  const anew = state({ "answer door.open": said("not_met") });
  assert.deepEqual(figuresIn(told, anew, door), []);
  const would = confirmed(told, state({}), edition).registers;
  assert.equal(would[`measurement ${target}`][0].value, 90);
  assert.ok(!(`measurement ${target}` in confirmed(told, anew, edition).registers));
});

test("nothing carried counts before it is confirmed, and all of it in what would be", () => {
  const now = tally(edition, reading(edition, state({})));
  const then = tally(edition, reading(edition, confirmed(carried, state({}), edition)));
  assert.equal(now.earned, 0);
  assert.equal(now.level, null);
  assert.equal(then.earned, then.possible);
  assert.ok(then.level);
  const no = state({ "answer door.open": said("not_met") });
  const kept = confirmed(carried, no, edition);
  assert.equal(kept.registers["answer door.open"][0].value, "not_met");
});
