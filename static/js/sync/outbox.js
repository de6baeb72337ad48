// What still has to go, reckoned from the vault; nothing here is stored.

import { encode } from "../helpers/bytes.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {{changes: number, photos: number, bytes: number, since: string | null}} Unsent */

export const MOST = 200;
const MOST_BYTES = 500_000;

/** @param {Entry} entry */
const waits = (entry) => entry.own && entry.verdict === null;

/** Own changes without a verdict. @param {Vault} vault @param {string} audit */
export const unsentChanges = (vault, audit) => vault.entries(audit).filter(waits);

/** Photos taken here whose bytes the server has not confirmed, oldest first. @param {Vault} vault */
export const unsentPhotos = (vault) => {
  /** @type {Map<string, Entry>} */
  const photos = new Map();
  for (const audit of vault.audits()) {
    for (const entry of vault.entries(audit)) {
      if (!entry.own || entry.change.kind !== "photo") continue;
      const { sha256 } = entry.change.value;
      if (vault.photoState(sha256) === "here" && !photos.has(sha256)) photos.set(sha256, entry);
    }
  }
  return photos;
};

/** @param {Vault} vault @returns {Unsent} */
export const unsent = (vault) => {
  const changes = vault.audits().flatMap((audit) => unsentChanges(vault, audit));
  const photos = [...unsentPhotos(vault).values()];
  const bytes =
    changes.reduce((sum, { line }) => sum + line.length, 0) +
    photos.reduce((sum, { change }) => sum + change.value.bytes, 0);
  const times = [...changes, ...photos].map(({ change }) => change.made_at).sort();
  return { changes: changes.length, photos: photos.length, bytes, since: times[0] ?? null };
};

/** As many of these as one push may carry. @param {Entry[]} entries @param {number} most */
export const batch = (entries, most) => {
  const chosen = [];
  let bytes = 0;
  for (const entry of entries.slice(0, most)) {
    bytes += encode(JSON.stringify(entry.line)).length + 1;
    if (bytes > MOST_BYTES && chosen.length) break;
    chosen.push(entry);
  }
  return chosen;
};

/** The last place in the server's order up to which nothing is missing here. @param {Vault} vault @param {string} audit */
export const cursor = (vault, audit) => {
  // A restored server gave some numbers twice: they say nothing about what is missing.
  if (vault.record(`restored:${audit}`)) return 0;
  const known = new Set(vault.entries(audit).map((entry) => entry.seq));
  let last = 0;
  while (known.has(last + 1)) last += 1;
  return last;
};
