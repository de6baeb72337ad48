// The camera in the page, with the photo of the visit before over it: stand where it was taken.
// Loaded when it is first asked for; the service worker has it beforehand.

import { onTap, say, slot, stamp } from "../helpers/dom.js";
import { date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { frameFile } from "../photos/photos.js";
import { busy } from "./photo-hold.js";

/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../sync/previous.js").Previous} Previous */
/** @typedef {(file: File, source: "frame" | "camera") => void} Take */

/** The rear camera at the best it offers. @type {MediaStreamConstraints} */
const WANTED = {
  audio: false,
  video: {
    facingMode: { ideal: "environment" },
    width: { ideal: 4096 },
    height: { ideal: 3072 },
  },
};

/** @param {unknown} error */
const why = (error) => {
  const { name } = /** @type {Error} */ (error);
  if (name === "NotAllowedError")
    return _("ไม่ได้รับอนุญาตให้ใช้กล้องในหน้านี้ ใช้กล้องของเครื่องแทนได้ หรืออนุญาตที่การตั้งค่าของเบราว์เซอร์");
  if (name === "NotFoundError" || name === "OverconstrainedError")
    return _("ไม่พบกล้องในเครื่องนี้ เลือกภาพแทนได้");
  return _("เปิดกล้องไม่ได้ อาจมีแอปอื่นใช้อยู่ ใช้กล้องของเครื่องแทนได้");
};

/**
 * @param {Criterion} criterion @param {Previous} photo @param {string} address of its picture
 * @param {Take | null} take what was photographed; null where one only looks
 */
export const sameAngle = (criterion, photo, address, take) => {
  const dialog = /** @type {HTMLDialogElement} */ (stamp("same-angle"));
  const video = /** @type {HTMLVideoElement} */ (slot(dialog, "video"));
  const before = /** @type {HTMLImageElement} */ (slot(dialog, "before"));
  const faint = /** @type {HTMLInputElement} */ (slot(dialog, "faint"));
  const overlay = slot(dialog, "overlay");
  const input = /** @type {HTMLInputElement} */ (slot(dialog, "input"));
  const day = date(photo.taken_on);
  /** @type {MediaStream | null} */
  let stream = null;
  before.src = address;
  before.alt = _("ภาพครั้งก่อน {day} {caption}", { day, caption: photo.caption });
  say(dialog, {
    title: _("มุมเดิม ข้อ {code}", { code: criterion.code }),
    caption: _("ครั้งก่อน {day} {caption}", { day, caption: photo.caption }),
  });

  const shown = () => {
    const on = overlay.getAttribute("aria-pressed") === "true";
    before.style.opacity = String(stream ? (on ? Number(faint.value) / 100 : 0) : 1);
    faint.disabled = !on;
  };
  const start = async () => {
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      const found = await navigator.mediaDevices.getUserMedia(WANTED);
      if (!dialog.isConnected) return stop(found);
      stream = found;
      video.srcObject = found;
      video.hidden = false;
      await video.play();
      say(dialog, { problem: null });
      slot(dialog, "tools").hidden = false;
      slot(dialog, "shoot").hidden = false;
      slot(dialog, "instead").hidden = true;
    } catch (error) {
      video.hidden = true;
      say(dialog, { problem: why(error) });
    }
    return shown();
  };
  const shoot = async () => {
    const button = /** @type {HTMLButtonElement} */ (slot(dialog, "shoot"));
    button.disabled = true; // one tap, one photo
    const done = busy();
    try {
      const making = frameFile(video);
      video.pause(); // the tap is seen: what was taken stands still
      const file = await making;
      dialog.close();
      take?.(file, "frame");
    } catch (error) {
      say(dialog, { problem: /** @type {Error} */ (error).message });
      button.disabled = false;
      video.play().catch(() => {});
    } finally {
      done();
    }
  };

  onTap(dialog, "close", () => dialog.close());
  onTap(dialog, "shoot", shoot);
  onTap(dialog, "overlay", () => {
    const on = overlay.getAttribute("aria-pressed") !== "true";
    overlay.setAttribute("aria-pressed", String(on));
    shown();
  });
  faint.addEventListener("input", shown);
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (!file) return;
    take?.(file, "camera");
    dialog.close();
  });
  const gone = new AbortController();
  addEventListener("hashchange", () => dialog.close(), { signal: gone.signal });
  dialog.addEventListener("close", () => {
    gone.abort();
    if (stream) stop(stream);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  shown();
  slot(dialog, "instead").hidden = !take;
  if (take) start();
};

/** @param {MediaStream} stream */
const stop = (stream) => {
  for (const track of stream.getTracks()) track.stop();
};
