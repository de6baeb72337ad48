// Whether photos of this phone say where they were taken: asked once, in a sentence, and a switch.

import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { canPlace, readPlace, wantPlace, wantsPlace } from "../photos/place.js";
import { keep } from "./snack.js";
import { mayWrite } from "./stage.js";
import { walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

/** Only in a visit that takes changes; a self-assessment is made where one works. @param {Open} open */
export const placesHere = ({ pack }) =>
  pack.audit.kind === "visit" && mayWrite(pack) && canPlace();

export class PhotoPlace extends Live {
  /** @type {Promise<unknown> | null} the last answer, while it is being kept */
  #answered = null;

  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
  }

  connectedCallback() {
    this.replaceChildren(stamp("place"));
    const answer = (/** @type {boolean} */ wanted) => {
      this.#answered = keep(async () => {
        await wantPlace(walk.vault, wanted);
        this.#draw();
        return { saved: "both" };
      });
      return this.#answered;
    };
    onTap(this, "yes", async () => {
      await answer(true);
      // The browser's own question comes now, while it is plain what it is about.
      await this.read();
    });
    onTap(this, "no", () => answer(false));
    const box = /** @type {HTMLInputElement} */ (slot(this, "on"));
    box.addEventListener("change", () => answer(box.checked));
    this.hear(walk.vault, "records", () => this.#draw());
    this.#draw();
  }

  /** A photo was taken here: the moment to ask, if nobody was asked yet. */
  ask() {
    if (placesHere(this.open) && wantsPlace(walk.vault) === null)
      slot(this, "ask").hidden = false;
  }

  /** Where the phone is, for a photo being taken; null where nobody wants to know. */
  async read() {
    // A photo taken right after the tap on "yes" waits for that answer to be kept.
    await this.#answered;
    if (!placesHere(this.open) || !wantsPlace(walk.vault)) return null;
    const { position, refused } = await readPlace();
    say(this, {
      told: refused
        ? _("เครื่องไม่อนุญาตให้อ่านตำแหน่ง ภาพเก็บได้ตามปกติ อนุญาตได้ที่การตั้งค่าของเบราว์เซอร์")
        : null,
    });
    return position;
  }

  #draw() {
    const wanted = wantsPlace(walk.vault);
    slot(this, "switch").hidden = wanted === null || !placesHere(this.open);
    if (wanted !== null) slot(this, "ask").hidden = true;
    /** @type {HTMLInputElement} */ (slot(this, "on")).checked = wanted === true;
  }
}
customElements.define("photo-place", PhotoPlace);
