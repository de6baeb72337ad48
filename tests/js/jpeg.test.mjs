import assert from "node:assert/strict";
import { test } from "node:test";
import { bare, exifOf, takenAt, upright, withExif } from "../../static/js/helpers/jpeg.js";

/** @param {string} text */
const ascii = (text) => [...text].map((letter) => letter.charCodeAt(0));

/**
 * A JPEG's beginning with an EXIF block as cameras write it.
 * @param {boolean} little @param {{taken?: string, offset?: string, orientation?: number}} [said]
 */
const camera = (little, { taken = "2026:11:24 10:00:00", offset, orientation = 6 } = {}) => {
  const tiff = new DataView(new ArrayBuffer(200));
  const u16 = (/** @type {number} */ at, /** @type {number} */ value) =>
    tiff.setUint16(at, value, little);
  const u32 = (/** @type {number} */ at, /** @type {number} */ value) =>
    tiff.setUint32(at, value, little);
  u16(0, little ? 0x4949 : 0x4d4d);
  if (little) tiff.setUint16(0, 0x4949);
  u16(2, 42);
  u32(4, 8);
  u16(8, 2);
  u16(10, 0x0112);
  u16(12, 3);
  u32(14, 1);
  u16(18, orientation);
  u16(22, 0x8769);
  u16(24, 4);
  u32(26, 1);
  u32(30, 40);
  u16(40, offset ? 2 : 1);
  u16(42, 0x9003);
  u16(44, 2);
  u32(46, 20);
  u32(50, 100);
  if (offset) {
    u16(54, 0x9011);
    u16(56, 2);
    u32(58, 7);
    u32(62, 130);
  }
  const bytes = new Uint8Array(tiff.buffer);
  bytes.set(ascii(`${taken}\0`), 100);
  if (offset) bytes.set(ascii(`${offset}\0`), 130);
  const body = [...ascii("Exif\0\0"), ...bytes];
  const app1 = [0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255, ...body];
  const app0 = [0xff, 0xe0, 0, 4, 1, 2];
  return {
    jpeg: new Uint8Array([0xff, 0xd8, ...app0, ...app1, 0xff, 0xda, 0, 2, 9, 9, 0xff, 0xd9]),
    app1,
  };
};

for (const little of [true, false]) {
  test(`the EXIF block is found, read and set upright (${little ? "little" : "big"} endian)`, () => {
    const { jpeg, app1 } = camera(little, { offset: "+07:00" });
    const segment = exifOf(jpeg);
    assert.deepEqual(segment && [...segment], app1);
    assert.ok(segment);
    assert.equal(takenAt(segment), "2026-11-24T10:00:00+07:00");
    const turned = upright(segment);
    const differing = [...turned].flatMap((byte, i) => (byte === segment[i] ? [] : [i]));
    assert.deepEqual(differing, [little ? 28 : 29]);
    assert.equal(turned[differing[0]], 1);
  });
}

test("a block set into another JPEG stands right after its start and is found again", () => {
  const { jpeg, app1 } = camera(true);
  const canvas = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 7, 7, 0xff, 0xda, 0, 2]);
  const joined = withExif(canvas, /** @type {any} */ (exifOf(jpeg)));
  assert.deepEqual([...joined], [0xff, 0xd8, ...app1, ...canvas.subarray(2)]);
  assert.deepEqual([.../** @type {any} */ (exifOf(joined))], app1);
});

test("a camera that knows no offset or no time is not made to say one", () => {
  const time = (/** @type {any} */ said) =>
    takenAt(/** @type {any} */ (exifOf(camera(false, said).jpeg)));
  assert.equal(time({}), "2026-11-24T10:00:00");
  assert.equal(time({ taken: "0000:00:00 00:00:00" }), null);
  assert.equal(time({ taken: "2026:02:31 10:00:00" }), null);
  assert.equal(time({ offset: "+99:99" }), "2026-11-24T10:00:00");
  assert.equal(time({ taken: "    :  :     :  :  " }), null);
});

test("what is no JPEG, has no EXIF or is cut anywhere is met calmly", () => {
  assert.equal(exifOf(new Uint8Array(0)), null);
  assert.equal(exifOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47])), null);
  assert.equal(exifOf(new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2])), null);
  const { jpeg, app1 } = camera(true);
  for (let length = 0; length < jpeg.length; length += 1) exifOf(jpeg.subarray(0, length));
  for (let length = 10; length < app1.length; length += 1) {
    const cut = new Uint8Array(app1.slice(0, length));
    takenAt(cut);
    upright(cut);
  }
  // Random bytes after an honest beginning.
  for (let seed = 1; seed < 500; seed += 1) {
    const noise = new Uint8Array(app1);
    for (let i = 18; i < 60; i += 1) noise[i] = (seed * (i + 7) * 2654435761) >>> 11;
    takenAt(noise);
    upright(noise);
  }
});

/**
 * A block with everything that may show what was covered: a thumbnail (IFD1), a maker's preview, a
 * long comment, bytes between the directories; and a position.
 * @param {boolean} little
 */
const talkative = (little) => {
  const tiff = new DataView(new ArrayBuffer(3000));
  const bytes = new Uint8Array(tiff.buffer).fill(0xee);
  const u16 = (/** @type {number} */ at, /** @type {number} */ value) =>
    tiff.setUint16(at, value, little);
  const u32 = (/** @type {number} */ at, /** @type {number} */ value) =>
    tiff.setUint32(at, value, little);
  const directory = (
    /** @type {number} */ start,
    /** @type {[number, number, number, number][]} */ entries,
    /** @type {number} */ next,
  ) => {
    u16(start, entries.length);
    for (const [i, [tag, type, count, value]] of entries.entries()) {
      const at = start + 2 + i * 12;
      u16(at, tag);
      u16(at + 2, type);
      u32(at + 4, count);
      if (type === 3) u16(at + 8, value);
      else u32(at + 8, value);
    }
    u32(start + 2 + entries.length * 12, next);
  };
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  u16(2, 42);
  u32(4, 8);
  directory(
    8,
    [
      [0x010f, 2, 8, 600],
      [0x0112, 3, 1, 6],
      [0x014a, 4, 1, 2000],
      [0x8769, 4, 1, 200],
      [0x8825, 4, 1, 300],
    ],
    400,
  );
  directory(
    200,
    [
      [0x9003, 2, 20, 620],
      [0x927c, 7, 300, 2000],
      [0x9286, 7, 900, 2000],
      [0xa005, 4, 1, 2000],
    ],
    0,
  );
  directory(300, [[0x0002, 5, 3, 660]], 0);
  directory(
    400,
    [
      [0x0201, 4, 1, 2000],
      [0x0202, 4, 1, 900],
    ],
    0,
  );
  bytes.set(ascii("Samsung\0"), 600);
  bytes.set(ascii("2026:11:24 10:00:00\0"), 620);
  for (let i = 0; i < 6; i += 1) u32(660 + i * 4, [18, 1, 47, 1, 25, 1][i]);
  bytes.set(ascii("SECRET ".repeat(128)), 2000);
  const body = [...ascii("Exif\0\0"), ...bytes];
  return new Uint8Array([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]);
};

for (const little of [true, false])
  test(`a masked photo's block holds no picture of before (${little ? "little" : "big"} endian)`, () => {
    const full = talkative(little);
    assert.ok(String.fromCharCode(...full).includes("SECRET"));
    const made = bare(full);
    assert.ok(made);
    const text = String.fromCharCode(...made);
    assert.ok(!text.includes("SECRET"));
    assert.ok(!text.includes("\xee"), "nothing of what lay between");
    assert.ok(text.includes("Samsung"));
    assert.equal(takenAt(made), "2026-11-24T10:00:00");
    const tiff = new DataView(made.buffer, 10);
    const tags = new Map();
    for (let i = 0; i < tiff.getUint16(8, little); i += 1)
      tags.set(tiff.getUint16(10 + i * 12, little), 10 + i * 12);
    assert.deepEqual([...tags.keys()], [0x010f, 0x0112, 0x8769, 0x8825]);
    assert.equal(tiff.getUint16(tags.get(0x0112) + 8, little), 1);
    assert.equal(tiff.getUint32(10 + tags.size * 12, little), 0, "no second directory");
    const place = tiff.getUint32(tags.get(0x8825) + 8, little);
    assert.equal(tiff.getUint16(place, little), 1);
    const figures = tiff.getUint32(place + 10, little);
    assert.deepEqual(
      [0, 8, 16].map((at) => tiff.getUint32(figures + at, little)),
      [18, 47, 25],
    );
    const jpeg = withExif(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]), made);
    assert.deepEqual([.../** @type {any} */ (exifOf(jpeg))], [...made]);
  });

test("a block that leads nowhere is left out, not copied", () => {
  assert.equal(bare(new Uint8Array([0xff, 0xe1, 0, 8, 69, 120, 105, 102, 0, 0])), null);
  const cut = talkative(true).slice(0, 60);
  const text = String.fromCharCode(...(bare(cut) ?? []));
  assert.ok(!text.includes("SECRET"));
});
