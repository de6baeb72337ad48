// The keys this device signs its changes with: made here, never leaving, in a database of their own.

import { encode, sha256 } from "../helpers/bytes.js";
import { Mirror } from "./mirror.js";

/** @typedef {{kid: string, spki: string, sign(line: string): Promise<string>}} Key */

const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** @param {ArrayBuffer} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** @param {CryptoKeyPair} pair @returns {Promise<Key>} */
const keyOf = async ({ publicKey, privateKey }) => {
  const spki = await crypto.subtle.exportKey("spki", publicKey);
  return {
    kid: (await sha256(spki)).slice(0, 32),
    spki: base64(spki),
    sign: async (line) => {
      const how = { name: "ECDSA", hash: "SHA-256" };
      const made = base64(await crypto.subtle.sign(how, privateKey, encode(line)));
      return made.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    },
  };
};

export class Signer {
  /** @type {Map<string, Promise<Key | null>>} by device */
  #keys = new Map();
  #kept;
  #locks;
  #person;

  /** @param {string} person @param {import("./base.js").Surroundings} env */
  constructor(person, env) {
    this.#person = person;
    this.#kept = new Mirror(`keys-${person}`, env.factory, env.patience ?? 8_000);
    this.#locks = env.locks;
  }

  /**
   * A device's key; null where this browser cannot make one, or the key of an earlier device is gone.
   * @param {string} device @param {boolean} make @param {boolean} [anew] the old one is no good any more
   * @returns {Promise<Key | null>}
   */
  key(device, make, anew = false) {
    let key = anew ? undefined : this.#keys.get(device);
    if (!key) {
      key = this.#locks
        .request(`keys-${this.#person}`, () => this.#find(device, make, anew))
        .catch(() => null);
      this.#keys.set(device, key);
      // Another day it may work.
      key.then((found) => found ?? this.#keys.delete(device));
    }
    return key;
  }

  close() {
    return this.#kept.close();
  }

  /** @param {string} device @param {boolean} make @param {boolean} anew */
  async #find(device, make, anew) {
    /** @type {any} */
    let pair = anew ? null : await this.#kept.get(device).catch(() => null);
    if (!pair && !make) return null;
    if (!pair) {
      pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
      // Where it cannot be kept it serves until the page is closed; the next one is enrolled anew.
      await this.#kept.put([[device, pair]]).catch(() => {});
    }
    return keyOf(pair);
  }
}
