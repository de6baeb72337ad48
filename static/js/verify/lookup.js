// Typing, pasting or scanning what is to be checked.

import { say, slot } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { detector, fromCamera, fromPicture } from "./scan.js";

/** @param {HTMLElement} root @param {(text: string) => void} ask */
export const wakeLookup = async (root, ask) => {
  const form = /** @type {HTMLFormElement} */ (slot(root, "lookup"));
  const field = /** @type {HTMLTextAreaElement} */ (slot(form, "text"));
  const complain = (/** @type {string | null} */ words) => say(root, { mistake: words });
  const found = (/** @type {string} */ text) => {
    complain(null);
    field.value = text;
    ask(text);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text) found(text);
    else complain(_("ใส่เลขที่ รหัส หรือที่อยู่ในคิวอาร์ก่อน"));
    if (!text) field.focus();
  });
  const reader = await detector().catch(() => null);
  if (!reader) return; // nothing is offered that this browser cannot do
  slot(root, "scanning").hidden = false;
  wakePicture(root, reader, found, complain);
  if (navigator.mediaDevices) wakeCamera(root, reader, found, complain);
};

/** @param {HTMLElement} root @param {any} reader @param {(text: string) => void} found @param {(words: string) => void} complain */
const wakePicture = (root, reader, found, complain) => {
  const file = /** @type {HTMLInputElement} */ (slot(root, "picture-file"));
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    const text = await fromPicture(reader, chosen);
    file.value = "";
    if (text) found(text);
    else complain(_("ไม่พบคิวอาร์ในรูปนี้ ลองถ่ายให้ชัดและเต็มกรอบ"));
  });
};

/** @param {HTMLElement} root @param {any} reader @param {(text: string) => void} found @param {(words: string) => void} complain */
const wakeCamera = (root, reader, found, complain) => {
  const video = /** @type {HTMLVideoElement} */ (slot(root, "camera"));
  const [open, close] = [slot(root, "camera-open"), slot(root, "camera-close")];
  open.hidden = false;
  open.addEventListener("click", async () => {
    const gone = new AbortController();
    close.addEventListener("click", () => gone.abort(), { once: true });
    [open.hidden, close.hidden, video.hidden] = [true, false, false];
    try {
      const text = await fromCamera(reader, video, gone.signal);
      if (text) found(text);
    } catch {
      complain(_("เปิดกล้องไม่ได้ ตรวจดูว่าอนุญาตให้ใช้กล้องแล้ว หรือเลือกรูปแทน"));
    }
    [open.hidden, close.hidden, video.hidden] = [false, true, true];
  });
};
