// Sentences about an audit: one place, so that every screen says the same thing the same way.

import { time } from "../helpers/time.js";
import { _, language } from "../helpers/words.js";
import { inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("./walk.js").Measurement} Measurement */
/** @typedef {import("./walk.js").Part} Part */
/** @typedef {import("./walk.js").Pack} Pack */
/** @typedef {{author: string, made_at: string}} Mark */

/** @param {string} target @returns {[string, string]} criterion and part */
export const splitTarget = (target) => {
  const [criterion, ...part] = target.split("/");
  return [criterion, part.join("/")];
};

/** Hundredths as people write them: 850 -> "8.5". @param {number} hundredths */
export const points = (hundredths) => String(hundredths / 100);

/** @param {number} bytes */
export const size = (bytes) => {
  const mega = bytes / 1_048_576;
  return mega >= 1
    ? _("{n} เมกะไบต์", { n: mega.toFixed(1) })
    : _("{n} กิโลไบต์", { n: Math.ceil(bytes / 1024) });
};

/** @param {string} id @param {Pack} pack */
export const personName = (id, pack) =>
  id === walk.person.id
    ? _("คุณ")
    : inLang(pack.audit.people.find((one) => one.id === id)?.name) || _("ผู้ตรวจอีกคน");

/** "คุณ · 14.05 น." @param {Mark[]} marks @param {Pack} pack */
export const who = (marks, pack) =>
  marks.map((one) => `${personName(one.author, pack)} · ${time(one.made_at)}`).join(", ");

/** What a step is called. @param {{points: number, title: any}} step @param {Part} part */
export const stepWords = (step, part) =>
  inLang(step.title) ||
  (part.steps.length > 2
    ? _("{n} คะแนน", { n: points(step.points) })
    : step.points
      ? _("เป็นไปตามเกณฑ์")
      : _("ไม่เป็นไปตามเกณฑ์"));

/** The answer in words. @param {any} value @param {Criterion} criterion @param {string} part @returns {string} */
export const answerWords = (value, criterion, part = "") => {
  if (value === null || value === undefined) return _("ยังไม่ตอบ");
  if (value === "met") return _("เป็นไปตามเกณฑ์");
  if (value === "not_met") return _("ไม่เป็นไปตามเกณฑ์");
  if (value === "na") return _("ไม่เกี่ยวข้อง");
  if (Array.isArray(value))
    return value.map((one) => answerWords(one, criterion, part)).join(" / ");
  if (typeof value === "object") return _("ไม่เกี่ยวข้อง: {reason}", { reason: value.na });
  const scale = criterion.parts.find((one) => one.code === part) ?? criterion.parts[0];
  const step = scale?.steps.find((one) => one.points === Math.round(value * 100));
  const words = step && inLang(step.title);
  const got = _("{n} คะแนน", { n: value });
  return words ? `${words} (${got})` : got;
};

/** met, unmet, partly or nothing, for a colour and a picture beside the words. @param {any} value @param {Part | null} part */
export const answerMood = (value, part) => {
  if (value === null || value === undefined) return "";
  if (value === "met") return "met";
  if (value === "not_met") return "unmet";
  if (typeof value !== "number") return "told";
  if (value === 0) return "unmet";
  return part && Math.round(value * 100) < part.points ? "partly" : "met";
};

/** Any register's value in words. @param {string} kind @param {any} value @param {Criterion} criterion @param {string} detail part or measurement key */
export const valueWords = (kind, value, criterion, detail) => {
  if (kind === "answer") return answerWords(value, criterion, detail);
  if (value === null || value === "") return _("ว่าง");
  if (value === true) return _("ใช่");
  if (value === false) return _("ไม่ใช่");
  const measurement = criterion.measurements.find((one) => one.key === detail);
  return measurement ? `${value} ${unitWords(measurement)}`.trim() : String(value);
};

/** What a measurement is counted in. @param {Measurement} measurement */
export const unitWords = (measurement) =>
  language() === "en" ? measurement.unit_en : measurement.unit;

/** "ภาพ 3 · เอกสาร 2": what has bytes, of which `files` are documents and videos. @param {number} all @param {number} files */
const loads = (all, files) =>
  all === files
    ? _("เอกสาร {n} ไฟล์", { n: files })
    : _("{n} ภาพ · เอกสาร {m} ไฟล์", { n: all - files, m: files });

/** @param {number} changes @param {number} photos with files @param {number} [files] how many of them are no photos */
export const unsentWords = (changes, photos, files = 0) => {
  if (!changes && !photos) return _("เซิร์ฟเวอร์ได้รับครบแล้ว");
  if (files && !changes) return _("ยังไม่ส่ง {what}", { what: loads(photos, files) });
  if (files) return _("ยังไม่ส่ง {n} รายการ · {what}", { n: changes, what: loads(photos, files) });
  if (!photos) return _("ยังไม่ส่ง {n} รายการ", { n: changes });
  if (!changes) return _("ยังไม่ส่ง {n} ภาพ", { n: photos });
  return _("ยังไม่ส่ง {n} รายการ · {m} ภาพ", { n: changes, m: photos });
};

/** @param {string} code @param {Pack} pack */
export const levelName = (code, pack) =>
  inLang(pack.edition.levels.find((one) => one.code === code)?.name);

/** How far the next level is. @param {any} card the scorecard @param {Pack} pack */
export const nextWords = (card, pack) => {
  if (!card.next_level) return _("ถึงระดับสูงสุดแล้ว");
  const level = levelName(card.next_level, pack);
  const gates = card.gates.not_met + card.gates.blank;
  const left = points(card.points_missing);
  if (gates && card.points_missing)
    return _("อีก {n} คะแนน และเกณฑ์บังคับ {m} ข้อ ถึง{level}", { n: left, m: gates, level });
  if (gates) return _("เกณฑ์บังคับอีก {m} ข้อ จึงถึง{level}", { m: gates, level });
  return _("อีก {n} คะแนน ถึง{level}", { n: left, level });
};
