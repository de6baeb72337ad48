// A file that came a long way: cut short, bent, or somebody else's. What is whole is taken, what is
// not is named, and no wrong byte is ever taken.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { NoInfile, readInfile } from "../../static/js/sync/infile.js";
import { chance, unsentFile } from "./support/unsent.mjs";

/** @type {Awaited<ReturnType<typeof unsentFile>>} */
let good;
before(async () => {
  good = await unsentFile();
});

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * The promise itself, for any bytes whatever.
 * @param {Bytes} bytes
 * @param {typeof readInfile} [read]
 */
const honest = async (bytes, read = readInfile) => {
  let found;
  try {
    found = await read(new Blob([bytes]));
  } catch (error) {
    const told = /** @type {{name?: string, code?: string}} */ (error);
    assert.equal(told.name, "NoInfile", `an unclear ${error}`);
    assert.ok(["not-ours", "newer", "unreadable"].includes(told.code ?? ""));
    return null;
  }
  const named = found.broken.length > 0;
  for (const { line, kid, sig } of found.rows) {
    assert.ok(good.lines.has(line), "a line nobody wrote");
    const [rightKid, rightSig] = good.lines.get(line) ?? [null, null];
    assert.ok(named || (kid === rightKid && sig === rightSig), "a signature nobody made");
  }
  for (const { sha256, part } of found.photos)
    assert.deepEqual(new Uint8Array(await part.arrayBuffer()), good.photos.get(sha256));
  const rows = new Set(found.rows.map(({ line }) => line)).size;
  assert.equal(rows, found.rows.length, "a line twice");
  if (rows < good.lines.size || found.photos.length < good.photos.size) assert.ok(named);
  if (found.manifest) {
    const lost = found.broken.flatMap((one) => (one.what === "photo" ? [one.sha256] : []));
    assert.equal(lost.length + found.photos.length, good.photos.size, "a photo left unnamed");
  }
  return found;
};

test("cut off anywhere it gives what came before the cut and names the rest", async () => {
  const { bytes, photos, lines } = good;
  let most = 0;
  for (let at = 0; at < bytes.length; at += 1000) {
    const found = await honest(bytes.slice(0, at));
    const taken = (found?.rows.length ?? 0) + (found?.photos.length ?? 0);
    assert.ok(taken >= most, `${at} bytes give less than fewer did`);
    most = taken;
  }
  assert.equal(most, lines.size + photos.size);
});

test("a bit flipped anywhere costs at most what it hit", async () => {
  const next = chance(11);
  for (let i = 0; i < 400; i += 1) {
    const bent = good.bytes.slice();
    bent[next(bent.length)] ^= 1 << next(8);
    const found = await honest(bent);
    assert.ok(found, "one bit made the whole file unreadable");
    const lost = good.lines.size - found.rows.length + (good.photos.size - found.photos.length);
    assert.ok(lost <= 2, `one bit cost ${lost}`);
  }
});

/** @param {Bytes} bytes @param {ReturnType<typeof chance>} next @returns {Bytes} */
const bend = (bytes, next) => {
  const at = next(bytes.length);
  const run = 1 + next(600);
  const [head, tail] = [bytes.slice(0, at), bytes.slice(at)];
  const join_ = (/** @type {Bytes[]} */ ...parts) => Uint8Array.from(Buffer.concat(parts));
  const noise = Uint8Array.from({ length: run }, () => next(256));
  switch (next(7)) {
    case 0:
      return head;
    case 1:
      return join_(head, noise, tail);
    case 2:
      return join_(head, tail.slice(run));
    case 3:
      return join_(head, noise, tail.slice(run));
    case 4:
      return join_(head, new Uint8Array(run), tail.slice(run));
    case 5:
      return join_(head, bytes.slice(next(bytes.length)).slice(0, run), tail);
    default:
      return tail;
  }
};

/** @param {typeof readInfile} [read] */
const thousand = async (read) => {
  const next = chance(2026);
  for (let i = 0; i < 1000; i += 1) {
    let bent = good.bytes;
    for (let times = 1 + next(3); times && bent.length; times -= 1) bent = bend(bent, next);
    await honest(bent, read);
  }
};

test("a thousand mutilations: never an unclear error, never a wrong byte", () => thousand());

test("without the check of hashes the thousand mutilations do find wrong bytes", async () => {
  const home = new URL("../../static/js/sync/", import.meta.url);
  const source = readFileSync(new URL("infile.js", home), "utf-8");
  for (const check of [
    /\(await hash\(await bytesAt\(file, place\)\)\) === sha256/,
    /\(await hash\(exact\)\) !== sum/,
  ]) {
    const planted = source
      .replace(check, (found) => (found.includes("!==") ? "false" : "true"))
      .replace(/from "(\.[^"]+)"/g, (_all, path) => `from "${new URL(path, home)}"`);
    assert.notEqual(planted.match(check)?.[0], source.match(check)?.[0]);
    const folder = mkdtempSync(join(tmpdir(), "infile-"));
    try {
      writeFileSync(join(folder, "infile.mjs"), planted);
      const { readInfile: careless } = await import(join(folder, "infile.mjs"));
      await assert.rejects(thousand(careless), assert.AssertionError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

test("something else is told from ours", async () => {
  for (const bytes of [
    new Uint8Array(0),
    new TextEncoder().encode("PK\x03\x04 hello"),
    new Uint8Array(9000),
  ])
    await assert.rejects(
      readInfile(new Blob([bytes])),
      (error) => error instanceof NoInfile && error.code === "not-ours",
    );
});
