// On the public pages, with a network: make this device able to check without one next time.

import { keepFresh } from "./contact.js";
import { rememberLanguage } from "./language.js";

rememberLanguage();
keepFresh();
// The worker keeps the page that checks certificates; it changes nothing on the page shown now.
navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
