// The outbox file: what goes in, that others can open it, and that nothing counts as sent by it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, load, TooLarge, ZipWriter } from "../../static/js/helpers/zip.js";
import { readInfile } from "../../static/js/sync/infile.js";
import { unsentChanges, unsentPhotos } from "../../static/js/sync/outbox.js";
import { NoOutfile, unsentWork, writeOutfile } from "../../static/js/sync/outfile.js";
import { AUDIT, answer, OTHER, Phone } from "./support/device.mjs";
import { sum } from "./support/server.mjs";
import { busyPhone, grain, photograph, unsentFile } from "./support/unsent.mjs";

/** @param {Uint8Array} bytes @param {(path: string) => void} look */
const onDisk = (bytes, look) => {
  const folder = mkdtempSync(join(tmpdir(), "outfile-"));
  try {
    const path = join(folder, "unsent.zip");
    writeFileSync(path, bytes);
    look(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("the checksum is the one every ZIP uses", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test("Python opens the file, finds nothing wrong and reads every photo back", async () => {
  const { bytes, photos, lines, name } = await unsentFile();
  assert.match(name, /^gecc-unsent-[\w.-]+-20261124-1405\.zip$/);
  const program = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    assert file.testzip() is None
    sums = {name: hashlib.sha256(file.read(name)).hexdigest() for name in file.namelist()}
    for line in file.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert sums[name] == digest, name
    print(json.dumps({"names": file.namelist(), "rows": file.read("changes.txt").decode(),
                      "manifest": json.loads(file.read("manifest.json"))}))
`;
  onDisk(bytes, (path) => {
    const { status, stdout, stderr } = spawnSync("python3", ["-c", program, path], {
      encoding: "utf-8",
    });
    assert.equal(status, 0, stderr);
    const { names, rows, manifest } = JSON.parse(stdout);
    const pictures = [...photos.keys()].map((sha256) => `photos/${sha256}`);
    const papers = ["README.txt", "manifest.json", "changes.txt", "SHA256SUMS"];
    assert.deepEqual(names.toSorted(), [...papers, ...pictures].toSorted());
    const told = rows.trimEnd().split("\n");
    assert.equal(told.length, lines.size);
    for (const row of told) {
      const [digest, kid, sig] = row.split(" ", 3);
      const line = row.slice(`${digest} ${kid} ${sig} `.length);
      assert.equal(digest, sum(line));
      assert.deepEqual([kid, sig], lines.get(line) ?? ["-", "-"]);
    }
    assert.equal(manifest.format, 1);
    assert.deepEqual(
      manifest.audits.map((/** @type {any} */ one) => [one.id, one.changes]),
      [[AUDIT, lines.size]],
    );
  });
});

test("unzip finds nothing wrong with it either", async (context) => {
  const { bytes } = await unsentFile();
  onDisk(bytes, (path) => {
    const { error, status, stdout } = spawnSync("unzip", ["-t", path], { encoding: "utf-8" });
    if (error) return context.skip("no unzip here");
    assert.equal(status, 0, stdout);
  });
});

test("what was written is read back: every line, signature and photo", async () => {
  const { bytes, photos, lines } = await unsentFile();
  const read = await readInfile(new Blob([bytes]));
  assert.deepEqual(read.broken, []);
  assert.deepEqual(
    read.rows.map(({ line, kid, sig }) => [line, kid && [kid, sig]]),
    [...lines].map(([line, signature]) => [line, signature ?? null]),
  );
  assert.deepEqual(
    read.photos.map(({ sha256 }) => sha256),
    [...photos.keys()],
  );
  for (const { sha256, type, part } of read.photos) {
    assert.equal(type, "image/jpeg");
    assert.deepEqual(new Uint8Array(await part.arrayBuffer()), photos.get(sha256));
  }
});

test("making the file marks nothing as sent, and a second one holds the same", async () => {
  const { phone, vault } = await busyPhone();
  const before = unsentWork(vault);
  const first = await writeOutfile(vault);
  assert.deepEqual(unsentWork(vault), before);
  const second = await writeOutfile(vault);
  assert.equal(second.changes, first.changes);
  assert.equal(second.photos, first.photos);
  assert.equal(first.photos, 3);
  phone.off();
});

test("confirmed work stays out; the change of an unsent photo goes along, and so does what is held", async () => {
  const { phone, vault } = await busyPhone([2000, 2500]);
  const entries = vault.entries(AUDIT);
  const [first, second] = entries.filter(({ change }) => change.kind === "photo");
  const held = entries[1].change.id;
  await vault.mark(
    AUDIT,
    entries.map(({ change: { id, n } }) =>
      id === held ? [id, "held", null, { code: "audit.closed" }] : [id, "kept", n],
    ),
  );
  await vault.markPhoto(first.change.value.sha256, "received");
  const { entries: lines, photos } = unsentWork(vault);
  assert.deepEqual(
    lines.map(({ change }) => change.id),
    [held, second.change.id],
  );
  assert.deepEqual([...photos.keys()], [second.change.value.sha256]);
  await vault.markPhoto(second.change.value.sha256, "received");
  await vault.mark(AUDIT, [[held, "kept", 99]]);
  await assert.rejects(
    writeOutfile(vault),
    (error) => error instanceof NoOutfile && error.code === "nothing",
  );
  phone.off();
});

test("a photo that is damaged on this phone is named and stops nothing", async () => {
  const { phone, vault } = await busyPhone([2000, 2500]);
  const slots = phone.storage.root.children.get("vault").children;
  const [slot] = [...slots.values()].flatMap((/** @type {any} */ home) =>
    [...home.children.get("slots").children.values()].filter(
      (/** @type {any} */ file) => file.bytes.length,
    ),
  );
  slot.bytes[600] ^= 1;
  const { file, missing, photos } = await writeOutfile(vault);
  assert.equal(missing.length, 1);
  assert.equal(photos, 1);
  assert.deepEqual((await readInfile(file)).broken, []);
  phone.off();
});

test("a file larger than a ZIP can be is refused before it is made", async () => {
  const phone = new Phone();
  const vault = await phone.tab();
  await vault.append(AUDIT, answer("P01", "met"));
  await photograph(vault, "P05", grain(4000, 9));
  const { file } = await writeOutfile(vault);
  await assert.rejects(
    writeOutfile(vault, { most: file.size - 1 }),
    (error) => error instanceof NoOutfile && error.code === "too-large",
  );
  assert.equal((await writeOutfile(vault, { most: file.size })).file.size, file.size);
  const zip = new ZipWriter(new Date(), 100);
  assert.throws(() => zip.add(load("x", new Uint8Array(90))), TooLarge);
  phone.off();
});

test("a colleague's phone carries what the file brings, once, and the photo of a line it had already", async () => {
  const { phone, vault, photos } = await busyPhone([2100, 2200]);
  const { rows, photos: pictures } = await readInfile((await writeOutfile(vault)).file);
  const other = new Phone();
  const carrier = await other.tab(OTHER);
  // The server has one photo's line already, without its bytes, and this phone pulled it.
  const early = rows.findIndex(({ change }) => change.kind === "photo");
  await carrier.keepPulled(AUDIT, [[1, rows[early].line]]);
  const lines = rows.map(({ line, kid, sig }) => ({ line, kid, sig }));
  for (const { sha256, type, part } of pictures)
    await carrier.carry([], [{ sha256, type, bytes: await part.arrayBuffer() }]);
  assert.deepEqual(await carrier.carry(lines, []), { taken: rows.length - 1, known: 1 });
  assert.deepEqual([...unsentPhotos(carrier).keys()], [...photos.keys()]);
  assert.equal(unsentChanges(carrier, AUDIT).length, rows.length - 1);
  assert.ok(carrier.entries(AUDIT).every((entry) => entry.carried && !entry.own));
  assert.deepEqual(await carrier.carry(lines, []), { taken: 0, known: rows.length });
  const passed = await readInfile((await writeOutfile(carrier)).file);
  assert.deepEqual(
    passed.rows.map(({ line, kid, sig }) => [line, kid, sig]).sort(),
    rows.map(({ line, kid, sig }) => [line, kid, sig]).sort(),
  );
  for (const each of [phone, other]) each.off();
});
