// A photo with its marks, as a new JPEG: masks are solid, so nothing under them can come back.

import { sha256 } from "../helpers/bytes.js";
import { bare, exifOf, takenAt, withExif } from "../helpers/jpeg.js";
import { headOf, wordHeight } from "./marks.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Size} Size */
/** @typedef {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} Context */

const QUALITY = 0.86;
const THUMB = 320;
/** Visible on anything: a bright line in a dark one. */
export const LINE = "#ffd400";
const EDGE = "#101428";
const MASK = "#101428";

/** How thick lines are on a picture of this size. @param {Size} size */
const thick = (size) => Math.max(3, Math.round(Math.max(size.width, size.height) / 170));

/** @param {Context} context @param {Mark[]} marks @param {Size} size of the picture, whatever the context's scale */
export const paint = (context, marks, size) => {
  const line = thick(size);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const mark of marks) {
    if (mark.kind === "mask") {
      context.fillStyle = MASK;
      context.fillRect(mark.x, mark.y, mark.width, mark.height);
    } else if (mark.kind === "arrow") {
      const [left, right] = headOf(mark.from, mark.to, line * 6);
      for (const [colour, width] of /** @type {const} */ ([
        [EDGE, line * 2.6],
        [LINE, line * 1.3],
      ])) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(mark.from.x, mark.from.y);
        context.lineTo(mark.to.x, mark.to.y);
        context.moveTo(left.x, left.y);
        context.lineTo(mark.to.x, mark.to.y);
        context.lineTo(right.x, right.y);
        context.stroke();
      }
    } else {
      const high = wordHeight(size);
      context.font = `700 ${high}px Sarabun, "Noto Sans Thai", "Leelawadee UI", Thonburi, sans-serif`;
      context.textBaseline = "middle";
      const wide = context.measureText(mark.text).width;
      const x = Math.max(line, Math.min(mark.at.x, size.width - wide - line));
      const y = Math.max(high, Math.min(mark.at.y, size.height - high));
      context.strokeStyle = EDGE;
      context.lineWidth = line * 2;
      context.strokeText(mark.text, x, y);
      context.fillStyle = LINE;
      context.fillText(mark.text, x, y);
    }
  }
};

/** @param {number} width @param {number} height @returns {[OffscreenCanvas, OffscreenCanvasRenderingContext2D]} */
const canvas = (width, height) => {
  const made = new OffscreenCanvas(width, height);
  const context = made.getContext("2d");
  if (!context) throw Object.assign(new Error("no-memory"), { code: "no-memory" });
  return [made, context];
};

/** @param {OffscreenCanvas} made @param {number} quality */
const jpeg = async (made, quality) => {
  const blob = await made.convertToBlob({ type: "image/jpeg", quality });
  return new Uint8Array(await blob.arrayBuffer());
};

/**
 * @param {ImageBitmap} bitmap upright, at the full stored size
 * @param {Mark[]} marks
 * @param {Uint8Array} source the bytes it was read from, for what its camera said
 */
export const render = async (bitmap, marks, source) => {
  const { width, height } = bitmap;
  const [whole, context] = canvas(width, height);
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  paint(context, marks, bitmap);
  const scale = Math.min(1, THUMB / Math.max(width, height));
  const [small, drawing] = canvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(whole, 0, 0, small.width, small.height);
  const said = exifOf(source);
  const words = said && bare(said);
  const pixels = await jpeg(whole, QUALITY);
  const bytes = words ? withExif(pixels, words) : pixels;
  const thumb = await jpeg(small, 0.7);
  return {
    bytes: bytes.buffer,
    thumb: thumb.buffer,
    told: {
      sha256: await sha256(bytes),
      bytes: bytes.length,
      type: "image/jpeg",
      width,
      height,
      taken_at: said && takenAt(said),
      original: null,
    },
  };
};
