import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { checks } from "../../static/js/domain/checks.js";
import { fold } from "../../static/js/domain/fold.js";

const folder = new URL("../cases/checks/", import.meta.url);
const read = (/** @type {URL} */ url) => JSON.parse(readFileSync(url, "utf8"));
const edition = read(new URL("../cases/scoring/editions/demo-mini.json", import.meta.url));

const START = Date.parse("2026-11-24T03:00:00.000Z");
const idOf = (/** @type {number} */ number) =>
  `0190f0f0-0000-7000-9000-${String(number).padStart(12, "0")}`;
const hash = (/** @type {string} */ letter) => letter.repeat(64);

/** A photo's value, its hashes spelled with one letter. @param {any} told */
const photo = ({ sha256, original = null, of, ...more }) => ({
  sha256: hash(sha256),
  taken_at: null,
  position: null,
  original: original && { sha256: hash(original.sha256) },
  ...(of ? { of: { ...of, sha256: hash(of.sha256) } } : {}),
  ...more,
});

/** The short rows of a case as changes. @param {any[]} rows */
const changesOf = (rows) => {
  /** @type {Record<string, number>} */
  const numbers = {};
  return rows.map(({ at, who = "a", kind, target, value, drop = [] }, i) => {
    numbers[who] = (numbers[who] ?? 0) + 1;
    return /** @type {any} */ ({
      id: idOf(i + 1),
      author: who,
      device: `phone ${who}`,
      n: numbers[who],
      lam: i + 1,
      made_at: new Date(START + at * 1000).toISOString(),
      kind,
      target: typeof target === "number" ? idOf(target) : target,
      value: kind === "photo" ? photo(value) : value,
      supersedes: drop.map(idOf),
    });
  });
};

/** A finding as the cases tell it. @param {any} told */
const expected = ({ code, criterion, detail, about }) => {
  const [kind, number] = about.split(" ");
  const id = kind === "photo" || kind === "change" ? idOf(Number(number)) : about;
  return {
    code,
    criterion,
    photo: kind === "photo" ? id : null,
    detail,
    key: [code, criterion, id].filter(Boolean).join(" "),
  };
};

for (const name of readdirSync(folder)) {
  for (const { about, ...told } of read(new URL(name, folder)).cases)
    test(about, () => {
      const changes = changesOf(told.changes);
      const where = Object.fromEntries(
        Object.entries(told.where ?? {}).map(([letter, state]) => [hash(letter), state]),
      );
      const found = checks({
        edition,
        state: fold(changes),
        changes,
        audit: {
          planned_on: told.planned_on === undefined ? "2026-11-24" : told.planned_on,
          office: { position: told.position ?? null },
        },
        where: /** @type {any} */ (where),
        now: START + 3_600_000,
      }).filter(({ code }) => told.blank || code !== "blank");
      assert.deepEqual(
        found.map(({ weight: _weight, ...one }) => one),
        told.found.map(expected),
      );
    });
}
