// What this place looked like at the visit before, and the way to stand there again.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { fetchPicture } from "../sync/pictures.js";
import { previousPicture } from "../sync/previous.js";
import { walk } from "./walk.js";

/** @typedef {import("../sync/previous.js").Previous} Previous */

/** From the phone, else from the server. @param {string} sha256 */
const pictureOf = async (sha256) =>
  (await previousPicture(walk.person.id, sha256)) ??
  (await fetchPicture(walk.vault, sha256, 800));

export class PreviousStrip extends Live {
  /** @type {string[]} */
  #addresses = [];

  /** @param {Previous[]} photos @param {(photo: Previous, address: string) => void} tap */
  constructor(photos, tap) {
    super();
    this.photos = photos;
    this.tap = tap;
  }

  connectedCallback() {
    const body = stamp("previous");
    for (const photo of this.photos) {
      const item = stamp("previous-photo");
      const day = date(photo.taken_on);
      say(item, {
        when: day,
        name: _("ภาพครั้งก่อน {day} {caption}", { day, caption: photo.caption }),
      });
      slot(body, "list").append(item);
      this.#fill(item, photo);
    }
    this.replaceChildren(body);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    this.#addresses = [];
  }

  /** @param {HTMLElement} item @param {Previous} photo */
  async #fill(item, photo) {
    const blob = await pictureOf(photo.sha256);
    if (!blob || !this.isConnected) return say(item, { when: _("ภาพยังไม่อยู่ในเครื่อง") });
    const address = URL.createObjectURL(blob);
    this.#addresses.push(address);
    /** @type {HTMLImageElement} */ (slot(item, "image")).src = address;
    slot(item, "open").addEventListener("click", () => this.tap(photo, address));
  }
}
customElements.define("previous-strip", PreviousStrip);
