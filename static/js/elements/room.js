// Room on the phone for more photos: told before it is needed, and what to do when it is gone.

import { withBytes } from "../domain/files.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { size } from "./speak.js";
import { walk } from "./walk.js";

/** So few photos that whoever walks should know. */
const FEW = 20;
const LATER = 1_500;

/** How many photos fit, as last reckoned; null before it was. `photos` may be Infinity: nobody says. */
export const room = new (class extends EventTarget {
  /** @type {number | null} */ photos = null;
  /** Room for so many is laid up. */ sure = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** Reckon now, and again whenever photos come or go. */
  watch() {
    const soon = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.reckon(), LATER);
    };
    walk.vault.addEventListener("photos", soon);
    document.addEventListener("visibilitychange", () => document.hidden || soon());
    this.reckon();
  }

  async reckon() {
    const told = await walk.vault.room().catch(() => null);
    if (!told || (told.photos === this.photos && told.sure === this.sure)) return;
    this.photos = told.photos;
    this.sure = told.sure;
    this.dispatchEvent(new Event("change"));
  }

  get short() {
    return this.photos !== null && this.photos < FEW;
  }
})();

/** "ถ่ายได้อีกประมาณ 120 ภาพ"; null where nobody knows. */
export const roomWords = () => {
  const { photos, sure } = room;
  if (photos === null) return null;
  if (photos === Number.POSITIVE_INFINITY) return _("ถ่ายได้อีกอย่างน้อย {n} ภาพ", { n: sure });
  if (photos < 1) return _("พื้นที่สำหรับภาพหมดแล้ว คำตอบยังบันทึกได้ตามปกติ");
  return photos > 2_000
    ? _("ถ่ายได้อีกมากกว่า 2,000 ภาพ")
    : _("ถ่ายได้อีกประมาณ {n} ภาพ", { n: photos });
};

/** Archived photos whose copies may go from this phone: how many, and how large. */
const spare = () => {
  const { vault } = walk;
  const shas = new Set(vault.spare());
  let bytes = 0;
  const left = new Set(shas);
  for (const audit of vault.audits())
    for (const { change } of vault.entries(audit))
      if (withBytes(change.kind) && left.delete(change.value.sha256))
        bytes += change.value.bytes;
  return { n: shas.size, bytes };
};

/** Photos the server has and that are not in a backup yet: they wait, and the person knows for what. */
const unarchived = () => {
  const { vault } = walk;
  const found = new Set();
  for (const audit of vault.audits())
    for (const { own, carried, change } of vault.entries(audit))
      if (
        (own || carried) &&
        withBytes(change.kind) &&
        vault.photoState(change.value.sha256) === "received"
      )
        found.add(change.value.sha256);
  return found.size;
};

/** How many more fit, and what makes room; in the outbox, and where a photo did not fit. */
export class RoomBox extends Live {
  /** @param {boolean} [full] a photo did not fit just now */
  constructor(full = false) {
    super();
    this.full = full;
  }

  connectedCallback() {
    this.replaceChildren(stamp("room"));
    slot(this, "full").hidden = !this.full;
    slot(this, "ways").hidden = !this.full;
    onTap(this, "free", () => this.#free());
    onTap(this, "send-for-room", () => {
      walk.courier.sendAll();
      say(this, { done: _("กำลังส่ง เมื่อเก็บสำรองแล้วจะลบสำเนาในเครื่องได้") });
    });
    this.hear(room, "change", () => this.#draw());
    this.hear(walk.vault, "photos", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { n, bytes } = spare();
    const waiting = unarchived();
    say(this, {
      room: roomWords(),
      "free-words": _("ลบสำเนา {n} ภาพที่เก็บสำรองแล้ว ได้คืน {size}", { n, size: size(bytes) }),
      waiting: waiting
        ? _("อีก {n} ภาพเซิร์ฟเวอร์ได้รับแล้ว แต่ยังไม่ได้เก็บสำรอง จึงยังลบจากเครื่องไม่ได้", { n: waiting })
        : null,
    });
    slot(this, "free").hidden = !n;
  }

  async #free() {
    const { n } = spare();
    await walk.vault.freePhotos();
    say(this, { done: _("ลบสำเนาแล้ว {n} ภาพ ภาพยังอยู่ครบบนเซิร์ฟเวอร์", { n }) });
    await room.reckon();
    this.full = false;
    slot(this, "full").hidden = true;
    slot(this, "ways").hidden = true;
    this.#draw();
  }
}
customElements.define("room-box", RoomBox);
