// Photos in chunks, one photo at a time; a photo is received only when the server says "all".

import { sha256 as hash } from "../helpers/bytes.js";
import { unsentPhotos } from "./outbox.js";
import { LONG } from "./wire.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("./wire.js").Wire} Wire */
/**
 * @typedef {{progress(done: number, total: number, sha: string, share: number): void, contact(): void,
 *   fail(what: string, why: any): void, stumbled(what: string, error: unknown): void,
 *   enough(): boolean, paused(sha: string): boolean}} Watch
 */

export const CHUNK = 262_144;
/** As many as are likely to go before the road fails: what was asked for nothing is asked again. */
const MOST = 40;
const MOST_ASKED = 500;

/** @param {Vault} vault @param {Wire} wire @param {Watch} watch */
export const sendPhotos = async (vault, wire, watch) => {
  const waiting = [...unsentPhotos(vault)].flatMap(([sha, { verdict }]) =>
    verdict && !watch.paused(sha) ? [sha] : [],
  );
  let done = 0;
  for (let at = 0; at < waiting.length; at += MOST) {
    const { photos } = await wire.post(
      "/api/photos/status",
      { sha256s: waiting.slice(at, at + MOST) },
      (body) => typeof body.photos === "object" && body.photos !== null,
    );
    watch.contact();
    for (const sha of waiting.slice(at, at + MOST)) {
      if (watch.enough()) return;
      const progress = (/** @type {number} */ share) =>
        watch.progress(done, waiting.length, sha, share);
      try {
        await sendPhoto(vault, wire, sha, photos[sha] ?? [], { ...watch, progress });
      } catch (error) {
        // Whether these bytes will ever do, the next status says.
        watch.stumbled(sha, error);
      }
      done += 1;
    }
  }
};

/**
 * @param {Vault} vault
 * @param {Wire} wire
 * @param {string} sha
 * @param {"all" | "archived" | number[] | {refused: any}} held what the server has of it
 * @param {Omit<Watch, "progress"> & {progress(share: number): void}} watch
 */
const sendPhoto = async (vault, wire, sha, held, watch) => {
  const received = async () => {
    await vault.markPhoto(sha, "received");
    watch.fail(sha, null);
  };
  if (held === "all" || held === "archived") return received();
  if (!Array.isArray(held)) {
    watch.fail(sha, held.refused);
    return vault.markPhoto(sha, "refused", held.refused);
  }
  const photo = await vault.photo(sha);
  if (!photo) return watch.fail(sha, { code: "photo.lost" });
  const total = Math.ceil(photo.bytes.byteLength / CHUNK);
  watch.progress(held.length / total);
  for (let i = 0; i < total; i += 1) {
    if (held.includes(i)) continue;
    if (watch.enough() || watch.paused(sha)) return undefined;
    const chunk = photo.bytes.slice(i * CHUNK, (i + 1) * CHUNK);
    const { have } = await wire.ask(
      `/api/photos/${sha}/${i}?total=${total}&sum=${await hash(chunk)}`,
      (body) => body.sha256 === sha && (body.have === "all" || Array.isArray(body.have)),
      {
        method: "PUT",
        headers: { "Content-Type": "application/octet-stream" },
        body: chunk,
        limit: LONG,
      },
    );
    watch.contact();
    if (have === "all") return received();
    watch.progress(have.length / total);
  }
  return undefined;
};

/**
 * Which of the received photos here lie in a verified backup by now; what the server lost goes again.
 * @param {Vault} vault @param {Wire} wire
 */
export const askArchived = async (vault, wire) => {
  await vault.ready;
  const received = [...vault.here].filter((sha) => vault.photoState(sha) === "received");
  for (let at = 0; at < received.length; at += MOST_ASKED) {
    const sha256s = received.slice(at, at + MOST_ASKED);
    const { photos } = await wire.post(
      "/api/photos/status",
      { sha256s, archived: true },
      (body) => typeof body.photos === "object" && body.photos !== null,
    );
    /** @type {[string, "archived" | "here"][]} */
    const told = [];
    for (const sha of sha256s) {
      if (photos[sha] === "archived") told.push([sha, "archived"]);
      else if (Array.isArray(photos[sha])) told.push([sha, "here"]);
    }
    if (told.length) await vault.markPhotos(told);
  }
};
