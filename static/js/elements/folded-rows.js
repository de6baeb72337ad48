// A list of criteria that stays short: a few stand open, more are folded under their number.

import { say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";

const FEW = 5;

/**
 * Put rows into their place. What a finger opened stays open when the page is drawn anew.
 * @param {Element} place @param {Element[]} rows
 * @param {string} key which list it is @param {Set<string>} opened lists that stand open
 */
export const putRows = (place, rows, key, opened) => {
  place.classList.toggle("rows", rows.length <= FEW);
  if (rows.length <= FEW) {
    place.replaceChildren(...rows);
    return;
  }
  const box = stamp("folded-rows");
  const fold = /** @type {HTMLDetailsElement} */ (slot(box, "fold"));
  say(box, { count: _("ดูทั้ง {n} ข้อ", { n: rows.length }) });
  slot(box, "rows").append(...rows);
  fold.open = opened.has(key);
  fold.addEventListener("toggle", () => {
    if (fold.open) opened.add(key);
    else opened.delete(key);
  });
  place.replaceChildren(box);
};
