// Taking in a colleague's file: shown first, whose it is and what is not whole; then carried to the
// server with one's own work.

import { withBytes } from "../domain/files.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { busy } from "./photo-hold.js";
import { audits, inLang, walk } from "./walk.js";

/** @typedef {import("../sync/infile.js").Infile} Infile */
/** @typedef {import("../sync/infile.js").Broken} Broken */

const SHOWN = 8;
/** A photo that is on this phone or at the server already. @type {Set<string>} */
const HAD = new Set(["here", "received", "archived"]);

export class TakeIn extends Live {
  connectedCallback() {
    this.replaceChildren(stamp("take-in"));
    const input = /** @type {HTMLInputElement} */ (slot(this, "file"));
    this.hear(input, "change", async () => {
      const file = input.files?.[0];
      if (file) await this.#read(file);
      input.value = "";
    });
  }

  /** @param {File} file */
  async #read(file) {
    slot(this, "found").hidden = true;
    say(this, { problem: null, done: null, working: _("กำลังตรวจไฟล์") });
    const { readInfile } = await import("../sync/infile.js");
    try {
      const found = await readInfile(file, (n, m) =>
        say(this, { working: _("กำลังตรวจไฟล์ ภาพที่ {n} จาก {m}", { n, m }) }),
      );
      this.#show(found);
    } catch (error) {
      say(this, { problem: whyNot(/** @type {any} */ (error).code) });
    }
    say(this, { working: null });
  }

  /** @param {Infile} found */
  #show(found) {
    const { manifest, rows, photos } = found;
    const box = stamp("take-in-found");
    const authors = [...new Set(rows.map(({ change }) => change.author))];
    const own = authors.length > 0 && authors.every((id) => id === walk.person.id);
    const name = inLang(manifest?.person.name) || _("ไม่ทราบชื่อ");
    say(box, {
      whose: own ? _("งานของคุณเอง") : _("งานของ {name}", { name }),
      made: manifest ? _("ทำไฟล์เมื่อ {when}", { when: dateTime(manifest.made_at) }) : null,
      "take-words": _("นำเข้า {n} รายการ {m} ภาพ", { n: rows.length, m: photos.length }),
    });
    fillLines(slot(box, "visits"), visitLines(found));
    const torn = brokenLines(found);
    slot(box, "broken").hidden = !torn.length;
    const more = torn.length - SHOWN;
    fillLines(slot(box, "broken-lines"), [
      ...torn.slice(0, SHOWN),
      ...(more > 0 ? [_("และอีก {n} แห่ง", { n: more })] : []),
    ]);
    const some = rows.length + photos.length > 0;
    slot(box, "take").hidden = !some;
    say(box, { none: some ? null : _("ไม่มีส่วนใดครบถ้วนพอให้นำเข้า ขอไฟล์ใหม่จากเครื่องเดิม") });
    onTap(box, "take", () => this.#take(found));
    onTap(box, "cancel", () => {
      slot(this, "found").hidden = true;
    });
    slot(this, "found").replaceChildren(box);
    slot(this, "found").hidden = false;
    const heading = slot(box, "whose");
    heading.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }

  /** Photos first: a line that is here has its photo here. @param {Infile} found */
  async #take({ manifest, rows, photos }) {
    slot(this, "found").hidden = true;
    const finished = busy();
    let added = 0;
    let full = 0;
    try {
      for (const [i, { sha256, type, part }] of photos.entries()) {
        say(this, { working: _("กำลังนำเข้า ภาพที่ {n} จาก {m}", { n: i + 1, m: photos.length }) });
        if (HAD.has(walk.vault.photoState(sha256))) continue;
        const bytes = await part.arrayBuffer();
        await walk.vault.carry([], [{ sha256, type, bytes }]).then(
          () => {
            added += 1;
          },
          (error) => {
            if (error.name !== "QuotaExceededError") throw error;
            full += 1;
          },
        );
      }
      const lines = rows.map(({ line, kid, sig }) => ({ line, kid, sig }));
      added += (await walk.vault.carry(lines, [])).taken;
      if (manifest?.person.name)
        await walk.vault.setRecord(
          `carried:${manifest.person.id}`,
          JSON.stringify(manifest.person.name),
        );
      say(this, {
        done: added
          ? _("นำเข้าแล้ว จะส่งไปพร้อมงานของคุณ นำเข้าซ้ำได้ ไม่มีอะไรนับสองครั้ง")
          : _("งานในไฟล์นี้อยู่ในเครื่องแล้วทั้งหมด ไม่มีอะไรเพิ่ม"),
        problem: full
          ? _("พื้นที่ในเครื่องไม่พอสำหรับ {n} ภาพ เก็บไฟล์นี้ไว้ ลบสำเนาที่เก็บสำรองแล้ว และนำเข้าอีกครั้ง", {
              n: full,
            })
          : null,
      });
      walk.courier.sendAll();
    } catch {
      say(this, {
        problem: _("นำเข้าไม่สำเร็จทั้งหมด ส่วนที่นำเข้าแล้วยังอยู่ นำเข้าไฟล์เดิมซ้ำได้"),
      });
    }
    say(this, { working: null });
    finished();
  }
}
customElements.define("take-in", TakeIn);

/** @param {HTMLElement} list @param {string[]} lines */
const fillLines = (list, lines) =>
  list.replaceChildren(
    ...lines.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    }),
  );

/** Each visit with what is whole of it. @param {Infile} found */
const visitLines = ({ manifest, rows, photos }) => {
  const whole = new Set(photos.map(({ sha256 }) => sha256));
  /** @type {Map<string, {n: number, m: number}>} */
  const visits = new Map();
  for (const { change } of rows) {
    const one = visits.get(change.audit) ?? { n: 0, m: 0 };
    one.n += 1;
    if (withBytes(change.kind) && whole.delete(change.value?.sha256)) one.m += 1;
    visits.set(change.audit, one);
  }
  const lines = [...visits].map(([id, { n, m }]) => {
    const office =
      inLang(audits().find((one) => one.id === id)?.office.name) ||
      manifest?.audits.find((one) => one.id === id)?.office ||
      _("การตรวจที่ไม่อยู่ในรายการ");
    return _("{office}: {n} รายการ {m} ภาพ", { office, n, m });
  });
  if (whole.size) lines.push(_("ภาพอื่นในไฟล์ {n} ภาพ", { n: whole.size }));
  return lines;
};

/** What is not whole, by the names people know where there are any. @param {Infile} found */
const brokenLines = ({ broken, rows }) =>
  broken.map((/** @type {Broken} */ one) => {
    switch (one.what) {
      case "row":
        return _("รายการที่ {n} เสียหาย", { n: one.n });
      case "rows":
        return _("รายการหายไป {n} รายการ", { n: one.n });
      case "photo": {
        const named = rows.find(({ change }) => change.value?.sha256 === one.sha256);
        return named
          ? _("ภาพของข้อ {code} เสียหายหรือขาดหาย", { code: named.change.target })
          : _("ภาพ {name} เสียหายหรือขาดหาย", { name: one.sha256.slice(0, 8) });
      }
      case "list":
        return _("รายการทั้งหมดเสียหายหรือขาดหาย");
      case "manifest":
        return _("ใบนำของไฟล์เสียหาย จึงบอกไม่ได้แน่ว่าขาดอะไร");
      default:
        return _("ลายเซ็นของบางรายการอาจเสียหาย เซิร์ฟเวอร์จะตรวจอีกครั้ง");
    }
  });

/** @param {unknown} code */
const whyNot = (code) =>
  code === "newer"
    ? _("ไฟล์นี้มาจากแอปรุ่นใหม่กว่า อัปเดตแอปในเครื่องนี้แล้วลองใหม่")
    : code === "not-ours"
      ? _("ไฟล์นี้ไม่ใช่ไฟล์งานที่ยังไม่ส่ง เลือกไฟล์ชื่อ gecc-unsent-….zip")
      : _("อ่านไฟล์ไม่ได้ ลองบันทึกไฟล์ลงเครื่องนี้ก่อนแล้วเลือกใหม่");
