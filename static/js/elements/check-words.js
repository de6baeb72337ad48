// What a finding says: a short name, a plain sentence, and a reason people often have.

import { date, dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { unitWords } from "./speak.js";
import { inLang } from "./walk.js";

/** @typedef {import("../domain/finding.js").Finding} Finding */
/** @typedef {import("./walk.js").Criterion} Criterion */

/** @typedef {import("../domain/finding.js").Code} Code */

/** What findings of a kind are called. @param {Code} code @returns {string} */
export const checkTitle = (code) =>
  ({
    "photo-lost": _("ภาพหายจากเครื่อง"),
    "photo-refused": _("ภาพที่เซิร์ฟเวอร์ไม่รับ"),
    conflict: _("คำตอบไม่ตรงกัน"),
    blank: _("ยังไม่ตอบ"),
    "photo-none": _("ยังไม่มีภาพหลักฐาน"),
    "photo-few": _("ภาพยังไม่ครบ"),
    "measure-missing": _("ยังไม่ได้บันทึกค่าที่วัด"),
    "measure-outside": _("ค่าที่วัดขัดกับคำตอบ"),
    "photo-twice": _("ภาพเดียวกันในสองข้อ"),
    "photo-before": _("ภาพถ่ายก่อนวันตรวจ"),
    "photo-after": _("เวลาในภาพอยู่ในอนาคต"),
    "photo-far": _("ภาพถ่ายไกลจากที่ตรวจ"),
    "answers-quick": _("ตอบเร็วต่อเนื่อง"),
    "photo-unsent": _("ภาพรอส่ง"),
  })[code];

/** @param {Finding} finding @param {Criterion} criterion @returns {string} */
export const checkWords = ({ code, detail }, criterion) => {
  switch (code) {
    case "photo-lost":
      return _("ภาพหนึ่งหายจากเครื่องก่อนส่ง กรุณาถ่ายใหม่ที่นี่ แล้วนำภาพเดิมออก");
    case "photo-refused":
      return _("เซิร์ฟเวอร์เปิดภาพหนึ่งไม่ได้ กรุณาถ่ายใหม่ที่นี่ แล้วนำภาพเดิมออก");
    case "conflict":
      return _("ผู้ตรวจบันทึกไว้ไม่ตรงกัน ดูหลักฐานด้วยกันแล้วเลือกที่จะใช้");
    case "blank":
      return detail.parts > 1
        ? _("ยังไม่ตอบ {n} จาก {m} ส่วน", { n: detail.blank, m: detail.parts })
        : "";
    case "photo-none":
      return _("ตอบว่าทำได้ แต่ยังไม่มีภาพเป็นหลักฐาน");
    case "photo-few":
      return _("มี {n} ภาพ ขาดอีก {m} ภาพ", { n: detail.have, m: detail.need - detail.have });
    case "measure-missing":
      return _("ยังไม่มีค่า: {list}", {
        list: detail.keys
          .map((/** @type {string} */ key) => labelOf(criterion, key))
          .join(", "),
      });
    case "measure-outside":
      return _("{what} อยู่นอกเกณฑ์ แต่ตอบว่าเป็นไปตามเกณฑ์", {
        what: labelOf(criterion, detail.key),
      });
    case "photo-twice":
      return _("ภาพนี้ใช้ในข้อ {code} ด้วย", { code: detail.other });
    case "photo-before":
      return _("ถ่ายเมื่อ {taken} ก่อนวันตรวจ {day}", {
        taken: cameraTime(detail.taken),
        day: date(detail.day),
      });
    case "photo-after":
      return _("กล้องบอกเวลา {taken} ซึ่งอยู่หลังเวลาที่เพิ่มภาพ ลองดูนาฬิกาของเครื่อง", {
        taken: cameraTime(detail.taken),
      });
    case "photo-far":
      return detail.from === "office"
        ? _("ถ่ายห่างจากที่ตั้งสำนักงานราว {far}", { far: farWords(detail.metres) })
        : _("ถ่ายห่างจากภาพอื่นของการตรวจนี้ราว {far}", { far: farWords(detail.metres) });
    case "answers-quick":
      return _("ตอบ {n} ข้อติดกัน ข้อละไม่ถึงสองวินาที: {list}", {
        n: detail.codes.length,
        list: detail.codes.join(", "),
      });
    default:
      return _("รอส่ง {n} ภาพ", { n: detail.n });
  }
};

/** A reason people often have; null where a word cannot make it all right. @param {Code} code */
export const checkReason = (code) => {
  /** @type {Partial<Record<Code, string>>} */
  const often = {
    "photo-none": _("ดูเอกสารหรือระบบจริงแล้ว ถ่ายภาพไม่ได้"),
    "photo-few": _("ภาพที่มีแสดงครบแล้ว"),
    "measure-missing": _("วัดในวันนี้ไม่ได้"),
    "measure-outside": _("วัดซ้ำแล้ว มีเหตุผลในบันทึก"),
    "photo-twice": _("ภาพเดียวแสดงทั้งสองข้อ"),
    "photo-before": _("ตรวจกับของจริงแล้ว ยังเป็นเช่นเดิม"),
    "photo-after": _("นาฬิกาของกล้องตั้งผิด"),
    "photo-far": _("พิกัดของเครื่องคลาดเคลื่อน ถ่ายที่นี่จริง"),
    "answers-quick": _("ดูครบแล้วจึงมาตอบพร้อมกัน"),
  };
  return often[code] ?? null;
};

/** @param {Criterion} criterion @param {string} key */
const labelOf = (criterion, key) => {
  const one = criterion.measurements.find((measurement) => measurement.key === key);
  if (!one) return key;
  const unit = unitWords(one);
  return unit ? `${inLang(one.label)} (${unit})` : inLang(one.label);
};

/** A camera without an offset tells Bangkok's clock. @param {string} taken */
const cameraTime = (taken) =>
  dateTime(/(?:Z|[+-]\d\d:\d\d)$/.test(taken) ? taken : `${taken}+07:00`);

/** @param {number} metres */
const farWords = (metres) =>
  metres < 1000
    ? _("{n} เมตร", { n: Math.round(metres / 10) * 10 })
    : _("{n} กิโลเมตร", { n: (metres / 1000).toFixed(metres < 10_000 ? 1 : 0) });
