// The receipt as a picture: the same words on a sheet of A4, drawn with the page's own letters.

import { isTyped, pathOf } from "../domain/strokes.js";
import { _, language } from "../helpers/words.js";

/** @typedef {import("./receipt-content.js").Receipt} Receipt */
/** @typedef {{size?: number, bold?: boolean, colour?: string, align?: "left" | "center" | "right", x?: number, width?: number}} Type */

const WIDE = 1240;
const HIGH = 1754;
const EDGE = 96;
const SHARP = 1.5;
const INNER = WIDE - 2 * EDGE;
/** The box of the result. */
const TALL = 162;
/** Shapes of the levels on 24 by 24, as in the page's sprite, and the colour of each. @type {Record<string, [string, string]>} */
const BADGES = {
  none: ["M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0", ""],
  "light-blue": ["M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0", "sky-500"],
  teal: ["M12 1.5 21.5 7v10L12 22.5 2.5 17V7Z", "teal-500"],
  gold: ["m12 1 3.3 7 7.7 1-5.6 5.3 1.4 7.6L12 18.2l-6.8 3.7 1.4-7.6L1 9l7.7-1Z", "gold-500"],
};

/** The value of a colour of the page's own list; the sheet is white whatever the theme. @param {string} name */
const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--raw-${name}`).trim();

/** Where a line of Thai may be broken: between words, where the browser knows them. @param {string} text @returns {string[]} */
const wordsIn = (text) => {
  if (!Intl.Segmenter) return [...text];
  const cut = new Intl.Segmenter(language(), { granularity: "word" });
  return [...cut.segment(text)].map(({ segment }) => segment);
};

class Sheet {
  y = EDGE;

  /** @param {CanvasRenderingContext2D} pen */
  constructor(pen) {
    this.pen = pen;
    this.ink = colour("deep");
    this.quiet = colour("ink-500");
    this.line = colour("ink-300");
    this.accent = colour("indigo-800");
  }

  /** @param {Type} type */
  #set({ size = 26, bold = false, colour: chosen = this.ink, align = "left" }) {
    this.pen.font = `${bold ? 700 : 400} ${size}px Sarabun`;
    this.pen.fillStyle = chosen;
    this.pen.textAlign = align;
  }

  /** @param {string} text @param {number} width */
  #lines(text, width) {
    const lines = [""];
    for (const word of wordsIn(text)) {
      const longer = lines[lines.length - 1] + word;
      if (this.pen.measureText(longer).width <= width || !lines[lines.length - 1])
        lines[lines.length - 1] = longer;
      else lines.push(word.trimStart());
    }
    return lines;
  }

  /** Words, as many lines as they need; goes down by them. @param {string} text @param {Type} [type] */
  say(text, type = {}) {
    this.#set(type);
    const { size = 26, align = "left", width = INNER } = type;
    const x =
      type.x ?? (align === "center" ? WIDE / 2 : align === "right" ? WIDE - EDGE : EDGE);
    for (const line of this.#lines(text, width)) {
      this.y += size * 1.5;
      this.pen.fillText(line, x, this.y - size * 0.4);
    }
  }

  /** Cells of one line beside each other: goes down by the tallest. @param {[string, Type][]} cells */
  row(cells) {
    const top = this.y;
    let most = top;
    for (const [text, type] of cells) {
      this.y = top;
      this.say(text, type);
      most = Math.max(most, this.y);
    }
    this.y = most;
  }

  /** @param {number} thick @param {string} [chosen] */
  rule(thick, chosen = this.line) {
    this.pen.fillStyle = chosen;
    this.pen.fillRect(EDGE, this.y, INNER, thick);
    this.y += thick;
  }
}

/** @param {Sheet} sheet @param {Receipt} told @param {number} most how many unmet criteria are named */
const paint = (sheet, told, most) => {
  const { quiet } = sheet;
  if (told.issuer) sheet.say(told.issuer, { align: "center", size: 24, colour: quiet });
  sheet.say(_("ใบรับการตรวจ"), { align: "center", size: 52, bold: true, colour: sheet.accent });
  sheet.say(_("มาตรฐานศูนย์ราชการสะดวก (GECC)"), { align: "center", size: 24, colour: quiet });
  sheet.y += 14;
  sheet.rule(4, sheet.accent);
  sheet.y += 5;
  sheet.rule(1, sheet.accent);
  sheet.y += 10;
  sheet.say(told.office, { align: "center", size: 36, bold: true });
  sheet.y += 8;
  for (const [what, value] of told.facts)
    sheet.row([
      [what, { colour: quiet, width: 210 }],
      [value, { x: EDGE + 220, width: INNER - 220 }],
    ]);
  sheet.y += 16;
  result(sheet, told);
  sheet.y += 12;
  sections(sheet, told);
  if (told.unmet.length) unmet(sheet, told, most);
  sheet.y += 20;
  signers(sheet, told);
};

/** @param {Sheet} sheet @param {Receipt} told */
const result = (sheet, told) => {
  const { pen } = sheet;
  const top = sheet.y;
  pen.fillStyle = colour("indigo-100");
  pen.fillRect(EDGE, top, INNER, TALL);
  pen.fillStyle = sheet.accent;
  pen.fillRect(EDGE, top, INNER, 2);
  pen.fillRect(EDGE, top + TALL - 2, INNER, 2);
  sheet.y = top + 10;
  sheet.say(told.level.name, { align: "center", size: 40, bold: true, x: WIDE / 2 + 26 });
  badge(sheet, told.level.colour, WIDE / 2 + 26 - pen.measureText(told.level.name).width / 2);
  sheet.say([told.score, told.percent, told.gates].join("  ·  "), {
    align: "center",
    size: 27,
  });
  sheet.say(_("ผลเบื้องต้น ยังไม่ใช่ผลการรับรอง"), { align: "center", size: 24, bold: true });
  sheet.y = top + TALL;
};

/** The level's own shape, so that print and colour-blind eyes can tell. @param {Sheet} sheet @param {string} level @param {number} x where its name begins */
const badge = ({ pen, y, quiet }, level, x) => {
  const [shape, ink] = BADGES[level] ?? BADGES.teal;
  pen.save();
  pen.translate(x - 58, y - 53);
  pen.scale(1.8, 1.8);
  pen.fillStyle = pen.strokeStyle = ink ? colour(ink) : quiet;
  pen.lineWidth = 2;
  if (!ink) pen.setLineDash([3, 3]);
  if (ink) pen.fill(new Path2D(shape));
  else pen.stroke(new Path2D(shape));
  pen.restore();
};

/** @param {Sheet} sheet @param {Receipt} told */
const sections = (sheet, told) => {
  /** @type {(bold: boolean, title: string, answered: string, score: string) => void} */
  const line = (bold, title, answered, score) => {
    sheet.row([
      [title, { bold, size: 24, width: INNER - 340 }],
      [answered, { bold, size: 24, align: "right", x: WIDE - EDGE - 180 }],
      [score, { bold, size: 24, align: "right" }],
    ]);
    sheet.y += 4;
    sheet.rule(1);
  };
  line(true, _("หมวด"), _("ตอบแล้ว"), _("คะแนน"));
  for (const { title, answered, score } of told.sections) line(false, title, answered, score);
};

/** @param {Sheet} sheet @param {Receipt} told @param {number} most */
const unmet = (sheet, told, most) => {
  sheet.y += 12;
  const n = told.unmet.length;
  sheet.say(_("ข้อที่ยังไม่ได้คะแนนเต็มหรือไม่ผ่าน {n} ข้อ", { n }), { bold: true });
  for (const { code, title, words } of told.unmet.slice(0, most))
    sheet.row([
      [code, { size: 22, bold: true }],
      [title, { size: 22, x: EDGE + 90, width: INNER - 340 }],
      [words, { size: 22, align: "right" }],
    ]);
  if (n > most)
    sheet.say(_("และอีก {n} ข้อ ดูครบในรายงานผลการตรวจ", { n: n - most }), {
      size: 22,
      colour: sheet.quiet,
    });
};

/** @param {Sheet} sheet @param {Receipt} told */
const signers = (sheet, told) => {
  const across = Math.min(told.signers.length, 3);
  const width = INNER / across;
  for (let first = 0; first < told.signers.length; first += across) {
    const top = sheet.y;
    let most = top;
    for (const [i, signer] of told.signers.slice(first, first + across).entries()) {
      sheet.y = top;
      const x = EDGE + width * (i + 0.5);
      ink(sheet, signer, x, Math.min(width - 40, 300));
      /** @type {Type} */
      const type = { align: "center", x, width: width - 20, size: 22 };
      sheet.say(signer.name ? `(${signer.name})` : `(${".".repeat(40)})`, type);
      const post = signer.post === signer.whose ? "" : signer.post;
      for (const words of [post, signer.whose, signer.when ?? _("ยังไม่ลงชื่อ"), signer.note])
        if (words) sheet.say(words, { ...type, colour: sheet.quiet });
      most = Math.max(most, sheet.y);
    }
    sheet.y = most + 12;
  }
};

/** @param {Sheet} sheet @param {import("./receipt-content.js").Signer} signer @param {number} x its middle @param {number} width */
const ink = (sheet, { strokes, name }, x, width) => {
  const { pen } = sheet;
  const scale = width / 1000;
  const typed = strokes && isTyped(strokes);
  pen.save();
  pen.translate(x - width / 2, sheet.y);
  pen.scale(scale, scale);
  pen.strokeStyle = sheet.ink;
  pen.lineWidth = 9;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const stroke of typed ? [] : (strokes ?? [])) pen.stroke(new Path2D(pathOf(stroke)));
  pen.restore();
  if (typed) {
    pen.font = `400 ${Math.min(34, (1.5 * width) / Math.max(name.length, 1))}px Sarabun`;
    pen.fillStyle = sheet.ink;
    pen.textAlign = "center";
    pen.fillText(name, x, sheet.y + 360 * scale);
  }
  sheet.y += 400 * scale;
  pen.fillStyle = sheet.line;
  pen.fillRect(x - width / 2, sheet.y, width, 1);
};

/** @param {Receipt} told @returns {Promise<Blob>} */
export const pictureOf = async (told) => {
  await Promise.all(
    [400, 700].map((weight) => document.fonts.load(`${weight} 20px Sarabun`, "ก")),
  );
  const canvas = document.createElement("canvas");
  canvas.width = WIDE * SHARP;
  canvas.height = HIGH * SHARP;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(SHARP, SHARP);
  // One sheet: the longest list that leaves room for what must be on it.
  for (let most = 14; most >= 0; most -= 1) {
    pen.fillStyle = colour("white");
    pen.fillRect(0, 0, WIDE, HIGH);
    const sheet = new Sheet(pen);
    paint(sheet, told, most);
    if (sheet.y > HIGH - EDGE - 60 && most > 0) continue;
    sheet.y = HIGH - EDGE - 40;
    sheet.rule(1);
    sheet.row([
      [_("รหัสตรวจสอบ {code}", { code: told.code }), { size: 22, bold: true }],
      [
        _("ออกจากเครื่องของผู้ตรวจเมื่อ {date}", { date: told.made }),
        { size: 22, align: "right", colour: sheet.quiet },
      ],
    ]);
    break;
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas"))), "image/png");
  });
};

/** Through the phone's own sheet where there is one, else as a download. @param {Receipt} told */
export const savePicture = async (told) => {
  const blob = await pictureOf(told);
  const file = new File([blob], `gecc-receipt-${told.code}.png`, { type: "image/png" });
  if (navigator.canShare?.({ files: [file] }))
    return navigator.share({ files: [file], title: _("ใบรับการตรวจ") });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return undefined;
};
