// One criterion at a time or a whole section: the person's choice, remembered on this phone.

import { slot, stamp } from "../helpers/dom.js";

/** @returns {"one" | "all"} */
export const mode = () => (localStorage.getItem("walk-mode") === "all" ? "all" : "one");

/** @param {(mode: "one" | "all") => void} changed */
export const modeSwitch = (changed) => {
  const body = stamp("mode");
  const mark = () => {
    for (const name of /** @type {const} */ (["one", "all"]))
      slot(body, name).setAttribute("aria-pressed", String(mode() === name));
  };
  for (const name of /** @type {const} */ (["one", "all"]))
    slot(body, name).addEventListener("click", () => {
      localStorage.setItem("walk-mode", name);
      mark();
      changed(name);
    });
  mark();
  return body;
};
