// Where an audit stands between the first answer and the decision, and what may be changed now.

import { _ } from "../helpers/words.js";
import { pending, recalling, toldOf } from "../sync/told.js";
import { listed, unlisted, walk } from "./walk.js";

/** @typedef {import("./walk.js").Audit} Audit */
/** @typedef {import("../sync/told.js").Return} Return */

/** What the server said last of an audit. @param {string} audit */
export const told = (audit) => toldOf(walk.vault, audit);

/** The stage as the server said it last. @param {Audit} audit @returns {string} */
export const stageOf = (audit) => {
  const now = listed().find((one) => one.id === audit.id) ?? audit;
  return told(audit.id)?.stage ?? walk.courier.state.stages[audit.id]?.stage ?? now.stage;
};

/**
 * What this phone makes of it: `waiting`, submitted here and not taken yet; `recalling`, the other
 * way; else the server's own.
 * @param {Audit} audit @returns {string}
 */
export const standing = (audit) => {
  const stage = stageOf(audit);
  if ((stage === "open" || stage === "returned") && pending(walk.vault, audit.id))
    return "waiting";
  return recalling(walk.vault, audit.id) ? "recalling" : stage;
};

/** What any page of it stands on: when this changes it is drawn anew. @param {Audit} audit */
export const ground = (audit) =>
  `${whyLocked(audit)} ${returned(audit).map(({ criterion }) => criterion)}`;

/** In words; null while it is simply being walked. @param {Audit} audit @returns {string | null} */
export const stageWords = (audit) => {
  const waits = pending(walk.vault, audit.id);
  switch (standing(audit)) {
    case "waiting":
      return waits?.verdict ? arrivedWords(audit) : _("ส่งผลแล้ว รอสัญญาณ");
    case "recalling":
      return _("เรียกคืนแล้ว รอสัญญาณ");
    case "closed":
      return _("ปิดรับข้อมูล");
    case "submitted":
      return audit.kind === "self" ? _("ส่งผลการประเมินตนเองแล้ว") : _("ส่งแล้ว รอทบทวน");
    case "in_review":
      return _("กำลังทบทวน");
    case "returned":
      // Which ones comes with the audit itself: until it is prepared nobody here can count them.
      return returned(audit).length
        ? _("ผู้ทบทวนส่งกลับ {n} ข้อ", { n: returned(audit).length })
        : _("ผู้ทบทวนส่งกลับให้แก้ไข");
    case "proposed":
      return _("เสนอผลแล้ว รออนุมัติ");
    case "decided":
      return _("ตัดสินแล้ว");
    case "appealed":
      return _("อุทธรณ์ รอผู้ทบทวนคนใหม่");
    default:
      return null;
  }
};

/** What is still on its way comes by itself; anything else is for people. @param {Audit} audit */
const arrivedWords = (audit) => {
  const missing = told(audit.id)?.submission.refusals ?? [];
  const comes = ["submission.photo-missing", "submission.gap"];
  return missing.every(({ code }) => comes.includes(code))
    ? _("ส่งผลแล้ว รอภาพให้ครบ")
    : _("ส่งผลแล้ว เซิร์ฟเวอร์ยังรับไม่ได้");
};

/** The criteria that the reviewer sent back and that wait for this team. @param {Audit} audit @returns {Return[]} */
export const returned = (audit) =>
  stageOf(audit) === "returned" ? (told(audit.id)?.returned ?? []) : [];

/** Why one criterion came back, now or before, newest first. @param {Audit} audit @param {string} criterion @returns {Return[]} */
export const returnsOf = (audit, criterion) => {
  const all = [...(told(audit.id)?.returned ?? []), ...(told(audit.id)?.earlier_returns ?? [])];
  const mine = all.filter((one) => one.criterion === criterion).sort((a, b) => b.n - a.n);
  return mine.filter((one, i) => one.n !== mine[i - 1]?.n);
};

/**
 * Who submits, as the list says it now: whoever leads the visit, or heads the office that assesses
 * itself (of several heads oneself first).
 * @param {Audit} audit
 */
export const leadOf = (audit) => {
  const now = listed().find((one) => one.id === audit.id) ?? audit;
  if (now.kind !== "self") return now.lead ?? null;
  const heads = now.people.filter(({ role }) => role === "office_head").map(({ id }) => id);
  return heads.find((id) => id === walk.person.id) ?? heads[0] ?? null;
};

/** Whether this person may change this audit, or this criterion of it, now. @param {{audit: Audit}} pack @param {string} [criterion] */
export const mayWrite = ({ audit }, criterion) => whyLocked(audit, criterion) === null;

/**
 * Why this person may change nothing here, in words; null when they may. A section, or anything
 * that no reviewer returns, is a criterion that was not returned.
 * @param {Audit} audit @param {string} [criterion]
 */
export const whyLocked = (audit, criterion) => {
  const now = listed().find((one) => one.id === audit.id) ?? audit;
  const stage = standing(audit);
  const away = (audit.kind === "self" && OF_SELF()[stage]) || lockedBy(stage);
  if (away) return away;
  if (
    stage === "returned" &&
    criterion !== undefined &&
    !returned(audit).some((one) => one.criterion === criterion)
  )
    return _("ผู้ทบทวนไม่ได้ส่งข้อนี้กลับ จึงดูได้แต่แก้ไม่ได้");
  if (unlisted(audit.id))
    return _("การตรวจนี้ไม่อยู่ในรายการของคุณแล้ว อาจถูกยกเลิกหรือเปลี่ยนผู้ตรวจ งานในเครื่องยังอยู่ครบ");
  return now.may_write ? null : _("คุณดูการตรวจนี้ได้ แต่ไม่ได้รับมอบหมายให้ตอบ");
};

/** What an office's own head may open again. @returns {Record<string, string>} */
const OF_SELF = () => ({
  waiting: _("ส่งผลการประเมินตนเองแล้ว คำตอบจึงแก้ไม่ได้ ถ้าต้องแก้ ให้หัวหน้าหน่วยงานเรียกคืนก่อน"),
  submitted: _("ส่งผลการประเมินตนเองแล้ว คำตอบจึงแก้ไม่ได้ หัวหน้าหน่วยงานเรียกคืนได้จนกว่ารอบจะปิด"),
});

/** @param {string} stage @returns {string | null} */
const lockedBy = (stage) => {
  switch (stage) {
    case "open":
    case "returned":
      return null;
    case "closed":
      return _("การตรวจนี้ปิดแล้ว ดูได้แต่แก้ไม่ได้");
    case "waiting":
      return _("ส่งผลแล้ว คำตอบจึงแก้ไม่ได้ ถ้าต้องแก้ ให้หัวหน้าคณะเรียกคืนก่อน");
    case "recalling":
      return _("เรียกคืนแล้ว แก้ได้เมื่อเซิร์ฟเวอร์ยืนยัน ต้องมีสัญญาณ");
    case "submitted":
      return _("ส่งผลแล้ว รอผู้ทบทวน คำตอบจึงแก้ไม่ได้ หัวหน้าคณะยังเรียกคืนได้");
    case "in_review":
      return _("ผู้ทบทวนกำลังดูอยู่ คำตอบจึงแก้ไม่ได้");
    case "proposed":
      return _("เสนอผลแล้ว รออนุมัติ คำตอบจึงแก้ไม่ได้");
    case "decided":
      return _("ตัดสินผลแล้ว คำตอบจึงแก้ไม่ได้");
    case "appealed":
      return _("มีการอุทธรณ์ รอผู้ทบทวนคนใหม่ คำตอบจึงแก้ไม่ได้");
    default:
      return _("การตรวจนี้อยู่ในขั้นที่โปรแกรมรุ่นนี้ยังไม่รู้จัก ดูได้แต่แก้ไม่ได้");
  }
};
