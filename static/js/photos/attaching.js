// From a chosen file to a document or video that counts: bytes on the device first, its change after.

import { cleanName, isVideo, typeOf } from "../domain/files.js";
import { sha256 as hash } from "../helpers/bytes.js";
import { _ } from "../helpers/words.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/ledger.js").Ledger} Ledger */
/** @typedef {{document: number, video: number, endings: string[]}} Most what the server takes */

const MEGABYTE = 1024 * 1024;
/** @type {Most} */
const USUAL = { document: 25 * MEGABYTE, video: 100 * MEGABYTE, endings: [] };

/** A file that was not attached; `message` is a sentence for the person. */
export class FileRefused extends Error {
  name = "FileRefused";
}

/** What this audit's pack says the server takes. @param {any} pack @returns {Most} */
export const mostOf = (pack) => pack.settings?.files ?? USUAL;

/** Why a file cannot be attached, before it is read; null when it can. @param {File} file @param {Most} most */
export const whyNotFile = (file, most) => {
  const { name } = file;
  const type = typeOf(name);
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  if (!type || (most.endings.length && !most.endings.includes(ending)))
    return _(
      "“{name}” ไม่ใช่ไฟล์ชนิดที่รับ รับ PDF, Word, Excel, PowerPoint, OpenDocument, TXT, CSV และวิดีโอ",
      { name },
    );
  if (!file.size) return _("ไฟล์ “{name}” ว่างเปล่า ลองเลือกใหม่อีกครั้ง", { name });
  const limit = isVideo(type) ? most.video : most.document;
  return file.size > limit
    ? _("“{name}” ใหญ่เกิน {n} MB ลดขนาดหรือแนบเป็นลิงก์", {
        name,
        n: Math.max(1, Math.floor(limit / MEGABYTE)),
      })
    : null;
};

/** One file after the other: a video is large. @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * Keep one file as a document or video of a criterion.
 * @param {Vault} vault @param {Ledger} ledger @param {string} criterion @param {File} file
 * @returns {Promise<{duplicate: boolean}>} duplicate: this criterion has the same file already
 * @throws {FileRefused}
 */
export const storeFile = (vault, ledger, criterion, file) => {
  const why = whyNotFile(file, mostOf(ledger.pack));
  if (why) return Promise.reject(new FileRefused(why));
  const { name } = file;
  const done = turn.then(async () => {
    let bytes;
    try {
      bytes = await file.arrayBuffer();
    } catch {
      throw new FileRefused(_("เปิดไฟล์ “{name}” ไม่ได้ ลองเลือกใหม่อีกครั้ง", { name }));
    }
    return store(vault, ledger, criterion, name, bytes);
  });
  turn = done.catch(() => {});
  return done;
};

/** @param {Vault} vault @param {Ledger} ledger @param {string} criterion @param {string} name @param {ArrayBuffer} bytes */
const store = async (vault, ledger, criterion, name, bytes) => {
  const sha256 = await hash(bytes);
  const value = {
    sha256,
    bytes: bytes.byteLength,
    type: /** @type {string} */ (typeOf(name)),
    name: cleanName(name),
  };
  const again = ledger.state.attachments[criterion]?.some(
    (one) => !one.removed && one.value.sha256 === sha256,
  );
  if (again) return { duplicate: true };
  const { type } = value;
  const late = {
    audit: ledger.audit,
    target: criterion,
    kind: /** @type {const} */ ("attachment"),
    told: { name: value.name },
  };
  try {
    await vault.putPhoto({ sha256, type, bytes, thumb: new ArrayBuffer(0), late });
  } catch (error) {
    const full = /** @type {Error} */ (error).name === "QuotaExceededError";
    throw new FileRefused(
      full
        ? _("พื้นที่ในเครื่องเต็ม เก็บไฟล์ “{name}” ไม่ได้ คำตอบยังบันทึกได้ตามปกติ", { name })
        : _("เก็บไฟล์ “{name}” ไม่สำเร็จ ลองใหม่อีกครั้ง", { name }),
    );
  }
  await ledger.addFile(criterion, value);
  return { duplicate: false };
};
