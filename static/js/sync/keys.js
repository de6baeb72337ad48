// The server learns the key this device signs with, once for each key.

import { Refused } from "./wire.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */

/**
 * Enrol the signing key where the server does not have it yet.
 * @param {Vault} vault @param {import("./wire.js").Wire} wire
 * @param {null | "unknown" | "bad"} [why] what the server says of the key it should have
 */
export const enrolKey = async (vault, wire, why = null) => {
  const device = vault.device?.device;
  for (const anew of why === "bad" ? [true] : [false, true]) {
    const key = await vault.signingKey(anew);
    if (!device || !key) return;
    const enrolled = `${device} ${key.kid}`;
    if (!why && vault.record("signing") === enrolled) return;
    const proof = await key.sign(`gecc signing key\n${device}\n${key.kid}\n`);
    try {
      await wire.post(
        "/api/devices/signing-keys",
        { spki: key.spki, proof },
        (body) => body.kid === key.kid,
      );
      return await vault.setRecord("signing", enrolled);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 404 || error.status === 405) return; // a server of an earlier release
      // A key the server will not have is no use; the next one may do.
      if (anew || !/^signing-key\.(taken|proof|shape)$/.test(error.code)) throw error;
    }
  }
};
