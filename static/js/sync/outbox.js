// What still has to go, reckoned from the vault; nothing here is stored.

import { aboutBrought, withBytes } from "../domain/files.js";
import { encode } from "../helpers/bytes.js";
import { from } from "../vault/ledger.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/**
 * @typedef {{changes: number, photos: number, files: number, bytes: number, since: string | null}} Unsent
 *   photos: with documents and videos, which `files` counts once more
 */

export const MOST = 200;
const MOST_BYTES = 500_000;
const SIGNATURE = 130;

/** @param {Entry} entry */
const waits = (entry) => from(entry) && entry.verdict === null;

/** Changes from here without a verdict. @param {Vault} vault @param {string} audit */
export const unsentChanges = (vault, audit) => vault.entries(audit).filter(waits);

/** Photos from here in one of these states, oldest first. @param {Vault} vault @param {string[]} states @param {string[]} [audits] */
const photosThat = (vault, states, audits = vault.audits()) => {
  /** @type {Map<string, Entry>} */
  const photos = new Map();
  for (const audit of audits) {
    for (const entry of vault.entries(audit)) {
      if (!from(entry) || !withBytes(entry.change.kind)) continue;
      const { sha256 } = entry.change.value;
      if (states.includes(vault.photoState(sha256)) && !photos.has(sha256))
        photos.set(sha256, entry);
    }
  }
  return photos;
};

/** Photos taken here whose bytes the server has not confirmed. @param {Vault} vault @param {string[]} [audits] */
export const unsentPhotos = (vault, audits) => photosThat(vault, ["here"], audits);

/**
 * What only a person can mend: photos the server would not have or that are gone from the phone,
 * until they are taken out.
 * @param {Vault} vault @param {string[]} [audits] @returns {Entry[]}
 */
export const spoilt = (vault, audits) => {
  const found = [...photosThat(vault, ["refused", "lost"], audits).values()];
  const out = new Set(
    found.flatMap(({ change: { audit } }) =>
      vault
        .entries(audit)
        .map(
          ({ change }) => aboutBrought(change.kind) && change.value?.reason && change.target,
        ),
    ),
  );
  return found.filter(({ change }) => !out.has(change.id));
};

/** Own changes that the server put aside. @param {Vault} vault @param {string[]} [audits] */
export const held = (vault, audits = vault.audits()) =>
  audits.flatMap((audit) => vault.entries(audit).filter(({ verdict }) => verdict === "held"));

/** @param {Vault} vault @param {string[]} [audits] @returns {Unsent} */
export const unsent = (vault, audits = vault.audits()) => {
  const changes = audits.flatMap((audit) => unsentChanges(vault, audit));
  const photos = [...unsentPhotos(vault, audits).values()];
  const bytes =
    changes.reduce((sum, { line }) => sum + line.length, 0) +
    photos.reduce((sum, { change }) => sum + change.value.bytes, 0);
  const times = [...changes, ...photos].map(({ change }) => change.made_at).sort();
  const files = photos.filter(({ change }) => change.kind === "attachment").length;
  return {
    changes: changes.length,
    photos: photos.length,
    files,
    bytes,
    since: times[0] ?? null,
  };
};

/** As many of these as one push may carry. @param {Entry[]} entries @param {number} most */
export const batch = (entries, most) => {
  const chosen = [];
  let bytes = 0;
  for (const entry of entries.slice(0, most)) {
    bytes += encode(JSON.stringify(entry.line)).length + SIGNATURE;
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
