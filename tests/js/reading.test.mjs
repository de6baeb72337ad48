// What a phone counts of its own changes is what the door would, and nothing makes it throw.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { canonical } from "../../static/js/domain/canonical.js";
import { criteriaOf } from "../../static/js/domain/edition.js";
import { fold } from "../../static/js/domain/fold.js";
import { reading } from "../../static/js/domain/reading.js";
import { BadAnswers, parseAnswers, tally } from "../../static/js/domain/scoring.js";
import { edition } from "./support/level.mjs";

const CASES = new URL("../cases/scoring/", import.meta.url);
const read = (/** @type {string} */ path) =>
  JSON.parse(readFileSync(new URL(path, CASES), "utf8"));

/** The registers that answers as they travel would stand in. @param {any} input @param {any} its */
const stateOf = ({ answers, photos = {} }, its) => {
  /** @type {Record<string, any>} */
  const registers = {};
  const put = (/** @type {string} */ target, /** @type {any} */ value) => {
    const values = Array.isArray(value) ? value : [value];
    registers[`answer ${target}`] = values.map((one) => ({
      value: one === "na" ? { na: "x" } : one,
      changes: [],
    }));
  };
  // One value may stand for the only part at the door; a change always names the part.
  const only = (/** @type {string} */ code) => {
    const { parts } = criteriaOf(its).find((one) => one.code === code) ?? { parts: [] };
    return parts.length === 1 && parts[0].code ? `${code}/${parts[0].code}` : code;
  };
  for (const [code, value] of Object.entries(answers)) {
    if (value === null || typeof value !== "object" || Array.isArray(value))
      put(only(code), value);
    else for (const [part, one] of Object.entries(value)) put(`${code}/${part}`, one);
  }
  const taken = Object.entries(photos).map(([code, n]) => [
    code,
    Array.from({ length: n }, () => ({ removed: null })),
  ]);
  return /** @type {any} */ ({ registers, photos: Object.fromEntries(taken) });
};

test("a phone's reading of good answers scores like the door's", () => {
  let compared = 0;
  for (const file of readdirSync(new URL("cards/", CASES))) {
    for (const { edition: named, input } of read(`cards/${file}`)) {
      const its =
        typeof named === "string" ? read(`editions/${named.replace("/", "-")}.json`) : named;
      let door;
      try {
        door = tally(its, parseAnswers(input, its));
      } catch (error) {
        assert(error instanceof BadAnswers);
        continue;
      }
      assert.equal(canonical(tally(its, reading(its, stateOf(input, its)))), canonical(door));
      compared += 1;
    }
  }
  assert.ok(compared > 40);
});

test("what an edition has no place for is named and counts nothing", () => {
  const change = (/** @type {number} */ lam, /** @type {object} */ more) =>
    /** @type {any} */ ({
      id: String(lam),
      author: "a",
      device: "d",
      lam,
      made_at: "",
      supersedes: [],
      ...more,
    });
  const state = fold([
    change(1, { kind: "answer", target: "G1", value: "met" }),
    change(2, { kind: "answer", target: "OLD", value: "met" }),
    change(3, { kind: "answer", target: "Q1", value: 7 }),
    change(4, { kind: "answer", target: "Q1/1.1", value: 1 }),
    change(5, { kind: "measurement", target: "G1:lux", value: 300 }),
    change(6, { kind: "note", target: "OLD", value: "ยังอยู่" }),
    change(7, { kind: "note", target: "G1", value: "ดี" }),
    change(8, { kind: "photo", target: "OLD", value: { sha256: "x" } }),
    change(9, { kind: "answer", target: "GONE", value: null }),
    change(10, { kind: "caption", target: "8", value: "ภาพ" }),
  ]);
  const { strange, ...answers } = reading(edition, state);
  assert.deepEqual(strange.sort(), [
    "answer OLD",
    "answer Q1",
    "answer Q1/1.1",
    "measurement G1:lux",
    "note OLD a",
    "photo OLD",
  ]);
  const card = tally(edition, answers);
  assert.deepEqual([card.gates.met, card.earned, card.blank], [1, 0, ["Q1"]]);
});
