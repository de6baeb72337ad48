// Photos of one criterion: camera, gallery, thumbnails with their state in words.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { storePhoto } from "../photos/photos.js";
import { PhotoState } from "./photo-state.js";
import { fill, showPhotos, thumbImage } from "./photo-viewer.js";
import { RoomBox } from "./room.js";
import { snack, whisper } from "./snack.js";
import { mayWrite, walk } from "./walk.js";

/** @typedef {{lat: number, lon: number, accuracy: number}} Position */

let refused = false;

/** The place within four seconds, or null: a photo never waits longer for it. @returns {Promise<Position | null>} */
export const place = () =>
  new Promise((resolve) => {
    if (refused || !navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
      (error) => {
        refused = error.code === error.PERMISSION_DENIED;
        resolve(null);
      },
      { timeout: 4000, maximumAge: 120_000, enableHighAccuracy: false },
    );
  });

let working = 0;

/** Say that a photo is being worked on; call the answer when it is done. */
export const busy = () => {
  const change = (/** @type {number} */ by) => {
    working += by;
    dispatchEvent(new Event("busy"));
  };
  change(1);
  return () => change(-1);
};

/** Nothing is being worked on, so the app may be updated. */
export const idle = () => working === 0;

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

const AT_ONCE = 8;

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
    let reached = walk.courier.state.lastContact;
    this.hear(walk.courier, "state", () => {
      // A colleague's picture that could not be had is asked for again when the server answers.
      if (walk.courier.state.lastContact === reached || walk.courier.state.sending) return;
      reached = walk.courier.state.lastContact;
      for (const image of this.querySelectorAll("img")) fill(image);
    });
    this.#draw();
  }

  get photos() {
    const all = this.open.ledger.state.photos[this.criterion.code] ?? [];
    return all.filter((photo) => !photo.removed);
  }

  /**
   * Handed over at once, for iOS takes a file back after a while; but not a whole gallery, which no
   * phone holds in memory.
   * @param {File[]} files
   */
  async #store(files) {
    const done = busy();
    const position = place();
    /** @type {string[]} */
    const refused = [];
    const one = (/** @type {File} */ file, /** @type {number} */ n) => {
      const words = _("กำลังเก็บภาพ {n} จาก {m} ไว้ในเครื่อง", { n, m: files.length });
      const onStep = (/** @type {string} */ step) =>
        step === "making" && say(this, { working: words });
      return storePhoto(walk.vault, this.open.ledger, this.criterion.code, file, {
        position,
        onStep,
      }).then(
        ({ duplicate }) =>
          duplicate ? snack(_("มีภาพนี้ในข้อนี้แล้ว")) : whisper(_("เก็บภาพไว้ในเครื่องแล้ว")),
        (error) => {
          refused.push(error.message);
          if (error.code === "full") slot(this, "room").replaceChildren(new RoomBox(true));
        },
      );
    };
    say(this, { problem: null });
    for (let at = 0; at < files.length; at += AT_ONCE)
      await Promise.all(files.slice(at, at + AT_ONCE).map((file, i) => one(file, at + i + 1)));
    say(this, {
      working: null,
      problem: refused.length ? _("{why} ภาพอื่นยังอยู่ครบ", { why: refused.join(" ") }) : null,
    });
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
        slot(item, "state").append(new PhotoState(photo.value.sha256));
        slot(item, "open").addEventListener("click", () =>
          showPhotos(this.open, this.criterion, photo.id),
        );
        list.append(item);
        this.shown.set(photo.id, item);
      }
      say(item, {
        name: _("ภาพที่ {n} {caption}", { n: i + 1, caption: photo.caption[0]?.value ?? "" }),
      });
    }
    list.hidden = photos.length === 0;
  }
}
customElements.define("photo-strip", PhotoStrip);
