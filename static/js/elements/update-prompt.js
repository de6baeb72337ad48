// A new version waits until the person says so and nothing is being worked on.

import { slot } from "../helpers/dom.js";
import { idle } from "./photo-hold.js";

const EVERY = 3_600_000;

/** Register the worker; offer its successor when one is ready. @param {HTMLElement} box */
export const wakeUpdates = async (box) => {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const first = !serviceWorker.controller;
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
  const registration = await serviceWorker
    .register("/sw.js", { updateViaCache: "none" })
    .catch(() => null);
  if (!registration) return;
  const offer = () => {
    box.hidden = !(registration.waiting && serviceWorker.controller && idle());
  };
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", offer),
  );
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
  slot(box, "update").addEventListener("click", () =>
    registration.waiting?.postMessage("activate"),
  );
  offer();
};
