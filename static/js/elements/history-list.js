// Everything that was ever said about one criterion, newest first; drawn only when opened.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { personName, splitTarget, valueWords } from "./speak.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../domain/change.js").Change} Change */

export class HistoryList extends Live {
  /** @param {Open} open @param {Criterion} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
  }

  connectedCallback() {
    this.replaceChildren(stamp("history"));
    this.hear(slot(this, "fold"), "toggle", () => this.#draw());
    this.hear(this.open.ledger, "change", () => this.#draw());
  }

  #draw() {
    if (!(/** @type {HTMLDetailsElement} */ (slot(this, "fold")).open)) return;
    const mine = this.#changes();
    const lines = mine.map((change) => {
      const line = stamp("history-line");
      say(line, {
        what: changeWords(change, this.criterion),
        by: `${personName(change.author, this.open.pack)} · ${dateTime(change.made_at)}`,
      });
      return line;
    });
    slot(this, "lines").replaceChildren(...lines);
    slot(this, "none").hidden = lines.length > 0;
  }

  /** @returns {Change[]} */
  #changes() {
    const { code } = this.criterion;
    const { photos: taken, attachments, links } = this.open.ledger.state;
    const photos = new Set(
      [taken, attachments, links].flatMap((all) => (all[code] ?? []).map(({ id }) => id)),
    );
    /** @param {Change} change */
    const about = ({ kind, target }) => {
      if (photos.has(target)) return true;
      const bare = kind === "resolution" ? target.split(" ")[1] : target;
      return bare.split(/[/:]/)[0] === code;
    };
    return this.open.ledger.changes.filter(about).reverse();
  }
}
customElements.define("history-list", HistoryList);

/** What a change says, in words. @param {Change} change @param {Criterion} criterion */
export const changeWords = ({ kind, target, value }, criterion) => {
  const part = splitTarget(target)[1];
  const key = target.split(":")[1] ?? "";
  const told = () => valueWords(kind, value, criterion, kind === "answer" ? part : key);
  if (kind === "answer")
    return _("ตอบ{part}: {value}", { part: part && ` ${part}`, value: told() });
  if (kind === "measurement") return _("วัดได้: {value}", { value: told() });
  if (kind === "note") return value ? _("บันทึก: {text}", { text: value }) : _("ล้างบันทึก");
  if (kind === "photo") return _("เพิ่มภาพ");
  if (kind === "photo-removed") return _("นำภาพออก: {reason}", { reason: value.reason });
  if (kind === "attachment") return _("แนบไฟล์ {name}", { name: value.name });
  if (kind === "attachment-removed") return _("นำไฟล์ออก: {reason}", { reason: value.reason });
  if (kind === "link") return _("เพิ่มลิงก์ {url}", { url: value.url });
  if (kind === "link-removed") return _("นำลิงก์ออก: {reason}", { reason: value.reason });
  if (kind === "caption") return _("คำบรรยายภาพ: {text}", { text: value });
  if (kind === "resolution") {
    const [of, ...rest] = target.split(" ");
    const detail = rest.join(" ").split(/[/:]/)[1] ?? "";
    const chosen = valueWords(of, value.value, criterion, detail);
    return _("ข้อยุติ: {value} เพราะ {reason}", {
      value: chosen,
      reason: value.reason,
    });
  }
  return _("รายการที่โปรแกรมรุ่นนี้ยังไม่รู้จัก ({kind})", { kind });
};
