// Journals of earlier releases, as files: what a phone held, and what this release reads in it.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { canonical } from "../../../static/js/domain/canonical.js";
import { fold } from "../../../static/js/domain/fold.js";
import { unsent, unsentChanges } from "../../../static/js/sync/outbox.js";
import { counts } from "../../../static/js/vault/ledger.js";
import { PERSON } from "./device.mjs";

/** @typedef {import("./device.mjs").Phone} Phone */

const HOME = new URL("../../cases/journals/", import.meta.url);

export const names = async () =>
  (await readdir(HOME))
    .filter((name) => name.endsWith(".journal.txt"))
    .map((name) => name.slice(0, -12));

/** @param {Phone} phone @returns {Promise<IDBObjectStore>} */
const store = (phone) =>
  new Promise((resolve, reject) => {
    const request = phone.factory.open(`vault-${PERSON}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("lines");
    request.onerror = () => reject(request.error);
    request.onsuccess = () =>
      resolve(request.result.transaction("lines", "readwrite").objectStore("lines"));
  });

/** @param {Phone} phone @returns {Promise<[string, string][]>} key and line */
const mirrored = async (phone) => {
  const lines = await store(phone);
  return new Promise((resolve) => {
    const keys = lines.getAllKeys();
    const all = lines.getAll();
    lines.transaction.oncomplete = () => {
      lines.transaction.db.close();
      resolve(keys.result.map((key, i) => [String(key), all.result[i]]));
    };
  });
};

/** Give a new phone what an old one held. @param {Phone} phone @param {string} name */
export const load = async (phone, name) => {
  const vaults = await phone.storage.root.getDirectoryHandle("vault", { create: true });
  const home = await vaults.getDirectoryHandle(PERSON, { create: true });
  const journal = await home.getFileHandle("journal", { create: true });
  journal.bytes = new Uint8Array(await readFile(new URL(`${name}.journal.txt`, HOME)));
  const text = await readFile(new URL(`${name}.mirror.txt`, HOME), "utf8");
  const lines = await store(phone);
  for (const row of text.split("\n").filter(Boolean)) {
    const at = row.indexOf("\t");
    lines.put(row.slice(at + 1), row.slice(0, at));
  }
  await new Promise((resolve) => {
    lines.transaction.oncomplete = resolve;
  });
  lines.transaction.db.close();
};

/** What a release reads: entries, fold, what is unsent. @param {import("../../../static/js/vault/vault.js").Vault} vault */
export const read = (vault) => ({
  torn: vault.health.torn,
  audits: vault.audits().map((audit) => ({
    audit,
    entries: vault
      .entries(audit)
      .map(({ line, own, seq, verdict, reason }) => [line, own, seq, verdict, reason]),
    fold: canonical(
      fold(
        vault
          .entries(audit)
          .filter(counts)
          .map(({ change }) => change),
      ),
    ),
    unsent: unsentChanges(vault, audit).map(({ change }) => change.id),
    photos: vault
      .entries(audit)
      .filter(({ change }) => change.kind === "photo")
      .map(({ change: { value } }) => [
        value.sha256,
        vault.photoState(value.sha256),
        vault.photoReason(value.sha256),
      ]),
  })),
  counts: unsent(vault),
  device: vault.device,
  records: ["audits", "skew", "self-test"].map((name) => vault.record(name)),
});

/** What was read then, and nothing of what came to be later. @param {string} name @returns {Promise<ReturnType<typeof read>>} */
export const expected = async (name) => {
  const told = JSON.parse(await readFile(new URL(`${name}.json`, HOME), "utf8"));
  for (const audit of told.audits)
    audit.fold = canonical({ attachments: {}, links: {}, ...JSON.parse(audit.fold) });
  return { ...told, counts: { files: 0, ...told.counts } };
};

/** Write a phone down as a case. @param {Phone} phone @param {string} name @param {ReturnType<typeof read>} told */
export const keep = async (phone, name, told) => {
  await mkdir(HOME, { recursive: true });
  await writeFile(new URL(`${name}.journal.txt`, HOME), phone.journal().bytes);
  const rows = (await mirrored(phone)).map(([key, line]) => `${key}\t${line}\n`);
  await writeFile(new URL(`${name}.mirror.txt`, HOME), rows.join(""));
  await writeFile(new URL(`${name}.json`, HOME), `${JSON.stringify(told, null, 1)}\n`);
};
