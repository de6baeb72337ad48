// Covering faces and papers on a photo, or drawing on a copy of it, with a finger or with keys.
// Loaded when it is first asked for; the service worker has it beforehand.

import { onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { middle } from "../photos/marks.js";
import { storeMade } from "../photos/photos.js";
import { render } from "../photos/rendering.js";
import { fetchPicture } from "../sync/pictures.js";
import { MarkerStage } from "./marker-stage.js";
import { busy, holdPhoto } from "./photo-hold.js";
import { snack } from "./snack.js";
import { walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../domain/fold.js").Photo} Photo */
/** @typedef {import("../photos/marks.js").Mark} Mark */
/** @typedef {import("../photos/marks.js").Point} Point */
/** @typedef {"masked" | "annotated"} How */
/** @typedef {import("./marker-stage.js").Tool} Tool */

/** The photo at its full stored size: this phone's own bytes, else the server's picture. @param {string} sha */
const bytesOf = async (sha) => {
  const own = await walk.vault.photo(sha).catch(() => null);
  // A HEIC is here because this browser cannot open it; the server can.
  if (own && own.type !== "image/heic") return new Blob([own.bytes], { type: own.type });
  return fetchPicture(walk.vault, sha, 2048);
};

/**
 * Open the editor; resolves with the id of the new photo's change, or null when nothing was kept.
 * @param {Open} open @param {Criterion} criterion @param {Photo} photo @param {How} how
 * @returns {Promise<string | null>}
 */
export const markPhoto = async (open, criterion, photo, how) => {
  const { sha256 } = photo.value;
  // What is being covered does not leave the phone meanwhile.
  const letGo = holdPhoto(sha256);
  const done = busy();
  try {
    const blob = await bytesOf(sha256);
    const bitmap = blob && (await createImageBitmap(blob).catch(() => null));
    if (!blob || !bitmap) {
      snack(_("เปิดภาพนี้ในเครื่องนี้ไม่ได้ ลองใหม่เมื่อภาพส่งแล้วและมีสัญญาณ"));
      return null;
    }
    const editor = new Editor(bitmap, how, criterion);
    try {
      return await editor.run(async (marks) => {
        const source = new Uint8Array(await blob.arrayBuffer());
        const made = await render(bitmap, marks, source);
        return storeMade(walk.vault, open.ledger, criterion.code, photo, made, how);
      });
    } finally {
      bitmap.close();
    }
  } finally {
    letGo();
    done();
  }
};

class Editor {
  #off = new AbortController();

  /** @param {ImageBitmap} bitmap @param {How} how @param {Criterion} criterion */
  constructor(bitmap, how, criterion) {
    this.bitmap = bitmap;
    this.how = how;
    const dialog = /** @type {HTMLDialogElement} */ (stamp("marker"));
    this.dialog = dialog;
    this.typed = /** @type {HTMLInputElement} */ (slot(dialog, "typed"));
    const masked = how === "masked";
    const canvas = /** @type {any} */ (slot(dialog, "canvas"));
    const tool = masked ? "mask" : "arrow";
    this.stage = new MarkerStage(
      { box: slot(dialog, "stage"), canvas, bitmap, tool },
      this.#off.signal,
    );
    say(dialog, {
      title: masked
        ? _("ปิดใบหน้าหรือเอกสาร ข้อ {code}", { code: criterion.code })
        : _("วาดลูกศรหรือข้อความ ข้อ {code}", { code: criterion.code }),
      "keep-words": masked ? _("ใช้ภาพที่ปิดแล้ว") : _("เก็บเป็นภาพใหม่"),
    });
    slot(dialog, "tools").hidden = masked;
    this.#pick(tool);
  }

  /** @param {(marks: Mark[]) => Promise<string>} store @returns {Promise<string | null>} */
  run(store) {
    const { dialog, stage } = this;
    const { signal } = this.#off;
    return new Promise((resolve) => {
      let kept = /** @type {string | null} */ (null);
      onTap(dialog, "cancel", () => dialog.close());
      onTap(dialog, "add", () => this.#add(null));
      onTap(dialog, "undo", () => stage.undo());
      onTap(dialog, "delete", () => stage.delete());
      for (const tool of /** @type {Tool[]} */ (["arrow", "words"]))
        onTap(dialog, `tool-${tool}`, () => this.#pick(tool));
      onTap(dialog, "keep", async () => {
        const id = await this.#save(store);
        if (!id) return;
        kept = id;
        dialog.close();
      });
      stage.addEventListener("change", () => this.#tell());
      stage.addEventListener("deleted", () => slot(dialog, "add").focus());
      stage.addEventListener("words", (event) =>
        this.#add(/** @type {CustomEvent} */ (event).detail),
      );
      // The phone's way back leaves the editor; nothing was lost.
      addEventListener("hashchange", () => dialog.close(), { signal });
      dialog.addEventListener("close", () => {
        this.#off.abort();
        dialog.remove();
        resolve(kept);
      });
      document.body.append(dialog);
      dialog.showModal();
      slot(dialog, "add").focus();
      stage.draw();
      this.#tell();
      // Thai words are drawn with the page's own face, once it is here.
      document.fonts?.load("700 40px Sarabun", "กข").then(
        () => stage.draw(),
        () => {},
      );
    });
  }

  /** @param {(marks: Mark[]) => Promise<string>} store @returns {Promise<string | null>} */
  async #save(store) {
    const { all } = this.stage.marks;
    const masked = this.how === "masked";
    const none = masked
      ? _("ยังไม่ได้ปิดส่วนใด ลากนิ้วคลุมบนภาพก่อน")
      : _("ยังไม่ได้วาดอะไร แตะหรือลากบนภาพก่อน");
    say(this.dialog, { problem: all.length ? null : none });
    if (!all.length) return null;
    const button = /** @type {HTMLButtonElement} */ (slot(this.dialog, "keep"));
    button.disabled = true;
    try {
      return await store(all);
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      say(this.dialog, { problem: _("เก็บไม่สำเร็จ: {why} ภาพเดิมยังอยู่ครบ", { why }) });
      return null;
    } finally {
      button.disabled = false;
    }
  }

  /** @param {Tool} tool */
  #pick(tool) {
    const { dialog } = this;
    this.stage.take(tool);
    for (const each of ["arrow", "words"])
      slot(dialog, `tool-${each}`).setAttribute("aria-pressed", String(each === tool));
    slot(dialog, "typed-field").hidden = tool !== "words";
    const add = { mask: _("เพิ่มกรอบ"), arrow: _("เพิ่มลูกศร"), words: _("วางข้อความ") };
    const hint = {
      mask: _("ลากนิ้วคลุมส่วนที่ต้องปิด หรือแตะสองมุม ส่วนที่ปิดแล้วเปิดกลับไม่ได้"),
      arrow: _("ลากนิ้วจากโคนไปยังสิ่งที่ชี้ หรือแตะสองจุด ภาพเดิมไม่เปลี่ยน"),
      words: _("พิมพ์ข้อความ แล้วแตะบนภาพตรงที่จะวาง ภาพเดิมไม่เปลี่ยน"),
    };
    say(dialog, { "add-words": add[tool], hint: hint[tool], problem: null });
  }

  /** A mark without dragging: in the middle, or where a finger touched. @param {Point | null} at */
  #add(at) {
    const { tool } = this.stage;
    const box = middle(this.bitmap);
    say(this.dialog, { problem: null });
    if (tool === "mask") return this.stage.keep({ kind: "mask", ...box });
    if (tool === "arrow") {
      const from = { x: box.x, y: box.y + box.height };
      return this.stage.keep({ kind: "arrow", from, to: { x: box.x + box.width, y: box.y } });
    }
    const text = this.typed.value.trim().normalize("NFC").slice(0, 60);
    if (!text) {
      say(this.dialog, { problem: _("พิมพ์ข้อความก่อน") });
      return this.typed.focus();
    }
    const place = at ?? { x: box.x, y: box.y + box.height / 2 };
    return this.stage.keep({ kind: "words", at: place, text });
  }

  #tell() {
    const { dialog, stage } = this;
    const n = stage.marks.all.length;
    /** @type {HTMLButtonElement} */ (slot(dialog, "undo")).disabled = !stage.marks.undoable;
    /** @type {HTMLButtonElement} */ (slot(dialog, "delete")).disabled = stage.chosen < 0;
    const masked = this.how === "masked";
    say(dialog, { count: masked ? _("ปิดแล้ว {n} จุด", { n }) : _("วาดแล้ว {n} อย่าง", { n }) });
    if (n) say(dialog, { problem: null });
  }
}
