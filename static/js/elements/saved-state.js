// The strip under the bar: is it kept here, is there a network, what is still unsent. Always in words.

import { draw, Live, say } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { unsentWords } from "./speak.js";
import { walk } from "./walk.js";

/** Draw the strip from now on. @param {HTMLElement} strip */
export const wakeStrip = (strip) => {
  const show = () => {
    const { health } = walk.vault;
    const { online, sending, unsent, held, problem } = walk.courier.state;
    const { changes, photos } = unsent;
    const both = health.journal && health.mirror;
    strip.classList.toggle("strip-risk", !both);
    draw(strip, "saved-picture", both ? "circle-check" : "triangle-alert");
    say(strip, {
      saved: both ? _("เก็บในเครื่องแล้ว") : _("เก็บได้ที่เดียวจากสองที่ ควรส่งให้เร็ว"),
      link: { yes: _("มีสัญญาณ"), no: _("ไม่มีสัญญาณ"), unknown: _("ยังไม่ได้ติดต่อ") }[online],
      unsent: problem
        ? _("ต้องเข้าสู่ระบบเพื่อส่ง")
        : sending
          ? _("กำลังส่ง")
          : held.length && !changes && !photos
            ? _("เซิร์ฟเวอร์พักไว้ {n} รายการ", { n: held.length })
            : unsentWords(changes, photos),
    });
    draw(strip, "link-picture", online === "yes" ? "wifi" : "wifi-off");
  };
  strip.hidden = false;
  walk.courier.addEventListener("state", show);
  walk.vault.addEventListener("health", show);
  walk.vault.addEventListener("entries", show);
  show();
};

/** A line of trouble with the store itself, shown until the person has read it. */
export class HealthNotice extends Live {
  connectedCallback() {
    this.hear(walk.vault, "health", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { refilled, photosLost, torn } = walk.vault.health;
    const lines = [];
    if (refilled) lines.push(_("ที่เก็บหนึ่งในสองที่หายไปและเติมกลับจากอีกที่แล้ว ไม่มีคำตอบใดหาย"));
    if (photosLost.length)
      lines.push(_("ภาพ {n} ภาพหายจากเครื่องก่อนส่ง กรุณาถ่ายใหม่", { n: photosLost.length }));
    if (torn) lines.push(_("มี {n} บรรทัดเขียนไม่จบเพราะเครื่องดับ รายการก่อนหน้าครบ", { n: torn }));
    const box = /** @type {HTMLElement} */ (this.closest("[data-slot=health]"));
    box.hidden = !lines.length;
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
