// What was submitted before a reviewer sent a criterion back, beside what stands now.

import { difference, piecesOf, saidOf } from "../domain/difference.js";
import { fold } from "../domain/fold.js";
import { say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { thumbImage } from "./photo-viewer.js";
import { personName, valueWords } from "./speak.js";
import { told } from "./stage.js";
import { inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../sync/told.js").Return} Return */
/** @typedef {import("../domain/fold.js").State} State */

/** @type {WeakMap<Open, Map<number, State>>} what the server's order made of the first changes */
const past = new WeakMap();

/** What stood when the reviewer sent it back. @param {Open} open @param {Return} back @returns {State} */
export const stateBefore = (open, back) => {
  const audit = open.pack.audit.id;
  const now = told(audit);
  const step = now?.steps.find(({ n }) => n === back.n);
  const head = step?.head ?? now?.submission.taken?.head ?? 0;
  const all = past.get(open) ?? new Map();
  past.set(open, all);
  // Changes come with the pull; a head never changes its meaning once everything up to it is here.
  const first = walk.vault.entries(audit).filter(({ seq }) => seq !== null && seq <= head);
  if (first.length < head) return fold(first.map(({ change }) => change));
  if (!all.has(head)) all.set(head, fold(first.map(({ change }) => change)));
  return /** @type {State} */ (all.get(head));
};

/** What a line is about. @param {string} kind @param {string} detail @param {Open} open @param {Criterion} criterion */
const whatWords = (kind, detail, { pack }, criterion) => {
  if (kind === "caption") return _("คำบรรยายภาพ");
  if (kind === "note") return _("บันทึกของ{name}", { name: personName(detail, pack) });
  if (kind === "measurement")
    return inLang(criterion.measurements.find(({ key }) => key === detail)?.label) || detail;
  const part = criterion.parts.find(({ code }) => code === detail);
  return detail ? `${detail} ${inLang(part?.title)}`.trim() : _("ผลการตรวจ");
};

/** @param {any[]} values @param {string} kind @param {string} detail @param {Criterion} criterion */
const wordsOf = (values, kind, detail, criterion) =>
  values.map((value) => valueWords(kind, value, criterion, detail)).join(" / ") ||
  (kind === "answer" ? _("ยังไม่ตอบ") : _("ว่าง"));

/** @param {string} what @param {import("../domain/fold.js").Photo[]} photos */
const photoRow = (what, photos) => {
  const row = stamp("photo-row");
  say(row, { what });
  slot(row, "photos").append(...photos.map(({ value }) => thumbImage(value.sha256)));
  return row;
};

/** Documents, videos and links by their names. @param {string} what @param {import("../domain/fold.js").Piece[]} pieces */
const fileRow = (what, pieces) => {
  const row = stamp("file-row");
  say(row, { what });
  slot(row, "files").append(
    ...pieces.map(({ value }) => {
      const line = document.createElement("li");
      line.textContent = value.name ?? (value.title || value.url);
      return line;
    }),
  );
  return row;
};

/** A returned criterion: why, and what was changed since. @param {Open} open @param {Criterion} criterion @param {Return} back @param {string} href */
export const differenceCard = (open, criterion, back, href) => {
  const card = stamp("difference");
  const { said, added, removed, files } = difference(
    /** @type {any} */ (criterion),
    stateBefore(open, back),
    open.ledger.state,
  );
  slot(card, "link").setAttribute("href", href);
  say(card, {
    code: criterion.code,
    title: inLang(criterion.title),
    reason: _("เหตุผลที่ส่งกลับ: {reason}", { reason: back.reason }),
  });
  const brought = [added, removed, files.added, files.removed];
  slot(card, "none").hidden = said.length > 0 || brought.some((all) => all.length > 0);
  slot(card, "said").replaceChildren(
    ...said.map(({ kind, detail, before, after }) => {
      const row = stamp("difference-row");
      say(row, {
        what: whatWords(kind, detail, open, criterion),
        before: wordsOf(before, kind, detail, criterion),
        after: wordsOf(after, kind, detail, criterion),
      });
      return row;
    }),
  );
  slot(card, "said").hidden = !said.length;
  if (removed.length)
    slot(card, "photos").append(
      photoRow(_("ภาพที่นำออก {n} ภาพ", { n: removed.length }), removed),
    );
  if (added.length)
    slot(card, "photos").append(photoRow(_("ภาพที่เพิ่ม {n} ภาพ", { n: added.length }), added));
  if (files.removed.length)
    slot(card, "photos").append(fileRow(_("ไฟล์และลิงก์ที่นำออก"), files.removed));
  if (files.added.length) slot(card, "photos").append(fileRow(_("ไฟล์และลิงก์ที่เพิ่ม"), files.added));
  return card;
};

/** What was submitted of one criterion, line by line, with its photos. @param {Open} open @param {Criterion} criterion @param {Return} back @returns {HTMLElement[]} */
export const beforeLines = (open, criterion, back) => {
  const state = stateBefore(open, back);
  const lines = saidOf(/** @type {any} */ (criterion), state).map(
    ({ kind, detail, values }) => {
      const line = document.createElement("p");
      line.textContent = _("{what}: {value}", {
        what: whatWords(kind, detail, open, criterion),
        value: wordsOf(values, kind, detail, criterion),
      });
      return line;
    },
  );
  const photos = (state.photos[criterion.code] ?? []).filter(({ removed }) => !removed);
  const shown = photos.length
    ? [photoRow(_("ภาพที่ส่งไว้ {n} ภาพ", { n: photos.length }), photos)]
    : [];
  const pieces = piecesOf(state, criterion.code);
  if (pieces.length) shown.push(fileRow(_("ไฟล์และลิงก์ที่ส่งไว้"), pieces));
  return [...lines, ...shown];
};
