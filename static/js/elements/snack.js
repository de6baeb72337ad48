// One line at the bottom that tells what was done and offers the way back.

import { _ } from "../helpers/words.js";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} words @param {(() => unknown) | null} [undo] @param {string} [name] of the way back */
export const snack = (words, undo = null, name = _("เลิกทำ")) => {
  const box = /** @type {HTMLElement} */ (document.getElementById("snack"));
  const text = document.createElement("span");
  text.textContent = words;
  box.replaceChildren(text);
  if (undo) {
    const back = document.createElement("button");
    back.type = "button";
    back.className = "snack-undo";
    back.textContent = name;
    back.addEventListener("click", () => {
      box.hidden = true;
      undo();
    });
    box.append(back);
  }
  box.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(hush, undo ? 8000 : 4000);
};

const hush = () => {
  const box = /** @type {HTMLElement} */ (document.getElementById("snack"));
  // A way back that has the focus is not taken from under the finger.
  if (box.contains(document.activeElement)) timer = setTimeout(hush, 4000);
  else box.hidden = true;
};

/** Say something to a screen reader only. @param {string} words */
export const whisper = (words) => {
  const voice = document.getElementById("voice");
  if (voice) voice.textContent = words;
};

/**
 * Run one deed of the ledger and tell what became of it.
 * @param {() => Promise<{saved: "both" | "one"}>} deed
 * @returns {Promise<boolean>} whether it was kept
 */
export const keep = async (deed) => {
  try {
    const { saved } = await deed();
    whisper(
      saved === "both"
        ? _("เก็บในเครื่องแล้ว")
        : _("เก็บได้ที่เดียวจากสองที่ในเครื่อง ยังไม่หาย แต่ควรส่งให้เร็ว"),
    );
    return true;
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    const why = name === "QuotaExceededError" ? _("พื้นที่ในเครื่องเต็ม") : message;
    const words = _("เก็บในเครื่องไม่ได้: {why} สิ่งที่เก็บไว้ก่อนหน้ายังอยู่ครบ", { why });
    snack(words, () => keep(deed), _("ลองอีกครั้ง"));
    return false;
  }
};
