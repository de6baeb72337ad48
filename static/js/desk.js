// @ts-check
/** The little that online pages do by script. Without it they still work. */
import { wakeMenus } from "./helpers/menus.js";

wakeMenus();

// The walk opens the store of whoever signed in last on this device (see elements/walk.js).
const { person, personName } = document.body.dataset;
if (person)
  localStorage.setItem("walk-person", JSON.stringify({ id: person, name: personName }));

document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  localStorage.removeItem("walk-person");
});

// "/" goes to the search, from wherever nothing is typed.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = document.activeElement;
  if (at?.matches("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("#q") ?? document.querySelector("#find");
  if (!(box instanceof HTMLInputElement)) return;
  event.preventDefault();
  if (box.checkVisibility?.() ?? box.offsetParent) box.focus();
  else location.assign("/search");
});

// A page that came back with mistakes puts them first, for eyes and for screen readers.
const first = document.querySelector("[data-focus]");
if (first instanceof HTMLElement) first.focus();

// A fragment that could not be fetched says so in words and leaves the page as it was.
document.addEventListener("htmx:error", () => {
  const words = document.querySelector("[data-offline-words]");
  if (words instanceof HTMLElement) words.hidden = false;
});
