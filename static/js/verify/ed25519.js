// Ed25519 by the browser itself (Chrome 137, Safari 17, Firefox 129), else by noble-ed25519.

/** @typedef {(key: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => Promise<boolean>} Check */

/** @type {Check} */
export const byBrowser = async (key, signature, message) => {
  const held = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", held, signature, message);
};

/** @type {Check} */
export const byNoble = async (key, signature, message) => {
  const { verifyAsync } = await import("../../vendor/noble-ed25519-3.2.0.js");
  // As RFC 8032 has it; the looser rules of ZIP 215 accept what the browser refuses.
  return verifyAsync(signature, message, key, { zip215: false });
};

// RFC 8032, 7.1, test 1: what a browser must be able to say before it is believed.
const KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

/** @param {string} text */
const bytesOf = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** @param {Check} check */
const works = async (check) => {
  const [key, signature] = [bytesOf(KEY), bytesOf(SIGNATURE)];
  try {
    return (
      (await check(key, signature, new Uint8Array())) &&
      !(await check(key, signature, new Uint8Array(1)))
    );
  } catch {
    return false; // NotSupportedError: an older browser
  }
};

/** @type {Promise<Check> | undefined} */
let chosen;

/** Whether the key signed the message. @type {Check} */
export const ed25519 = async (key, signature, message) => {
  if (key.length !== 32 || signature.length !== 64) return false;
  chosen ??= works(byBrowser).then((able) => (able ? byBrowser : byNoble));
  return (await chosen)(key, signature, message);
};
