// What stands between a visit and its submission, in words.

import { _ } from "../helpers/words.js";
import { inLang } from "./walk.js";

/** @typedef {import("../domain/submitting.js").SubmitRefusal} SubmitRefusal */
/** @typedef {import("./walk.js").Criterion} Criterion */

/** What reasons of a kind are called. @param {string} code @returns {string} */
export const whyTitle = (code) =>
  ({
    "submission.blank": _("ยังไม่ตอบ"),
    "submission.conflict": _("คำตอบไม่ตรงกัน"),
    "submission.evidence": _("ภาพหลักฐานยังไม่ครบ"),
    "submission.measurement": _("ยังไม่ได้บันทึกค่าที่วัด"),
    "submission.signature-assessor": _("หัวหน้าคณะยังไม่ได้ลงชื่อกำกับคำตอบชุดนี้"),
    "submission.signature-office": _("ผู้แทนสำนักงานยังไม่ได้ลงชื่อกำกับคำตอบชุดนี้"),
    "submission.signature-head": _("หัวหน้าหน่วยงานยังไม่ได้ลงชื่อกำกับคำตอบชุดนี้"),
    "submission.stale": _("คำตอบเปลี่ยนหลังส่ง ต้องลงชื่อและส่งใหม่"),
  })[code] ?? code;

/** What is missing in one criterion. @param {SubmitRefusal[]} same of one code and criterion @param {Criterion} criterion @param {number} photos @returns {string | undefined} */
export const whyWords = (same, criterion, photos) => {
  const { code } = same[0];
  if (code === "submission.blank")
    return criterion.parts.length > 1
      ? _("ยังไม่ตอบ {n} จาก {m} ส่วน", { n: same.length, m: criterion.parts.length })
      : _("ยังไม่ตอบ");
  if (code === "submission.evidence")
    return _("มี {n} ภาพ ขาดอีก {m} ภาพ", { n: photos, m: criterion.min_photos - photos });
  if (code === "submission.measurement") {
    const keys = same.map(({ register }) => register?.split(":")[1]);
    const missing = criterion.measurements.filter(({ key }) => keys.includes(key));
    return _("ยังไม่มีค่า: {list}", {
      list: missing.map(({ label }) => inLang(label)).join(", "),
    });
  }
  return undefined;
};
