// This device gets its own key: it may send, and nothing else, however long the session lasts.

import { Wire } from "./wire.js";

/** @typedef {{id: string, name: {th: string, en: string}, username: string}} Owner */

/** @param {typeof fetch} [fetcher] @returns {Promise<Owner>} whose session this browser holds */
export const whoIsHere = (fetcher = (input, init) => fetch(input, init)) =>
  new Wire(fetcher).ask("/api/person", (body) => typeof body.username === "string");

/**
 * A new device, or with `device`, one's own, a new key for it.
 * @param {string} label what the person calls this device
 * @param {import("../vault/vault.js").Vault} [vault] the person's vault, to remember it in
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<{device: string, key: string, person: Owner}>}
 */
export const enrol = async (label, vault, fetcher = (input, init) => fetch(input, init)) => {
  const own = vault?.device?.device;
  const { device, key, person } = await new Wire(fetcher).post(
    "/api/devices",
    own ? { label, device: own } : { label },
    (body) => typeof body.device === "string" && typeof body.key === "string",
  );
  await vault?.setRecord("device", JSON.stringify({ device, key, person }));
  return { device, key, person };
};
