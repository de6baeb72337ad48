// A criterion in a list: its answer in words, photos had and needed; leads to it. And how far a
// list of them has come.

import { waitsIn } from "../domain/carried.js";
import { draw, mood, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { tasksOf } from "../sync/tasks.js";
import { answerMood, answerWords } from "./speak.js";
import { inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

const PICTURES = {
  met: "circle-check",
  unmet: "circle-x",
  partly: "circle-dashed",
  told: "minus",
  waiting: "history",
};

/** What stands for each part, and whether any differ. @param {Open} open @param {Criterion} criterion */
export const answersTo = (open, criterion) => {
  const parts = criterion.parts.length ? criterion.parts : [null];
  return parts.map((part) => {
    const target = part?.code ? `${criterion.code}/${part.code}` : criterion.code;
    const standing = open.ledger.state.registers[`answer ${target}`] ?? [];
    return { part, torn: standing.length > 1, value: standing[0]?.value ?? null };
  });
};

/** @param {Open} open @param {Criterion} criterion */
export const isBlank = (open, criterion) =>
  answersTo(open, criterion).some((one) => one.value === null && !one.torn);

/** @param {Open} open @param {Criterion} criterion @param {string} href @param {string} [note] */
export const criterionRow = (open, criterion, href, note) => {
  const row = stamp("row");
  const answers = answersTo(open, criterion);
  const torn = answers.some((one) => one.torn);
  const blanks = answers.filter((one) => one.value === null && !one.torn).length;
  const first = answers[0];
  const waits = waitsIn(open.pack.carried, open.ledger.state, criterion).length;
  const words = torn
    ? _("คำตอบไม่ตรงกัน")
    : waits
      ? _("ยกมา รอยืนยัน")
      : blanks === answers.length
        ? _("ยังไม่ตอบ")
        : blanks
          ? _("ตอบแล้ว {n} จาก {m} ส่วน", { n: answers.length - blanks, m: answers.length })
          : answers.length > 1
            ? _("{n} คะแนน", {
                n: answers.reduce(
                  (sum, { value }) => sum + (typeof value === "number" ? value : 0),
                  0,
                ),
              })
            : answerWords(first.value, criterion);
  const state = torn
    ? "held"
    : waits
      ? "waiting"
      : blanks === answers.length
        ? ""
        : blanks || answers.length > 1
          ? "told"
          : answerMood(first.value, first.part);
  const photos = (open.ledger.state.photos[criterion.code] ?? []).filter((one) => !one.removed);
  const tasks = tasksOf(walk.vault, open.pack.audit.id, criterion.code).length;
  say(row, {
    code: criterion.code,
    title: inLang(criterion.title),
    words: note ?? words,
    tasks: tasks ? _("งานปรับปรุงที่ยังไม่จบ {n} งาน", { n: tasks }) : null,
    photos:
      photos.length || criterion.min_photos
        ? _("ภาพ {n}/{m}", { n: photos.length, m: criterion.min_photos })
        : null,
  });
  row.setAttribute("href", href);
  const picture = torn ? "git-fork" : state ? /** @type {any} */ (PICTURES)[state] : "circle";
  draw(row, "picture", picture);
  mood(slot(row, "state"), /** @type {any} */ (state));
  return row;
};

/** @param {number} answered @param {number} total */
export const progressLine = (answered, total) => {
  const line = stamp("progress");
  const bar = /** @type {HTMLProgressElement} */ (slot(line, "bar"));
  bar.max = Math.max(total, 1);
  bar.value = answered;
  say(line, {
    words:
      answered === total
        ? _("ครบ {m} ข้อ", { m: total })
        : _("ตอบแล้ว {n} จาก {m} ข้อ", { n: answered, m: total }),
  });
  return line;
};
