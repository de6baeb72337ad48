// What stands around every view and never moves: the bar above, the thumb's bar below.

import { say, slot } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";

/** @typedef {{href: string, words: string}} Way */

/** The list a criterion was opened from last. @type {{audit: string, way: Way} | null} */
let from = null;

/** Whoever opens a criterion from here is led back here. @param {string} audit @param {Way | null} way */
export const comeFrom = (audit, way) => {
  from = way && { audit, way };
};

/** @param {string} audit @returns {Way | null} */
export const wayBack = (audit) => (from?.audit === audit ? from.way : null);

/**
 * @param {{title: string, bar?: string, back: Way | null,
 *   thumb?: {before?: Way | null, middle?: Way | null, after?: Way | null}}} frame
 *   `bar` is said above where the title would only repeat the heading
 */
export const setFrame = ({ title, bar: above, back, thumb }) => {
  document.title = `${title} · ${_("ตรวจสะดวก")}`;
  const bar = /** @type {HTMLElement} */ (document.getElementById("bar"));
  say(bar, { title: above ?? _("ตรวจสะดวก"), "back-to": back?.words ?? null });
  const link = slot(bar, "back");
  link.classList.toggle("absent", !back);
  link.setAttribute("href", back?.href ?? "#/");
  const foot = /** @type {HTMLElement} */ (document.getElementById("thumb"));
  foot.hidden = !thumb;
  foot.classList.toggle("is-pair", thumb?.before === undefined);
  for (const name of /** @type {const} */ (["before", "middle", "after"])) {
    const way = thumb?.[name];
    const place = slot(foot, name);
    // Ways absent for now keep their place, so that the others never move under the thumb.
    place.classList.toggle("absent", !way);
    if (!way) continue;
    place.setAttribute("href", way.href);
    say(place, { words: way.words });
  }
};
