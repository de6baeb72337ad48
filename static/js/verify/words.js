// What people are told of a certificate. What is told online too is told in the same words
// (app/certification/rules: verifying.py, telling.py); a test compares them.

import { ago, date, dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";

/** @typedef {import("./verdict.js").Verdict} Verdict */
/** @typedef {"met" | "unmet" | "partly" | "waiting" | "told"} Mood */

/** @returns {Record<import("./verdict.js").State, string>} */
export const STATES = () => ({
  valid: _("ใบรับรองนี้ใช้ได้"),
  expired: _("ใบรับรองนี้หมดอายุแล้ว"),
  suspended: _("ใบรับรองนี้ถูกพักใช้"),
  withdrawn: _("ใบรับรองนี้ถูกเพิกถอนแล้ว"),
  superseded: _("มีใบรับรองใหม่แทนใบนี้แล้ว"),
  unknown: _("ไม่พบใบรับรองนี้"),
  forged: _("ใบรับรองนี้ไม่ใช่ของจริง"),
});

/** @type {Record<import("./verdict.js").State, [Mood, string]>} */
const LOOKS = {
  valid: ["met", "circle-check"],
  expired: ["partly", "hourglass"],
  suspended: ["waiting", "triangle-alert"],
  withdrawn: ["unmet", "circle-x"],
  superseded: ["told", "info"],
  unknown: ["waiting", "triangle-alert"],
  forged: ["unmet", "circle-x"],
};

/** Colour and picture of a state. @param {Verdict} verdict */
export const look = ({ state }) => LOOKS[state];

/** The verdict in one line. @param {Verdict} verdict */
export const headline = ({ state, why }) => {
  if (state !== "unknown") return STATES()[state];
  return why === "not-a-code"
    ? _("ข้อความนี้ไม่ใช่รหัสใบรับรอง")
    : _("เครื่องนี้ยังบอกไม่ได้ ต้องตรวจผ่านเครือข่าย");
};

/** @returns {Record<string, string>} */
const reasons = () => ({
  "not-a-code": _("รหัสใบรับรองยาวหลายร้อยตัวอักษรและอยู่ในคิวอาร์บนใบรับรอง ตรวจดูว่าคัดลอกมาครบหรือไม่"),
  "not-a-certificate": _("รหัสในคิวอาร์ถูกแก้ไข ไม่ครบ หรือทำขึ้นเอง"),
  signature: _("ลายเซ็นดิจิทัลไม่ตรงกับข้อความในใบรับรอง"),
  "key-unknown": _("ใบรับรองนี้อ้างกุญแจที่เครื่องนี้ไม่รู้จัก อาจเป็นกุญแจใหม่ หรืออาจเป็นของปลอม"),
  "key-compromised": _("กุญแจที่ออกใบรับรองนี้ถูกแจ้งว่าตกไปอยู่กับผู้อื่น มีเพียงทะเบียนที่บอกได้ว่าใบใดเป็นของจริง"),
  "key-time": _("ใบรับรองนี้ลงวันที่นอกช่วงเวลาของกุญแจที่ออก มีเพียงทะเบียนที่บอกได้ว่าเป็นของจริง"),
  "no-list": _("ลายเซ็นดิจิทัลถูกต้อง แต่เครื่องนี้ไม่มีบัญชีสถานะ จึงไม่รู้ว่าใบรับรองถูกพักใช้หรือเพิกถอนหรือไม่"),
  newer: _("ลายเซ็นดิจิทัลถูกต้อง แต่ใบรับรองนี้ออกหลังบัญชีสถานะที่เครื่องนี้มี"),
  "not-listed": _("ลายเซ็นดิจิทัลถูกต้อง แต่ไม่มีใบรับรองนี้ในบัญชีสถานะที่เครื่องนี้มี"),
});

/** @returns {Partial<Record<import("./verdict.js").State, string>>} */
const meanings = () => ({
  valid: _("ลายเซ็นดิจิทัลถูกต้อง และไม่ถูกพักใช้หรือเพิกถอนตามบัญชีสถานะ"),
  expired: _("เป็นของจริง แต่พ้นวันที่ใช้ได้แล้ว"),
  suspended: _("เป็นของจริง แต่ผู้ออกพักใช้ไว้ ระหว่างนี้ถือว่าไม่มีผล"),
  withdrawn: _("เป็นของจริง แต่ผู้ออกเพิกถอนแล้ว จึงไม่มีผลอีกต่อไป"),
  superseded: _("เป็นของจริง แต่สำนักงานนี้ได้รับใบใหม่แล้ว ให้ดูใบใหม่"),
  forged: _("อย่าเชื่อถือเอกสารนี้ กรุณาแจ้งผู้ออกใบรับรอง"),
});

/** Why, in a sentence. @param {Verdict} verdict */
export const because = ({ state, why }) =>
  [reasons()[why], meanings()[state]].filter(Boolean).join(" ");

/** A moment that is not torn apart at the end of a line. @param {number} seconds */
export const moment = (seconds) => dateTime(seconds * 1000).replace(" น.", "\u00a0น.");

/** From when the status is, and what that means by now; mood "waiting" asks for care. @param {Verdict} verdict @param {number} now @returns {{text: string, mood: Mood} | null} */
export const standing = ({ told, asOf, age, stale, behind }, now) => {
  if (!told) return null;
  const when = asOf === null ? "" : moment(asOf);
  if (behind) {
    const text = when
      ? _("นาฬิกาของเครื่องนี้ช้ากว่าเวลาของบัญชีสถานะ ({when}) ตั้งเวลาให้ถูกต้องแล้วตรวจใหม่", { when })
      : _("นาฬิกาของเครื่องนี้ช้ากว่าวันที่ออกใบรับรอง ตั้งเวลาให้ถูกต้องแล้วตรวจใหม่");
    return { text, mood: "waiting" };
  }
  if (asOf === null || age === null) return null;
  if (stale)
    return {
      text: _("สถานะ ณ วันที่ {when} อาจเปลี่ยนแปลงแล้ว เชื่อมต่อเครือข่ายเพื่อตรวจสถานะล่าสุด", {
        when,
      }),
      mood: "waiting",
    };
  const since = ago(asOf * 1000, now * 1000);
  return { text: _("สถานะ ณ วันที่ {when} ({since})", { when, since }), mood: "told" };
};

/** @returns {Record<string, [string, string]>} name and drawing of each level of the standard */
const levels = () => ({
  BASIC: [_("ระดับพื้นฐาน"), "level-disc light-blue"],
  ADVANCED: [_("ระดับก้าวหน้า"), "level-plate teal"],
  EXCELLENCE: [_("ระดับเป็นเลิศ"), "level-star gold"],
});

/** A level's name, drawing and colour; another edition's level goes by its code. @param {string} code */
export const level = (code) => {
  const [name, drawn] = levels()[code.toUpperCase()] ?? [code, "level-plate teal"];
  const [picture, colour] = drawn.split(" ");
  return { name, picture, colour };
};

/** The last day on which it holds: `expires` is the first second after it. @param {number} expires */
export const lastDay = (expires) => date((expires - 1) * 1000);
