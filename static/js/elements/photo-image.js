// A photo as a picture and in words, wherever its bytes are.

import { fetchTimeout } from "../helpers/fetching.js";
import { _ } from "../helpers/words.js";
import { walk } from "./walk.js";

/** Where a photo is, in words. @param {string} sha */
export const photoWords = (sha) => {
  const state = walk.vault.photoState(sha);
  if (state === "here") return _("ในเครื่อง ยังไม่ส่ง");
  if (state === "received") return _("เซิร์ฟเวอร์ได้รับแล้ว");
  if (state === "refused") return _("เซิร์ฟเวอร์ไม่รับ");
  if (state === "lost") return _("หายจากเครื่อง ถ่ายใหม่");
  return _("อยู่ที่เซิร์ฟเวอร์");
};

/**
 * A photo's bytes as an address for an image: the device's own copy, else the server's rendition.
 * @param {string} sha @param {200 | 2048} side @returns {Promise<string | null>}
 */
export const photoAddress = async (sha, side) => {
  const { vault } = walk;
  const own = side === 200 ? await vault.thumb(sha).catch(() => null) : null;
  if (own) return URL.createObjectURL(own);
  const whole = await vault.photo(sha).catch(() => null);
  if (whole) return URL.createObjectURL(new Blob([whole.bytes], { type: whole.type }));
  const { device } = vault;
  if (!device) return null;
  const headers = { authorization: `Device ${device.device}.${device.key}` };
  const answer = await fetchTimeout(`/photos/${sha}/${side}.jpg`, { headers }, 20_000).catch(
    () => null,
  );
  return answer?.ok ? URL.createObjectURL(await answer.blob()) : null;
};

/** A small picture that fills itself. @param {string} sha */
export const thumbImage = (sha) => {
  const image = document.createElement("img");
  image.alt = "";
  image.width = 112;
  image.height = 112;
  image.className = "thumb-image";
  photoAddress(sha, 200).then((address) => {
    if (!address) return;
    image.src = address;
    image.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  });
  return image;
};
