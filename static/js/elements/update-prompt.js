// A new version waits until the person says so and nothing is being worked on.

import { slot } from "../helpers/dom.js";
import { keepShell } from "../sync/prepare.js";
import { idle } from "./photo-hold.js";

const EVERY = 3_600_000;
/** How often, in milliseconds, and how many times a person's word is passed on. */
const AGAIN = 1000;
const TIMES = 20;

/**
 * Have the browser ask once more for the exchange of workers. Chromium stops the old one first, and
 * when a request of any open page (a photo on its way, the outbox of another tab) starts it anew in
 * that moment, the exchange is forgotten for half a minute to five; a word to the waiting worker
 * does not bring it back, but the start of a worker or of a page does. This one does nothing.
 */
const stir = () => {
  const url = new URL("../worker/previous-worker.js", import.meta.url);
  const helper = new Worker(url, { type: "module" });
  setTimeout(() => helper.terminate(), AGAIN);
};

/** Register the worker; offer its successor when one is ready. @param {HTMLElement} box */
export const wakeUpdates = async (box) => {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const first = !serviceWorker.controller;
  const button = /** @type {HTMLButtonElement} */ (slot(box, "update"));
  let taken = false;
  const reload = () => {
    // Also taken in another tab: a photo that is being worked on here comes first.
    if (taken && idle()) location.reload();
  };
  serviceWorker.addEventListener("controllerchange", () => {
    // The very first worker takes over a fresh page: nothing is old, nothing to reload.
    taken ||= !first;
    reload();
  });
  const known = await serviceWorker.getRegistration().catch(() => undefined);
  const registering = serviceWorker
    .register("/sw.js", { updateViaCache: "none" })
    .catch(() => null);
  // Registering waits for a check that is under way, on a thin road for long; what is known does not.
  const registration = known ?? (await registering);
  if (!registration) return;
  const page = location.pathname;
  if (registration.active && !(await caches.match(page))) keepShell();
  const offer = () => {
    box.hidden = !(registration.waiting && serviceWorker.controller && idle());
  };
  const watch = () => registration.installing?.addEventListener("statechange", offer);
  registration.addEventListener("updatefound", watch);
  watch(); // one that was found before this page could listen
  addEventListener("busy", () => {
    offer();
    reload();
  });
  // An app that is never closed asks for itself, once an hour at most.
  let asked = performance.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || performance.now() - asked < EVERY) return;
    asked = performance.now();
    registration.update().catch(() => {});
  });
  const take = (left = TIMES) => {
    button.disabled = left > 0 && !taken && registration.waiting !== null;
    if (!button.disabled) return;
    if (left === TIMES) registration.waiting?.postMessage("activate");
    else stir();
    setTimeout(take, AGAIN, left - 1);
  };
  button.addEventListener("click", () => take());
  offer();
};
