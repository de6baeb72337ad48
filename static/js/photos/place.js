// The place of a photo: asked for only while it is taken, only in an open visit, only where a
// person said yes on this phone.

import { _ } from "../helpers/words.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {{lat: number, lon: number, accuracy: number | null, age: number}} Position */

const RECORD = "place";
const PATIENCE = 4000;

/** Whether a person of this phone wants places; null before they were asked. @param {Vault} vault @returns {boolean | null} */
export const wantsPlace = (vault) => {
  const said = vault.record(RECORD);
  return said === undefined ? null : said === "on";
};

/** @param {Vault} vault @param {boolean} wanted */
export const wantPlace = (vault, wanted) => vault.setRecord(RECORD, wanted ? "on" : "off");

/** Whether this phone can say where it is. */
export const canPlace = () => "geolocation" in navigator;

/**
 * Where the phone is, within four seconds: a photo never waits longer for it.
 * @returns {Promise<{position: Position | null, refused: boolean}>}
 */
export const readPlace = () =>
  new Promise((resolve) => {
    if (!canPlace()) return resolve({ position: null, refused: false });
    // The browser's own patience starts only when a person answered its question.
    setTimeout(() => resolve({ position: null, refused: false }), PATIENCE);
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        const { latitude: lat, longitude: lon, accuracy } = coords;
        const age = Math.max(0, Math.round((Date.now() - timestamp) / 1000));
        resolve({ position: { lat, lon, accuracy, age }, refused: false });
      },
      (error) => resolve({ position: null, refused: error.code === error.PERMISSION_DENIED }),
      { timeout: PATIENCE, maximumAge: 120_000, enableHighAccuracy: true },
    );
  });

/** How sure a place is, in words. @param {{accuracy: number | null, age?: number}} position */
export const placeWords = ({ accuracy, age = 0 }) => {
  const near = accuracy === null ? _("ไม่ทราบความคลาดเคลื่อน") : distance(accuracy);
  if (age < 30) return _("บันทึกตำแหน่งแล้ว {near}", { near });
  return age < 90
    ? _("บันทึกตำแหน่งแล้ว {near} อ่านก่อนถ่าย {n} วินาที", { near, n: age })
    : _("บันทึกตำแหน่งแล้ว {near} อ่านก่อนถ่าย {n} นาที", { near, n: Math.round(age / 60) });
};

/** @param {number} metres */
const distance = (metres) =>
  metres < 1000
    ? _("±{n} ม.", { n: Math.max(1, Math.round(metres)) })
    : _("±{n} กม.", { n: Math.round(metres / 1000) });
