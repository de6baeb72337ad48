// Where a photo is, in words, kept true while it is on screen.

import { Live } from "../helpers/dom.js";
import { _, language } from "../helpers/words.js";
import { walk } from "./walk.js";

/** @param {string} sha */
export const photoWords = (sha) => {
  const state = walk.vault.photoState(sha);
  const { sending } = walk.courier.state;
  if (state === "here" && sending?.sha === sha)
    return _("กำลังส่ง {n} %", { n: Math.floor(100 * (sending.share ?? 0)) });
  if (state === "here") return _("อยู่ในเครื่องนี้เท่านั้น");
  if (state === "received") return _("เซิร์ฟเวอร์ได้รับแล้ว");
  if (state === "archived") return _("เก็บสำรองแล้ว");
  if (state === "lost") return _("หายจากเครื่อง กรุณาถ่ายใหม่");
  if (state === "remote") return _("ถ่ายจากเครื่องอื่น");
  const why = walk.vault.photoReason(sha)?.[language()];
  return why ? _("เซิร์ฟเวอร์ไม่รับ: {why}", { why }) : _("เซิร์ฟเวอร์ไม่รับ");
};

export class PhotoState extends Live {
  said = "";

  /** @param {string} sha */
  constructor(sha) {
    super();
    this.sha = sha;
  }

  connectedCallback() {
    this.hear(walk.courier, "state", () => this.#draw());
    this.hear(walk.vault, "photos", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const words = photoWords(this.sha);
    if (words === this.said) return;
    this.said = words;
    this.replaceChildren(words);
  }
}
customElements.define("photo-state", PhotoState);
