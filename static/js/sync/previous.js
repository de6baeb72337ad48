// The pictures of an office's visit before, kept on the phone for the day without network.

import { Hand } from "../vault/hand.js";
import { fetchPicture } from "./pictures.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {{sha256: string, taken_on: string, caption: string}} Previous */
/** @typedef {Record<string, Previous[]>} PreviousPhotos */

/** @type {Hand | null} */
let worker = null;
const hand = () => {
  worker ??= new Hand(
    new Worker(new URL("../worker/previous-worker.js", import.meta.url), { type: "module" }),
  );
  return worker;
};

/** @param {{previous_photos?: PreviousPhotos}} pack */
const namesOf = (pack) =>
  Object.values(pack.previous_photos ?? {})
    .flat()
    .map(({ sha256 }) => sha256);

/** The picture that is on the phone, if it is whole. @param {string} person @param {string} sha256 @returns {Promise<Blob | null>} */
export const previousPicture = async (person, sha256) => {
  try {
    const root = await navigator.storage.getDirectory();
    const home = await (await root.getDirectoryHandle("vault")).getDirectoryHandle(person);
    const files = await home.getDirectoryHandle("previous");
    const file = await (await files.getFileHandle(sha256)).getFile();
    return file.size ? new Blob([await file.arrayBuffer()], { type: "image/jpeg" }) : null;
  } catch {
    return null;
  }
};

/**
 * Fetch what is missing and remove what no prepared visit needs.
 * @param {Vault} vault @param {{previous_photos?: PreviousPhotos}} pack
 * @returns {Promise<string>} how many of how many are here
 * @throws when not all are
 */
export const keepPrevious = async (vault, pack) => {
  const wanted = namesOf(pack);
  let here = 0;
  for (const sha256 of wanted) {
    const kept = await previousPicture(vault.person, sha256);
    const blob = kept ? null : await fetchPicture(vault, sha256, 800);
    if (blob) {
      const bytes = await blob.arrayBuffer();
      await hand().ask("put", { person: vault.person, sha256, bytes }, [bytes]);
    }
    if (kept || blob) here += 1;
  }
  const others = vault.audits().map((audit) => vault.record(`pack:${vault.prepared(audit)}`));
  const all = others.flatMap((text) => (text ? namesOf(JSON.parse(text)) : []));
  if (worker || all.length)
    await hand().ask("sweep", { person: vault.person, wanted: [...wanted, ...all] });
  if (here < wanted.length) throw new Error(`${here}/${wanted.length}`);
  return String(here);
};
