// Photos of one criterion: camera, gallery, thumbnails with their state in words.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { storePhoto } from "../photos/photos.js";
import { photoWords, thumbImage } from "./photo-image.js";
import { showPhotos } from "./photo-viewer.js";
import { busy, place } from "./place.js";
import { snack, whisper } from "./snack.js";
import { mayWrite, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

export class PhotoStrip extends Live {
  /** @param {Open} open @param {Criterion} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
    /** @type {Map<string, HTMLElement>} */ this.shown = new Map();
  }

  connectedCallback() {
    this.replaceChildren(stamp("photos"));
    this.shown.clear();
    slot(this, "take").hidden = !mayWrite(this.open.pack);
    for (const name of ["camera", "gallery"]) {
      const input = /** @type {HTMLInputElement} */ (slot(this, name));
      this.hear(input, "change", () => {
        const files = [...(input.files ?? [])];
        this.#store(files).finally(() => {
          input.value = "";
        });
      });
    }
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.hear(walk.vault, "photos", () => this.#draw());
    this.#draw();
  }

  get photos() {
    const all = this.open.ledger.state.photos[this.criterion.code] ?? [];
    return all.filter((photo) => !photo.removed);
  }

  /** Handed over at once: iOS takes a file back after a while. @param {File[]} files */
  async #store(files) {
    const done = busy();
    const position = place();
    say(this, { problem: null });
    const storing = files.map((file, i) => {
      const words = _("กำลังเก็บภาพ {n} จาก {m} ไว้ในเครื่อง", { n: i + 1, m: files.length });
      const onStep = (/** @type {string} */ step) =>
        step === "making" && say(this, { working: words });
      return storePhoto(walk.vault, this.open.ledger, this.criterion.code, file, {
        position,
        onStep,
      }).then(
        ({ duplicate }) =>
          duplicate ? snack(_("มีภาพนี้ในข้อนี้แล้ว")) : whisper(_("เก็บภาพไว้ในเครื่องแล้ว")),
        (error) => say(this, { problem: _("{why} ภาพอื่นยังอยู่ครบ", { why: error.message }) }),
      );
    });
    await Promise.all(storing);
    say(this, { working: null });
    done();
  }

  #draw() {
    const { photos } = this;
    const need = this.criterion.min_photos;
    say(this, {
      count: need
        ? _("มี {n} ภาพ ต้องการอย่างน้อย {m} ภาพ", { n: photos.length, m: need })
        : _("มี {n} ภาพ ไม่บังคับจำนวน", { n: photos.length }),
    });
    const list = slot(this, "list");
    const present = new Set(photos.map((photo) => photo.id));
    for (const [id, item] of this.shown)
      if (!present.has(id)) {
        item.remove();
        this.shown.delete(id);
      }
    for (const [i, photo] of photos.entries()) {
      let item = this.shown.get(photo.id);
      if (!item) {
        item = stamp("thumb");
        slot(item, "picture").replaceWith(thumbImage(photo.value.sha256));
        slot(item, "open").addEventListener("click", () =>
          showPhotos(this.open, this.criterion, photo.id),
        );
        list.append(item);
        this.shown.set(photo.id, item);
      }
      say(item, {
        state: photoWords(photo.value.sha256),
        name: _("ภาพที่ {n} {caption}", { n: i + 1, caption: photo.caption[0]?.value ?? "" }),
      });
    }
    list.hidden = photos.length === 0;
  }
}
customElements.define("photo-strip", PhotoStrip);
