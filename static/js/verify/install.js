// The service worker keeps the page that checks certificates, and nothing of the walk unless this
// device walks visits; it changes nothing on the page shown now.

export const install = () => {
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
};
