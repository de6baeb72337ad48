// A phone with unsent work, and the file it makes of it.
import { writeOutfile } from "../../../static/js/sync/outfile.js";
import { AUDIT, answer, PACK, Phone } from "./device.mjs";
import { sum } from "./server.mjs";

/** Numbers that look random and are the same each time. @param {number} seed */
export const chance = (seed) => {
  let state = seed >>> 0;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below) | 0;
  };
};

/** @param {import("../../../static/js/vault/vault.js").Vault} vault @param {string} target @param {Uint8Array<ArrayBuffer>} bytes */
export const photograph = async (vault, target, bytes) => {
  const sha256 = sum(bytes);
  const kept = bytes.slice().buffer;
  await vault.putPhoto({ sha256, type: "image/jpeg", bytes: kept, thumb: new ArrayBuffer(3) });
  await vault.append(AUDIT, {
    kind: "photo",
    target,
    value: { sha256, bytes: bytes.length, type: "image/jpeg", position: null },
    supersedes: [],
    pack: PACK,
  });
  return sha256;
};

/** @param {number} size @param {number} seed @returns {Uint8Array<ArrayBuffer>} */
export const grain = (size, seed) => {
  const next = chance(seed);
  return Uint8Array.from({ length: size }, () => next(256));
};

/** A phone, its vault, and the photos it took. @param {number[]} [sizes] of the photos */
export const busyPhone = async (sizes = [3000, 5200, 7100]) => {
  const phone = new Phone();
  const vault = await phone.tab();
  for (const [i, value] of ["met", "not_met", null, { na: "ไม่มีลิฟต์ 😀" }].entries())
    await vault.append(AUDIT, answer(`P0${i + 1}`, value));
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const photos = new Map();
  for (const [i, size] of sizes.entries()) {
    const bytes = grain(size, i + 1);
    photos.set(await photograph(vault, "P05", bytes), bytes);
  }
  await vault.append(AUDIT, answer("P09", "met"));
  return { phone, vault, photos };
};

/** The same, and its file in bytes. */
export const unsentFile = async () => {
  const { phone, vault, photos } = await busyPhone();
  const { file } = await writeOutfile(vault, { now: new Date("2026-11-24T07:05:09Z") });
  const bytes = new Uint8Array(await file.arrayBuffer());
  const lines = new Map(
    await Promise.all(
      vault.entries(AUDIT).map(async (entry) => {
        const [signature] = await vault.signed([entry]);
        return /** @type {[string, any]} */ ([entry.line, signature]);
      }),
    ),
  );
  phone.off();
  return { bytes, photos, lines, name: file.name };
};
