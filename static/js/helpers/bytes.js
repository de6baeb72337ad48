// Bytes and text: one encoder, one decoder, one hash.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const encode = (text) => encoder.encode(text);

/** @param {AllowSharedBufferSource} bytes */
export const decode = (bytes) => decoder.decode(bytes);

/** @param {ArrayBuffer} buffer */
export const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {BufferSource} bytes @returns {Promise<string>} 64 lower-case hexadecimal digits */
export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
