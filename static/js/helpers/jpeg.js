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

/** Bytes of one value of each TIFF type. */
const WIDTHS = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const GPS_IFD = 0x8825;
const INTEROP_IFD = 0xa005;
const SUB_IFDS = 0x014a;
/** A maker's own notes hold previews of what was photographed; so may anything this long. */
const MAKER = 0x927c;
const LONGEST = 512;
const POINTERS = [EXIF_IFD, GPS_IFD];

/**
 * A directory written anew: short values of known types and nothing between them.
 * @param {DataView} from @param {boolean} little @param {number} start
 * @returns {{tag: number, type: number, count: number, bytes: Uint8Array}[]}
 */
const shortValues = (from, little, start) => {
  const kept = [];
  for (const [tag, at] of entriesOf(from, little, start)) {
    const type = from.getUint16(at + 2, little);
    const count = from.getUint32(at + 4, little);
    const length = (WIDTHS[type] ?? 0) * count;
    const value = length > 4 ? from.getUint32(at + 8, little) : at + 8;
    if (!length || length > LONGEST || value + length > from.byteLength) continue;
    if (tag === MAKER || POINTERS.includes(tag) || tag === INTEROP_IFD || tag === SUB_IFDS)
      continue;
    const bytes = new Uint8Array(from.buffer, from.byteOffset + value, length).slice();
    if (tag === ORIENTATION) new DataView(bytes.buffer).setUint16(0, 1, little);
    kept.push({ tag, type, count, bytes });
  }
  return kept.sort((a, b) => a.tag - b.tag);
};

/**
 * The segment of a photo whose pixels were changed: what the camera said in words and figures,
 * upright, and no picture of what was there before (thumbnail, previews in a maker's notes).
 * @param {Uint8Array} segment
 * @returns {Uint8Array<ArrayBuffer> | null} null where nothing can be read
 */
export const bare = (segment) => {
  const exif = open(segment);
  if (!exif) return null;
  const { tiff, little, first } = exif;
  const out = new DataView(new ArrayBuffer(65_536));
  let end = 8;
  out.setUint16(0, little ? 0x4949 : 0x4d4d);
  out.setUint16(2, 42, little);
  out.setUint32(4, 8, little);
  const inner = POINTERS.filter((tag) => first.has(tag));
  /** @param {ReturnType<typeof shortValues>} values @param {number[]} pointers @returns {Map<number, number>} where each pointer is to be written */
  const write = (values, pointers) => {
    const places = new Map();
    const all = [
      ...values,
      ...pointers.map((tag) => ({ tag, type: 4, count: 1, bytes: new Uint8Array(4) })),
    ].sort((a, b) => a.tag - b.tag);
    let at = end;
    out.setUint16(at, all.length, little);
    end += 6 + all.length * 12; // with the word that no second directory follows
    at += 2;
    for (const { tag, type, count, bytes } of all) {
      out.setUint16(at, tag, little);
      out.setUint16(at + 2, type, little);
      out.setUint32(at + 4, count, little);
      const far = bytes.length > 4;
      if (far) out.setUint32(at + 8, end, little);
      new Uint8Array(out.buffer).set(bytes, far ? end : at + 8);
      if (far) end += bytes.length + (bytes.length % 2);
      if (pointers.includes(tag)) places.set(tag, at + 8);
      at += 12;
    }
    return places;
  };
  try {
    const places = write(shortValues(tiff, little, tiff.getUint32(4, little)), inner);
    for (const [tag, place] of places) {
      out.setUint32(place, end, little);
      const start = tiff.getUint32(/** @type {number} */ (first.get(tag)) + 8, little);
      write(shortValues(tiff, little, start), []);
    }
  } catch {
    return null; // more than a segment holds, or offsets that lead nowhere
  }
  if (end + 8 > 65_535) return null;
  const made = new Uint8Array(10 + end);
  made.set([0xff, 0xe1, (end + 8) >> 8, (end + 8) & 255, ...EXIF]);
  made.set(new Uint8Array(out.buffer, 0, end), 10);
  return made;
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
