// The service worker keeps the page that checks certificates; it changes nothing on the page
// shown now.

export const install = () => {
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
};
