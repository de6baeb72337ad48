// A new version waits until the person says so and nothing is being worked on.

import { slot } from "../helpers/dom.js";
import { idle } from "./place.js";
import { walk } from "./walk.js";

/** Register the worker; offer its successor when one is ready. @param {HTMLElement} box */
export const wakeUpdates = async (box) => {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker
    .register("/sw.js", { updateViaCache: "none" })
    .catch(() => null);
  if (!registration) return;
  const offer = () => {
    const safe = idle() && !walk.courier?.state.sending;
    box.hidden = !(registration.waiting && navigator.serviceWorker.controller && safe);
  };
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", offer),
  );
  addEventListener("idle", offer);
  addEventListener("hashchange", offer);
  slot(box, "update").addEventListener("click", () => {
    if (idle()) registration.waiting?.postMessage("activate");
  });
  let reloading = false;
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The very first worker takes over a fresh page: nothing is old, nothing to reload.
    if (first || reloading) return;
    reloading = true;
    location.reload();
  });
  offer();
};
