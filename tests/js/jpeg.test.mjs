import assert from "node:assert/strict";
import { test } from "node:test";
import { exifOf, takenAt, upright, withExif } from "../../static/js/helpers/jpeg.js";

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
