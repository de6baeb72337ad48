// From a chosen file to a photo that counts: bytes on the device first, its change after.

import { _ } from "../helpers/words.js";
import { Hand } from "../vault/hand.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/ledger.js").Ledger} Ledger */
/** @typedef {{lat: number, lon: number, accuracy: number | null, age?: number}} Position */
/** @typedef {"camera" | "library" | "frame"} Source */
/** @typedef {"waiting" | "making" | "keeping" | "saved"} Step */
/** @typedef {{position?: Position | null | Promise<Position | null>, onStep?: (step: Step) => void, hand?: Hand, source?: Source}} Options */
/** @typedef {{duplicate: boolean, saved: "both" | "one", photo: string | null, sha256: string}} Stored */

/** A file that did not become a photo; `message` is a sentence for the person. */
export class PhotoRefused extends Error {
  /** @param {string} code @param {string} name the file's own name */
  constructor(code, name) {
    super(sentence(code, name));
    this.name = "PhotoRefused";
    this.code = code;
  }
}

/** @param {string} code @param {string} name */
const sentence = (code, name) => {
  switch (code) {
    case "not-an-image":
      return _("“{name}” ไม่ใช่ภาพถ่าย เลือกไฟล์ JPEG, PNG, WebP หรือ HEIC", { name });
    case "unreadable":
      return _("เปิดภาพ “{name}” ไม่ได้ ไฟล์อาจเสียหาย ลองถ่ายใหม่", { name });
    case "empty":
      return _("ไฟล์ “{name}” ว่างเปล่า ลองเลือกใหม่อีกครั้ง", { name });
    case "full":
      return _("พื้นที่ในเครื่องเต็ม เก็บภาพเพิ่มไม่ได้ คำตอบยังบันทึกได้ตามปกติ");
    case "no-memory":
      return _("หน่วยความจำของเครื่องไม่พอสำหรับภาพ “{name}” ปิดแอปอื่นแล้วลองใหม่", { name });
    default:
      return _("เก็บภาพ “{name}” ไม่สำเร็จ ลองใหม่อีกครั้ง", { name });
  }
};

/** @type {Hand | null} */
let worker = null;
const browserHand = () => {
  worker ??= new Hand(
    new Worker(new URL("../worker/photo-worker.js", import.meta.url), { type: "module" }),
  );
  return worker;
};

/** What a camera shows at this moment, as a JPEG file. @param {HTMLVideoElement} video */
export const frameFile = async (video) => {
  try {
    const bitmap = await createImageBitmap(video);
    const { bytes } = await browserHand().ask("frame", { bitmap }, [bitmap]);
    return new File([bytes], "frame.jpg", { type: "image/jpeg" });
  } catch (error) {
    const { code } = /** @type {Error & {code?: unknown}} */ (error);
    if (code === "no-worker") worker = null; // the next photo gets a new one
    throw new PhotoRefused(typeof code === "string" ? code : "failed", "frame.jpg");
  }
};

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * Store one file as a photo of a criterion. Files wait for one another; a decoded photo is large.
 * @param {Vault} vault
 * @param {Ledger} ledger
 * @param {string} criterion
 * @param {File} file
 * @param {Options} [options]
 * @returns {Promise<Stored>} `duplicate` when this criterion has the same photo already
 * @throws {PhotoRefused}
 */
export const storePhoto = (vault, ledger, criterion, file, options = {}) => {
  options.onStep?.("waiting");
  // At once: iOS takes the file back after a while.
  const reading = file.arrayBuffer();
  const done = turn.then(async () => {
    try {
      return await store(vault, ledger, criterion, await reading, options);
    } catch (error) {
      const { name, code } = /** @type {Error & {code?: unknown}} */ (error);
      if (code === "no-worker") worker = null; // the next photo gets a new one
      if (name === "QuotaExceededError") throw new PhotoRefused("full", file.name);
      throw new PhotoRefused(typeof code === "string" ? code : "failed", file.name);
    }
  });
  turn = done.catch(() => {});
  reading.catch(() => {});
  return done;
};

/**
 * @param {Vault} vault
 * @param {Ledger} ledger
 * @param {string} criterion
 * @param {ArrayBuffer} bytes
 * @param {Options} options
 * @returns {Promise<Stored>}
 */
const store = async (vault, ledger, criterion, bytes, options) => {
  const { position = null, onStep, hand = browserHand(), source = null } = options;
  const settings = ledger.pack.settings ?? {};
  onStep?.("making");
  const made = await hand.ask(
    "make",
    {
      bytes,
      longSide: settings.photo_long_side ?? 2048,
      keepOriginal: settings.keep_originals ?? false,
    },
    [bytes],
  );
  const { sha256 } = made.told;
  const again = ledger.state.photos[criterion]?.find(
    (photo) =>
      !photo.removed &&
      (photo.value.sha256 === sha256 ||
        (made.told.original && photo.value.original?.sha256 === made.told.original.sha256)),
  );
  if (again)
    return { duplicate: true, saved: "both", photo: again.id, sha256: again.value.sha256 };
  onStep?.("keeping");
  const value = { ...made.told, source, of: null };
  const { bytes: _size, type, sha256: _name, ...told } = value;
  const late = { audit: ledger.audit, target: criterion, told };
  await vault.putPhoto({ sha256, type, bytes: made.bytes, thumb: made.thumb, late });
  // The place may still be asked for while the photo is made.
  const at = await position;
  const { saved, entry } = await ledger.addPhoto(criterion, {
    ...value,
    position: at && rounded(at),
  });
  onStep?.("saved");
  return { duplicate: false, saved, photo: entry?.change.id ?? null, sha256 };
};

/** A metre is enough. @param {Position} position @returns {Position} */
const rounded = ({ lat, lon, accuracy, age }) => ({
  lat: Number(lat.toFixed(5)),
  lon: Number(lon.toFixed(5)),
  accuracy: accuracy === null ? null : Math.round(accuracy),
  ...(age === undefined ? {} : { age }),
});

/** Kept as it is in whatever language the phone speaks: it is part of the record. */
export const MASKED = "ปิดบังใบหน้าหรือข้อมูลส่วนบุคคลแล้ว ใช้ภาพที่ปิดบังแทน";

/**
 * Keep what was made of a photo as a photo of its own. A masked one takes its source's place: with
 * its words, and the source is taken out.
 * @param {Vault} vault
 * @param {Ledger} ledger
 * @param {string} criterion
 * @param {import("../domain/fold.js").Photo} source
 * @param {Awaited<ReturnType<typeof import("./rendering.js").render>>} made
 * @param {"masked" | "annotated"} how
 * @returns {Promise<string>} id of the new photo's change
 * @throws {PhotoRefused}
 */
export const storeMade = async (vault, ledger, criterion, source, made, how) => {
  const { sha256 } = source.value;
  const value = {
    ...made.told,
    taken_at: source.value.taken_at ?? source.made_at,
    source: source.value.source ?? null,
    of: { how, change: source.id, sha256 },
  };
  const { bytes: _size, type, sha256: name, ...told } = value;
  const late = { audit: ledger.audit, target: criterion, told };
  try {
    await vault.putPhoto({ sha256: name, type, bytes: made.bytes, thumb: made.thumb, late });
  } catch (error) {
    const full = /** @type {Error} */ (error).name === "QuotaExceededError";
    throw new PhotoRefused(full ? "full" : "failed", "");
  }
  const { position } = source.value;
  const { entry } = await ledger.addPhoto(criterion, { ...value, position: position ?? null });
  const id = entry?.change.id ?? "";
  const words = source.caption[0]?.value;
  if (how === "masked") {
    await ledger.removePhoto(source.id, MASKED);
    if (words && id) await ledger.caption(id, words);
  }
  return id;
};
