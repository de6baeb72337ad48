// @ts-check
// A review by keyboard: every key does what a link or a button of the page does, and nothing else.

import { wakeLarge } from "./large.js";

const OFF = "review-keys-off";
const TYPED = "input, textarea, select, [contenteditable]";

/** @param {string} selector @returns {HTMLElement | null} */
const find = (selector) => document.querySelector(selector);

/** @param {string} id @returns {HTMLDialogElement | null} */
const dialog = (id) => /** @type {HTMLDialogElement | null} */ (document.getElementById(id));

const isOff = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

/** A key by its place, so that a Thai keyboard has the same shortcuts. @param {KeyboardEvent} event */
const keyOf = (event) => {
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "?";
  if (event.shiftKey) return "";
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return letter[1].toLowerCase();
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return digit ? digit[1] : event.key;
};

const judge = /** @type {HTMLFormElement | null} */ (find("[data-judge]"));
const reason = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("reason"));
const large = wakeLarge();
const keys = dialog("keys");

/** Press a button of the verdict once. @param {string} verdict */
const say = (verdict) => {
  const button = judge?.querySelector(`button[value="${verdict}"]`);
  if (button instanceof HTMLButtonElement && !button.disabled) button.click();
};

/** @type {Record<string, () => void>} */
const acts = {
  j: () => find("[data-key-next]")?.click(),
  ArrowRight: () => find("[data-key-next]")?.click(),
  k: () => find("[data-key-previous]")?.click(),
  ArrowLeft: () => find("[data-key-previous]")?.click(),
  n: () => find("[data-key-open]")?.click(),
  o: () => find(".crumbs li:last-child a")?.click(),
  a: () => say("accepted"),
  u: () => say("none"),
  r: () => {
    reason?.focus();
    reason?.select();
  },
  "?": () => keys?.showModal(),
};

/** Enter sends where a keyboard is at hand; on glass it writes a line. @param {KeyboardEvent} event */
const typing = (event) => {
  if (event.target !== reason || event.isComposing) return;
  if (event.key === "Escape") reason?.blur();
  const plain = !event.shiftKey && matchMedia("(pointer: fine)").matches;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || plain)) return;
  event.preventDefault();
  say("returned");
};

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.defaultPrevented) return;
  if (target.matches(TYPED)) {
    typing(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = keyOf(event);
  if (large.isOpen()) {
    if (large.press(key)) event.preventDefault();
    return;
  }
  if (document.querySelector("dialog[open]") || (isOff() && key !== "?")) return;
  const act = /^[1-9]$/.test(key) ? () => large.open(Number(key)) : acts[key];
  if (!act || event.repeat || !find("[data-key-help]")) return;
  event.preventDefault();
  act();
});

// One press, one verdict: a second while the first is on its way would judge the next criterion.
judge?.addEventListener("submit", () => {
  setTimeout(() => {
    for (const button of judge.querySelectorAll("button")) button.disabled = true;
  });
});
addEventListener("pageshow", () => {
  for (const button of judge?.querySelectorAll("button") ?? []) button.disabled = false;
});

const help = find("[data-key-help]");
if (help) {
  help.hidden = false;
  help.addEventListener("click", () => keys?.showModal());
}
const choice = /** @type {HTMLInputElement | null} */ (find("[data-keys-off]"));
if (choice) {
  choice.checked = isOff();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, choice.checked ? "1" : "");
    } catch {
      // Nothing can be remembered here; the choice lasts for this page.
    }
  });
}
