// The language in which certificates were read last, where the service worker can find it.

import { language } from "../helpers/words.js";

/** The worker reads the same place (templates/shell/sw.js.j2). */
export const rememberLanguage = async () => {
  const cache = await globalThis.caches?.open("verify").catch(() => null);
  await cache?.put("/v/language", new Response(language())).catch(() => {});
};
