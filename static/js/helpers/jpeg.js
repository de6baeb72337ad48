// The EXIF block of a JPEG: found, read, and carried over to a smaller copy of the photo.

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION = 0x0112;
const EXIF_IFD = 0x8769;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;

/** The APP1 segment with its marker and length, copied; null where there is none. @param {Uint8Array} jpeg @returns {Uint8Array<ArrayBuffer> | null} */
export const exifOf = (jpeg) => {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return null;
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    if (jpeg[at + 1] === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (jpeg[at + 1] === 0xda) return null;
    const end = at + 2 + jpeg[at + 2] * 256 + jpeg[at + 3];
    if (end > jpeg.length) return null;
    if (jpeg[at + 1] === 0xe1 && EXIF.every((byte, i) => jpeg[at + 4 + i] === byte)) {
      return jpeg.slice(at, end);
    }
    at = end;
  }
  return null;
};

/**
 * Where each entry of a directory stands: tag, then the offset of its twelve bytes.
 * @param {DataView} tiff
 * @param {boolean} little
 * @param {number} start
 */
const entriesOf = (tiff, little, start) => {
  /** @type {Map<number, number>} */
  const entries = new Map();
  if (start + 2 > tiff.byteLength) return entries;
  const count = tiff.getUint16(start, little);
  for (let i = 0; i < count && start + 14 + i * 12 <= tiff.byteLength; i += 1) {
    const at = start + 2 + i * 12;
    entries.set(tiff.getUint16(at, little), at);
  }
  return entries;
};

/** @param {Uint8Array} segment */
const open = (segment) => {
  const tiff = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10);
  if (tiff.byteLength < 8) return null;
  const little = tiff.getUint16(0) === 0x4949;
  return { tiff, little, first: entriesOf(tiff, little, tiff.getUint32(4, little)) };
};

/** The segment, its photo now upright: orientation 1, all else untouched. @param {Uint8Array<ArrayBuffer>} segment */
export const upright = (segment) => {
  const copy = segment.slice();
  const exif = open(copy);
  const at = exif?.first.get(ORIENTATION);
  if (exif && at !== undefined) exif.tiff.setUint16(at + 8, 1, exif.little);
  return copy;
};

/** A JPEG with this segment first. @param {Uint8Array} jpeg @param {Uint8Array} segment @returns {Uint8Array<ArrayBuffer>} */
export const withExif = (jpeg, segment) => {
  const joined = new Uint8Array(jpeg.length + segment.length);
  joined.set(jpeg.subarray(0, 2));
  joined.set(segment, 2);
  joined.set(jpeg.subarray(2), 2 + segment.length);
  return joined;
};

/**
 * When the camera says the photo was taken, with its offset where it knows one.
 * @param {Uint8Array} segment
 * @returns {string | null} "2026-11-24T10:00:00+07:00", or without the offset
 */
export const takenAt = (segment) => {
  const exif = open(segment);
  const at = exif?.first.get(EXIF_IFD);
  if (!exif || at === undefined) return null;
  const { tiff, little } = exif;
  const entries = entriesOf(tiff, little, tiff.getUint32(at + 8, little));
  const text = (/** @type {number} */ tag) => {
    const entry = entries.get(tag);
    if (entry === undefined) return "";
    const length = tiff.getUint32(entry + 4, little);
    const from = length > 4 ? tiff.getUint32(entry + 8, little) : entry + 8;
    if (from + length > tiff.byteLength) return "";
    return String.fromCharCode(
      ...segment.subarray(10 + from, 10 + from + Math.min(length, 40)),
    );
  };
  const found = text(TAKEN).match(/^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/);
  if (!found) return null;
  const moment = `${found[1]}-${found[2]}-${found[3]}T${found[4]}`;
  const read = new Date(`${moment}Z`);
  // Some engines read 31 February as 3 March; a camera that says so says nothing.
  if (Number.isNaN(read.getTime()) || !read.toISOString().startsWith(moment)) return null;
  return moment + (text(TAKEN_OFFSET).match(/^[+-](?:0\d|1[0-4]):[0-5]\d/)?.[0] ?? "");
};
