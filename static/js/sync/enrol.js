// This device gets its own key: it may send, and nothing else, however long the session lasts.

import { Wire } from "./wire.js";

/**
 * @param {string} label what the person calls this device
 * @param {import("../vault/vault.js").Vault} [vault] the person's vault, to remember it in
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<{device: string, key: string, person: any}>}
 */
export const enrol = async (label, vault, fetcher = (input, init) => fetch(input, init)) => {
  const { device, key, person } = await new Wire(fetcher).post(
    "/api/devices",
    { label },
    (body) => typeof body.device === "string" && typeof body.key === "string",
  );
  await vault?.setRecord("device", JSON.stringify({ device, key, person }));
  return { device, key, person };
};
