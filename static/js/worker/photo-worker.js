// One photo at a time: strange bytes in; hash, upright rendition and thumbnail out. Frames of the
// camera become JPEG here too: in a page that shows a camera Chromium waits for idle time to do it.

import { sha256 } from "../helpers/bytes.js";
import { exifOf, takenAt, upright, withExif } from "../helpers/jpeg.js";

const QUALITY = 0.82;
const FRAME = 0.92;
const THUMB = 320;
const HEIF = /^ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)$/;
const JPEG = "image/jpeg";

/** @param {string} code */
const refused = (code) => Object.assign(new Error(code), { code });

/** What the bytes say they are, whatever the file's name says. @param {Uint8Array} bytes */
const kindOf = (bytes) => {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  if (text.startsWith("\xff\xd8\xff")) return JPEG;
  if (text.startsWith("\x89PNG\r\n")) return "image/png";
  if (text.startsWith("RIFF") && text.endsWith("WEBP")) return "image/webp";
  return HEIF.test(text.slice(4)) ? "image/heic" : "";
};

/**
 * @param {ImageBitmap} bitmap
 * @param {number} longSide
 * @param {number} quality
 */
const shrink = async (bitmap, longSide, quality) => {
  const scale = Math.min(1, longSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw refused("no-memory");
  context.imageSmoothingQuality = "high";
  // A transparent screenshot would turn black.
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: JPEG, quality });
  return { bytes: new Uint8Array(await blob.arrayBuffer()), width, height };
};

/**
 * @param {{bytes: ArrayBuffer, longSide: number, keepOriginal: boolean}} asked
 * @returns the photo to keep: its bytes, thumbnail, and what its change says
 */
const make = async ({ bytes, longSide, keepOriginal }) => {
  const source = new Uint8Array(bytes);
  if (!source.length) throw refused("empty");
  const type = kindOf(source);
  if (!type) throw refused("not-an-image");
  const original = { sha256: await sha256(bytes), bytes: source.length, type };
  const exif = type === JPEG ? exifOf(source) : null;
  const taken_at = exif && takenAt(exif);
  let bitmap;
  try {
    // The browser turns the pixels as the EXIF orientation asks.
    bitmap = await createImageBitmap(new Blob([bytes], { type }));
  } catch {
    if (type !== "image/heic") throw refused("unreadable");
    // This browser cannot look inside: it goes as it is and the server does.
    const told = { ...original, width: null, height: null, taken_at, original: null };
    return { bytes, thumb: new ArrayBuffer(0), told };
  }
  try {
    const thumb = (await shrink(bitmap, THUMB, 0.7)).bytes.buffer;
    const { width, height } = bitmap;
    if (keepOriginal || (type === JPEG && Math.max(width, height) <= longSide)) {
      return { bytes, thumb, told: { ...original, width, height, taken_at, original: null } };
    }
    const made = await shrink(bitmap, longSide, QUALITY);
    const photo = exif ? withExif(made.bytes, upright(exif)) : made.bytes;
    const name = await sha256(photo);
    return {
      bytes: photo.buffer,
      thumb,
      told: {
        sha256: name,
        bytes: photo.length,
        type: JPEG,
        width: made.width,
        height: made.height,
        taken_at,
        original,
      },
    };
  } finally {
    bitmap.close();
  }
};

/** A frame of the camera, whole. @param {{bitmap: ImageBitmap}} asked */
const frame = async ({ bitmap }) => {
  try {
    const { bytes } = await shrink(bitmap, Number.POSITIVE_INFINITY, FRAME);
    return { bytes: bytes.buffer };
  } finally {
    bitmap.close();
  }
};

const OPS = { make, frame };

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const port = /** @type {any} */ (globalThis);
  let turn = Promise.resolve();
  port.onmessage = (/** @type {MessageEvent} */ { data: { id, op, args } }) => {
    turn = turn.then(async () => {
      try {
        const value = await OPS[/** @type {keyof typeof OPS} */ (op)](args);
        port.postMessage({ id, value }, [
          value.bytes,
          ...("thumb" in value ? [value.thumb] : []),
        ]);
      } catch (error) {
        const { name, message, code } = /** @type {Error & {code?: string}} */ (error);
        port.postMessage({ id, error: { name, message, code } });
      }
    });
  };
}
