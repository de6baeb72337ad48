// A photo as a picture and in words, wherever its bytes are.

import { fetchTimeout } from "../helpers/fetching.js";
import { _, language } from "../helpers/words.js";
import { walk } from "./walk.js";

/** Where a photo is, in words. @param {string} sha */
export const photoWords = (sha) => {
  const state = walk.vault.photoState(sha);
  if (state === "here") return _("ในเครื่อง ยังไม่ส่ง");
  if (state === "received") return _("เซิร์ฟเวอร์ได้รับแล้ว");
  if (state === "lost") return _("หายจากเครื่อง กรุณาถ่ายใหม่");
  if (state === "remote") return _("ถ่ายจากเครื่องอื่น");
  const why = walk.vault.photoReason(sha)?.[language()];
  return why ? _("เซิร์ฟเวอร์ไม่รับ: {why}", { why }) : _("เซิร์ฟเวอร์ไม่รับ");
};

/**
 * A photo as an address for an image, to be revoked: the device's own copy, else the server's
 * picture; null where neither can be had now.
 * @param {string} sha @param {200 | 2048} side @returns {Promise<string | null>}
 */
export const photoAddress = async (sha, side) => {
  const { vault } = walk;
  const own = side === 200 ? await vault.thumb(sha).catch(() => null) : null;
  if (own) return URL.createObjectURL(own);
  const whole = await vault.photo(sha).catch(() => null);
  // A HEIC is here because this browser cannot open it; the server can.
  if (whole && whole.type !== "image/heic")
    return URL.createObjectURL(new Blob([whole.bytes], { type: whole.type }));
  const { device } = vault;
  if (!device) return null;
  const headers = { authorization: `Device ${device.device}.${device.key}` };
  const blob = await fetchTimeout(`/photos/${sha}/${side}.jpg`, { headers }, 20_000)
    .then((answer) => (answer.ok ? answer.blob() : null))
    .catch(() => null);
  return blob?.type.startsWith("image/") ? URL.createObjectURL(blob) : null;
};

/** Fill a small picture if it is empty and the photo can be had now. @param {HTMLImageElement} image */
export const fill = async (image) => {
  const { sha = "", state } = image.dataset;
  if (state) return;
  image.dataset.state = "asking";
  const address = await photoAddress(sha, 200);
  image.dataset.state = "";
  if (!address) return;
  const done = (/** @type {string} */ told) => {
    URL.revokeObjectURL(address);
    image.dataset.state = told;
  };
  image.addEventListener("load", () => done("shown"), { once: true });
  image.addEventListener("error", () => done(""), { once: true });
  image.dataset.state = "asking";
  image.src = address;
};

/** A small picture that fills itself. @param {string} sha */
export const thumbImage = (sha) => {
  const image = document.createElement("img");
  image.alt = "";
  image.width = 112;
  image.height = 112;
  image.className = "thumb-image";
  image.dataset.sha = sha;
  fill(image);
  return image;
};
