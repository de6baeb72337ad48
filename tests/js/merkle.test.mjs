import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  checkSignature,
  EMPTY,
  leafHash,
  parseCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from "../../static/js/domain/merkle.js";

const cases = JSON.parse(
  readFileSync(new URL("../cases/log/vectors.json", import.meta.url), "utf8"),
);
/** @param {number} size */
const log = (size) => ({ size, root: cases.roots[size] });

test("leaves are hashed as the server does", async () => {
  for (const [at, entry] of cases.entries.entries()) {
    assert.equal(await leafHash(entry), cases.leaves[at]);
  }
  assert.equal(cases.roots[0], EMPTY);
});

test("every entry of the shared cases is proved, and at no other place", async () => {
  for (const [index, size, proof] of cases.inclusion) {
    assert.ok(await verifyInclusion(cases.leaves[index], index, log(size), proof));
    assert.ok(!(await verifyInclusion(cases.leaves[index], index + 1, log(size), proof)));
    assert.ok(
      !(await verifyInclusion(cases.leaves[index], index, log(size), [...proof, EMPTY])),
    );
  }
});

test("every growth of the shared cases is proved, and no other", async () => {
  for (const [old, size, proof] of cases.consistency) {
    assert.ok(await verifyConsistency(log(old), log(size), proof));
    const other = { size: old, root: EMPTY };
    assert.ok(!(await verifyConsistency(other, log(size), proof)));
    if (old < size) {
      assert.ok(!(await verifyConsistency(log(old), log(size), proof.slice(1))));
      assert.ok(!(await verifyConsistency(log(size), log(old), proof)), "a log never shrinks");
    }
  }
});

test("from nothing everything follows, and of nothing is nothing proved", async () => {
  assert.ok(await verifyConsistency(log(0), log(7), []));
  assert.ok(await verifyConsistency(log(0), log(0), []));
  assert.ok(!(await verifyConsistency({ size: 0, root: cases.roots[1] }, log(7), [])));
});

test("what is no proof is no, whatever it is", async () => {
  /** @type {any[]} */
  const strange = [
    null,
    undefined,
    "abc",
    7,
    {},
    [null],
    [7],
    ["AB"],
    [`${EMPTY}0`],
    [[EMPTY]],
  ];
  for (const proof of strange) {
    assert.equal(await verifyConsistency(log(2), log(3), proof), false);
    assert.equal(await verifyInclusion(cases.leaves[0], 0, log(2), proof), false);
  }
  /** @type {any[]} */
  const sizes = [-1, 1.5, Number.NaN, 2 ** 60, "2", null];
  for (const size of sizes) {
    assert.equal(await verifyConsistency({ size, root: EMPTY }, log(3), []), false);
    assert.equal(await verifyInclusion(EMPTY, size, log(3), []), false);
  }
});

test("a checkpoint is read and its signature holds under its own name only", async () => {
  const other = cases.vkey.replace("/log/2+", "/log/3+");
  for (const [size, note] of cases.notes.entries()) {
    const origin = "gecc.example.go.th/log/2";
    assert.deepEqual(parseCheckpoint(note), { origin, ...log(size) });
    assert.equal(await checkSignature(note, `${other}\n${cases.vkey}\n`), "good");
    assert.equal(await checkSignature(note, other), "bad");
    assert.equal(await checkSignature(note, ""), "bad");
    const longer = note.replace(`\n${size}\n`, `\n${size + 1}\n`);
    assert.equal(await checkSignature(longer, cases.vkey), "bad");
  }
});

test("a browser without Ed25519 says that it cannot tell", async (t) => {
  t.mock.method(crypto.subtle, "importKey", () => Promise.reject(new Error("unknown")));
  assert.equal(await checkSignature(cases.notes[3], cases.vkey), "unknown");
});

test("what is no note says nothing", async () => {
  const note = cases.notes[3];
  const strange = [
    null,
    undefined,
    7,
    "",
    "\n\n",
    note.slice(0, -1),
    `${note}\n`,
    note.replace("\n3\n", "\n03\n"),
    note.replace("\n3\n", "\n-3\n"),
    note.replace("\n3\n", "\n9007199254740993\n"),
    note.replace("— ", "- "),
    note.replace("\n\n", "\n"),
  ];
  for (const one of strange) {
    assert.equal(parseCheckpoint(one), null);
    assert.equal(await checkSignature(one, cases.vkey), "bad");
  }
});
