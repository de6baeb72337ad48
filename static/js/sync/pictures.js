// Pictures the server draws, fetched with this device's key: never kept by the service worker.

import { fetchTimeout } from "./wire.js";

/**
 * @param {import("../vault/vault.js").Vault} vault
 * @param {string} sha @param {200 | 800 | 2048} side
 * @returns {Promise<Blob | null>} null where it cannot be had now
 */
export const fetchPicture = async (vault, sha, side) => {
  const { device } = vault;
  if (!device) return null;
  const headers = { authorization: `Device ${device.device}.${device.key}` };
  const blob = await fetchTimeout(`/photos/${sha}/${side}.jpg`, { headers }, 20_000)
    .then((answer) => (answer.ok ? answer.blob() : null))
    .catch(() => null);
  return blob?.type.startsWith("image/") ? blob : null;
};
