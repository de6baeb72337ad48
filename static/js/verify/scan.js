// The code out of a QR, where the browser itself can read one: from a picture or from the camera.

const LOOKING = 250;

/** @returns {Promise<any>} a detector, or null where this browser has none */
export const detector = async () => {
  const Kind = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Kind) return null;
  const formats = await Kind.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code") ? new Kind({ formats: ["qr_code"] }) : null;
};

/** @param {any} reader @param {ImageBitmap | HTMLVideoElement} picture @returns {Promise<string>} "" where there is none */
const readFrom = async (reader, picture) => {
  const found = await reader.detect(picture).catch(() => []);
  return found[0]?.rawValue ?? "";
};

/** @param {any} reader @param {Blob} file @returns {Promise<string>} "" where no QR was found */
export const fromPicture = async (reader, file) => {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return "";
  const text = await readFrom(reader, picture);
  picture.close();
  return text;
};

/**
 * Look through the camera until a QR is seen or `gone` is aborted; the camera is let go then.
 * @param {any} reader @param {HTMLVideoElement} video @param {AbortSignal} gone
 * @returns {Promise<string>} "" when aborted
 * @throws {DOMException} when there is no camera, or it may not be used
 */
export const fromCamera = async (reader, video, gone) => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment" },
  });
  try {
    video.srcObject = stream;
    await video.play();
    while (!gone.aborted) {
      const text = await readFrom(reader, video);
      if (text) return text;
      await new Promise((resolve) => setTimeout(resolve, LOOKING));
    }
    return "";
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
};
