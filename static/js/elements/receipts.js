// Receipts: what the server has confirmed of a visit's work done on this phone, in words.

import { withBytes } from "../domain/files.js";
import { Live } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { walk } from "./walk.js";

const CONFIRMED = new Set(["kept", "known"]);

/**
 * One's own work of these audits, and what one carries for others, counted by where it is. A photo
 * taken out again counts only while it still has to go.
 * @param {string[]} audits
 */
export const receiptOf = (audits) => {
  const { vault } = walk;
  const count = {
    changes: { all: 0, there: 0, held: 0, waiting: 0 },
    photos: { all: 0, there: 0, archived: 0, waiting: 0, refused: 0, lost: 0 },
    files: { all: 0, there: 0, archived: 0, waiting: 0, refused: 0, lost: 0 },
  };
  for (const audit of audits) {
    const entries = vault.entries(audit).filter((entry) => entry.own || entry.carried);
    const out = new Set(
      entries.map(
        ({ change: { kind, target } }) =>
          (kind === "photo-removed" || kind === "attachment-removed") && target,
      ),
    );
    /** @type {Set<string>} */
    const seen = new Set();
    for (const { change, verdict } of entries) {
      count.changes.all += 1;
      if (CONFIRMED.has(verdict ?? "")) count.changes.there += 1;
      else if (verdict === "held") count.changes.held += 1;
      else count.changes.waiting += 1;
      if (!withBytes(change.kind) || seen.has(change.value.sha256)) continue;
      const state = vault.photoState(change.value.sha256);
      if (state === "remote" || (out.has(change.id) && state !== "here")) continue;
      seen.add(change.value.sha256);
      const of = change.kind === "photo" ? count.photos : count.files;
      of.all += 1;
      if (state === "received" || state === "archived") of.there += 1;
      if (state === "archived") of.archived += 1;
      if (state === "here") of.waiting += 1;
      if (state === "refused") of.refused += 1;
      if (state === "lost") of.lost += 1;
    }
  }
  return count;
};

/** A receipt as lines, the good news first. @param {ReturnType<typeof receiptOf>} count @returns {string[]} */
export const receiptLines = ({ changes, photos, files }) => {
  /** @type {string[]} */
  const lines = [];
  const say = (/** @type {number} */ n, /** @type {string} */ words) => n && lines.push(words);
  say(
    changes.all,
    _("{n} จาก {m} รายการยืนยันแล้วบนเซิร์ฟเวอร์", { n: changes.there, m: changes.all }),
  );
  say(changes.held, _("เซิร์ฟเวอร์พักไว้ {n} รายการ", { n: changes.held }));
  say(photos.all, _("{n} จาก {m} ภาพยืนยันแล้วบนเซิร์ฟเวอร์", { n: photos.there, m: photos.all }));
  say(photos.waiting, _("อยู่ในเครื่องนี้เท่านั้น {n} ภาพ", { n: photos.waiting }));
  say(photos.refused, _("เซิร์ฟเวอร์ไม่รับ {n} ภาพ ต้องถ่ายใหม่", { n: photos.refused }));
  say(photos.lost, _("หายจากเครื่องก่อนส่ง {n} ภาพ ต้องถ่ายใหม่", { n: photos.lost }));
  say(photos.archived, _("เก็บสำรองแล้ว {n} ภาพ", { n: photos.archived }));
  say(files.all, _("{n} จาก {m} ไฟล์ยืนยันแล้วบนเซิร์ฟเวอร์", { n: files.there, m: files.all }));
  say(files.waiting, _("เอกสารอยู่ในเครื่องนี้เท่านั้น {n} ไฟล์", { n: files.waiting }));
  say(files.refused, _("เซิร์ฟเวอร์ไม่รับ {n} ไฟล์ ต้องแนบใหม่", { n: files.refused }));
  say(files.lost, _("หายจากเครื่องก่อนส่ง {n} ไฟล์ ต้องแนบใหม่", { n: files.lost }));
  say(files.archived, _("เก็บสำรองแล้ว {n} ไฟล์", { n: files.archived }));
  return lines;
};

/** The receipt of one visit, kept true while it is on screen. */
export class VisitReceipt extends Live {
  said = "";

  /** @param {string} audit */
  constructor(audit) {
    super();
    this.audit = audit;
  }

  connectedCallback() {
    this.hear(walk.courier, "state", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const count = receiptOf([this.audit]);
    const lines = receiptLines(count);
    const { changes, photos, files } = count;
    this.hidden = !lines.length;
    this.classList.toggle(
      "receipt-whole",
      changes.there === changes.all && photos.there === photos.all && files.there === files.all,
    );
    if (lines.join() === this.said) return;
    this.said = lines.join();
    const list = document.createElement("ul");
    list.className = "receipt small";
    for (const words of lines) {
      const line = document.createElement("li");
      line.textContent = words;
      list.append(line);
    }
    this.replaceChildren(list);
  }
}
customElements.define("visit-receipt", VisitReceipt);
