// The photos of a vault: their bytes in slots, their states.

import { RESERVE } from "../worker/disk.js";
import { Base } from "./base.js";

/** @typedef {import("./shelf.js").PhotoState} PhotoState */
/** What a photo's change will say, kept beside its bytes until it does. @typedef {{audit: string, target: string, told: object, kind?: "attachment"}} Late */

const LEAST_PHOTO = 400_000;
/** A tenth of the phone's room stays free. */
const KEPT_FREE = 0.9;
const GIBIBYTE = 1_073_741_824;

export class Album extends Base {
  /** @param {string} sha256 @returns {PhotoState} */
  photoState(sha256) {
    const told = this.shelf.photos.get(sha256)?.state;
    if (told && told !== "here") return told;
    if (this.here.has(sha256)) return "here";
    if (!this.shelf.taken.has(sha256)) return "remote";
    // Until the slots have been looked through it is believed to be here: it waits to be sent.
    return this.health.photosKnown ? "lost" : "here";
  }

  /** Why the server would not have a photo. @param {string} sha256 */
  photoReason(sha256) {
    return this.shelf.photos.get(sha256)?.reason ?? null;
  }

  /** "here" again where the server lost it. @param {string} sha256 @param {PhotoState} state @param {any} [reason] */
  markPhoto(sha256, state, reason = null) {
    return this.markPhotos([[sha256, state, reason]]);
  }

  /** @param {[sha256: string, state: PhotoState, reason?: any][]} told */
  async markPhotos(told) {
    await this.write(
      told.map(([photo, state, reason = null]) => ({
        kind: /** @type {const} */ ("A"),
        data: { photo, state, reason },
      })),
    );
  }

  /** A server that came back from an older copy may lack these: what is here waits until it says. @param {Iterable<string>} shas */
  async offerPhotos(shas) {
    const due = [...shas].filter(
      (sha256) =>
        this.here.has(sha256) && ["received", "archived"].includes(this.photoState(sha256)),
    );
    if (due.length) await this.markPhotos(due.map((sha256) => [sha256, "here"]));
  }

  /**
   * Into a slot; resolves when the bytes are on the device.
   * @param {{sha256: string, type: string, bytes: ArrayBuffer, thumb: ArrayBuffer, late?: Late}} photo
   */
  async putPhoto(photo) {
    const { sha256 } = photo;
    const { free } = await this.hand.ask("putPhoto", photo);
    this.here.add(sha256);
    this.channel.postMessage({ here: sha256 });
    this.emit("photos");
    if (free < 10) this.hand.ask("spare").catch(() => {});
  }

  /** @param {string} sha256 @param {"photo" | "thumb"} [part] @returns {Promise<{bytes: ArrayBuffer, type: string} | null>} */
  async photo(sha256, part = "photo") {
    // A colleague's photo is not looked for in every slot.
    if (this.health.photosKnown && !this.here.has(sha256)) return null;
    return this.hand.ask("photo", { sha256, part });
  }

  /** @param {string} sha256 @returns {Promise<Blob | null>} */
  async thumb(sha256) {
    const found = await this.photo(sha256, "thumb");
    return found?.bytes.byteLength ? new Blob([found.bytes], { type: "image/jpeg" }) : null;
  }

  /** Photos here that lie in a verified backup of the server too. */
  spare() {
    return [...this.here].filter((sha256) => this.photoState(sha256) === "archived");
  }

  /**
   * About how many photos still fit: as large as those here, with room kept back.
   * @returns {Promise<{photos: number, sure: number, quota: number | null, usage: number | null}>}
   *   sure: for so many room is laid up; quota and usage are null, and photos is Infinity, where the
   *   browser does not tell
   */
  async room() {
    let { quota = null, usage = null } =
      (await this.env.storage.estimate?.().catch(() => null)) ?? {};
    // Chrome from 138 on reports whole gibibytes beyond what is used, whatever the phone has.
    if (quota !== null && usage !== null && (quota - usage) % GIBIBYTE === 0)
      quota = usage = null;
    if (!this.health.ballast) return { photos: 0, sure: 0, quota, usage };
    const { photos, total, reserve } = await this.hand.ask("sizes");
    const each = Math.max(LEAST_PHOTO, photos ? total / photos : 0);
    const sure = Math.floor(reserve / each);
    const told =
      quota === null || usage === null
        ? Number.POSITIVE_INFINITY
        : Math.max(0, Math.floor((quota * KEPT_FREE - usage) / each));
    // What could not be laid up whole is all there is.
    return { photos: reserve < RESERVE ? Math.min(told, sure) : told, sure, quota, usage };
  }

  /** Forget the bytes of photos in a backup; a person decides this. */
  async freePhotos() {
    for (const sha256 of this.spare()) {
      await this.hand.ask("freePhoto", { sha256 });
      this.here.delete(sha256);
    }
    this.emit("photos");
  }

  /** Make slots ahead of need. @param {number} free @returns {Promise<{free: number, ballast: boolean}>} */
  async makeSlots(free) {
    const made = await this.hand.ask("slots", { free });
    this.health.ballast = made.ballast;
    return made;
  }

  /** Look through the slots. @param {(late: any[]) => Promise<void>} finish what a dead page left unsaid */
  async look(finish) {
    try {
      const { photos, late, ballast } = await this.hand.ask("spare");
      this.here = new Set(photos);
      this.health.ballast = ballast;
      this.health.photosKnown = true;
      await finish(late);
      this.emit("photos");
    } catch {
      this.health.photosKnown = false;
    }
    this.emit("health");
  }
}
