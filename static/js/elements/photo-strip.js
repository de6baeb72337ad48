// Photos of one criterion: camera, gallery, thumbnails with their state in words.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { storePhoto } from "../photos/photos.js";
import { shownPhotos } from "../photos/showing.js";
import { busy, holdPhoto } from "./photo-hold.js";
import { PhotoPlace } from "./photo-place.js";
import { PhotoState } from "./photo-state.js";
import { fill, markWords, openMarker, showPhotos, thumbImage } from "./photo-viewer.js";
import { PreviousStrip } from "./previous-strip.js";
import { RoomBox } from "./room.js";
import { snack, whisper } from "./snack.js";
import { mayWrite } from "./stage.js";
import { walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

/** @typedef {import("../photos/photos.js").Source} Source */

const AT_ONCE = 8;
/** How long a new photo waits before it is sent, so that it may be masked first. */
const GRACE = 8000;

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
    slot(this, "take").hidden = !mayWrite(this.open.pack, this.criterion.code);
    this.place = new PhotoPlace(this.open);
    slot(this, "place").append(this.place);
    this.#showPrevious();
    for (const [name, source] of /** @type {[string, Source][]} */ ([
      ["camera", "camera"],
      ["gallery", "library"],
    ])) {
      const input = /** @type {HTMLInputElement} */ (slot(this, name));
      this.hear(input, "change", () => {
        const files = [...(input.files ?? [])];
        this.#store(files, source).finally(() => {
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
    return shownPhotos(this.open.ledger.state, this.criterion.code);
  }

  /**
   * Handed over at once, for iOS takes a file back after a while; but not a whole gallery, which no
   * phone holds in memory.
   * @param {File[]} files
   * @param {Source} source
   */
  async #store(files, source) {
    const done = busy();
    // Where a picture of the gallery was taken this phone does not know.
    const position = source === "library" ? null : this.place?.read();
    /** @type {string[]} */
    const refused = [];
    const one = (/** @type {File} */ file, /** @type {number} */ n) => {
      const words = _("กำลังเก็บภาพ {n} จาก {m} ไว้ในเครื่อง", { n, m: files.length });
      const onStep = (/** @type {string} */ step) =>
        step === "making" && say(this, { working: words });
      return storePhoto(walk.vault, this.open.ledger, this.criterion.code, file, {
        position,
        source,
        onStep,
      }).then(
        ({ duplicate, photo, sha256 }) => {
          if (duplicate) snack(_("มีภาพนี้ในข้อนี้แล้ว"));
          else if (files.length === 1 && photo) this.#offerMask(photo, sha256);
          else whisper(_("เก็บภาพไว้ในเครื่องแล้ว"));
        },
        (error) => {
          refused.push(error.message);
          const room = slot(this, "room");
          if (error.code === "full" && !room.firstChild) room.append(new RoomBox(true));
        },
      );
    };
    say(this, { problem: null });
    slot(this, "room").replaceChildren();
    for (let at = 0; at < files.length; at += AT_ONCE)
      await Promise.all(files.slice(at, at + AT_ONCE).map((file, i) => one(file, at + i + 1)));
    say(this, {
      working: null,
      problem: refused.length ? _("{why} ภาพอื่นยังอยู่ครบ", { why: refused.join(" ") }) : null,
    });
    done();
    if (source !== "library") this.place?.ask();
  }

  /** Right after it was taken, and before it is sent. @param {string} id @param {string} sha256 */
  #offerMask(id, sha256) {
    setTimeout(holdPhoto(sha256), GRACE);
    snack(
      _("เก็บภาพไว้ในเครื่องแล้ว"),
      () => {
        const photo = this.photos.find((one) => one.id === id);
        if (photo) openMarker(this.open, this.criterion, photo, "masked");
      },
      _("ปิดใบหน้า/เอกสาร"),
    );
  }

  #showPrevious() {
    const before = this.open.pack.previous_photos?.[this.criterion.code];
    if (!before?.length) return;
    slot(this, "previous").append(
      new PreviousStrip(before, async (photo, address) => {
        const { sameAngle } = await import("./same-angle.js");
        sameAngle(
          this.criterion,
          photo,
          address,
          mayWrite(this.open.pack, this.criterion.code)
            ? (file, source) => this.#store([file], source)
            : null,
        );
      }),
    );
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
        mark: markWords(photo.value, true),
        name: _("ภาพที่ {n} {caption}", { n: i + 1, caption: photo.caption[0]?.value ?? "" }),
      });
    }
    list.hidden = photos.length === 0;
  }
}
customElements.define("photo-strip", PhotoStrip);
