// The strip under the bar: is it kept here, is there a network, what is still unsent. Always in words.

import { draw, Live, say } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { room, roomWords } from "./room.js";
import { unsentWords } from "./speak.js";
import { walk } from "./walk.js";

/** Draw the strip from now on. @param {HTMLElement} strip */
export const wakeStrip = (strip) => {
  const show = () => {
    const { journal, mirror } = walk.vault.health;
    const { online, why, sending, unsent, held, spoilt, problem, log } = walk.courier.state;
    const both = journal && mirror;
    strip.classList.toggle("strip-risk", !both || room.short);
    draw(strip, "saved-picture", both ? "circle-check" : "triangle-alert");
    const roads = {
      offline: _("ไม่มีสัญญาณ"),
      silent: _("เซิร์ฟเวอร์ไม่ตอบ"),
      stranger: _("เครือข่ายนี้กั้นไว้"),
      trouble: _("เซิร์ฟเวอร์ขัดข้อง"),
    };
    say(strip, {
      saved: both
        ? _("เก็บในเครื่องแล้ว")
        : journal || mirror
          ? _("เก็บได้ที่เดียวจากสองที่ ควรส่งให้เร็ว")
          : _("เก็บรายการล่าสุดในเครื่องไม่ได้"),
      room: room.short ? roomWords() : null,
      alarm: log?.broken ? _("ทะเบียนบนเซิร์ฟเวอร์ผิดปกติ แตะเพื่อดู") : null,
      link: why
        ? roads[why]
        : { yes: _("มีสัญญาณ"), no: roads.offline, unknown: _("ยังไม่ได้ติดต่อ") }[online],
      unsent: problem
        ? _("ต้องเข้าสู่ระบบเพื่อส่ง")
        : sending && !why
          ? _("กำลังส่ง")
          : sentWords(unsent, held.length, spoilt.length),
    });
    draw(strip, "link-picture", online === "yes" ? "wifi" : "wifi-off");
  };
  strip.hidden = false;
  walk.courier.addEventListener("state", show);
  walk.vault.addEventListener("health", show);
  room.addEventListener("change", show);
  room.watch();
  show();
};

/**
 * How far the sending has come; "all received" only where it is true.
 * @param {{changes: number, photos: number, files?: number}} unsent @param {number} held @param {number} spoilt
 */
export const sentWords = ({ changes, photos, files }, held, spoilt) => {
  if (changes || photos) return unsentWords(changes, photos, files);
  if (spoilt) return _("ต้องถ่ายใหม่ {n} ภาพ", { n: spoilt });
  return held ? _("เซิร์ฟเวอร์พักไว้ {n} รายการ", { n: held }) : unsentWords(0, 0);
};

/** A line of trouble with the store itself, shown until the person has read it. */
export class HealthNotice extends Live {
  said = "";

  connectedCallback() {
    this.hear(walk.vault, "health", () => this.#draw());
    this.hear(walk.courier, "state", () => this.#draw());
    this.hear(room, "change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { refilled, torn } = walk.vault.health;
    const { spoilt } = walk.courier.state;
    const lines = [];
    if (room.short)
      lines.push(
        _("{room} ก่อนถ่ายต่อ ลบสำเนาที่เก็บสำรองแล้ว ส่งงานตอนนี้ หรือบันทึกงานลงไฟล์", {
          room: roomWords() ?? "",
        }),
      );
    if (spoilt.length)
      lines.push(_("ต้องถ่ายใหม่ {n} ภาพ ดูเหตุผลในกล่องรอส่ง", { n: spoilt.length }));
    if (refilled) lines.push(_("ที่เก็บหนึ่งในสองที่หายไปและเติมกลับจากอีกที่แล้ว ไม่มีคำตอบใดหาย"));
    if (torn)
      lines.push(_("มี {n} รายการเขียนไม่จบเพราะเครื่องดับ รายการก่อนหน้านั้นยังอยู่ครบ", { n: torn }));
    const box = /** @type {HTMLElement} */ (this.closest("[data-slot=health]"));
    box.hidden = !lines.length;
    if (lines.join() === this.said) return;
    this.said = lines.join();
    this.replaceChildren(
      ...lines.map((words) => {
        const line = document.createElement("p");
        line.textContent = words;
        return line;
      }),
    );
  }
}
customElements.define("health-notice", HealthNotice);
