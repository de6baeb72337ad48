// "Save unsent work to a file": a ZIP of everything the server has not confirmed. Nothing is marked
// as sent by it; see docs/device-storage.md for its parts.

import { withBytes } from "../domain/files.js";
import { encode, sha256 as hash } from "../helpers/bytes.js";
import { load, TooLarge, ZipWriter } from "../helpers/zip.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */
/** @typedef {import("../vault/vault.js").Entry} Entry */
/** @typedef {{entries: Entry[], photos: Map<string, Entry>}} Work lines, and photos by their hash */
/**
 * @typedef {{file: File, changes: number, photos: number, missing: string[]}} Outfile
 *   missing: photos whose bytes could not be read whole here
 */
/** @typedef {{now?: Date, most?: number, onStep?: (done: number, total: number) => void}} Options */

/** Why there is no file: `code` is "nothing" or "too-large". */
export class NoOutfile extends Error {
  name = "NoOutfile";

  /** @param {"nothing" | "too-large"} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const CONFIRMED = new Set(["kept", "known"]);
const AT_SERVER = new Set(["received", "archived", "remote", "lost"]);

/** What the file would hold, for counting before it is made. @param {Vault} vault @returns {Work} */
export const unsentWork = (vault) => {
  const told = vault
    .audits()
    .flatMap((audit) => vault.entries(audit).filter((entry) => entry.own || entry.carried));
  /** @type {Map<string, Entry>} */
  const photos = new Map();
  for (const entry of told) {
    if (!withBytes(entry.change.kind)) continue;
    const { sha256 } = entry.change.value;
    if (!AT_SERVER.has(vault.photoState(sha256)) && !photos.has(sha256))
      photos.set(sha256, entry);
  }
  const named = new Set(photos.values());
  const entries = told.filter(
    (entry) => !CONFIRMED.has(entry.verdict ?? "") || named.has(entry),
  );
  return { entries, photos };
};

/**
 * Make the file. Photos are read one at a time; the browser keeps what was read outside the page.
 * @param {Vault} vault
 * @param {Options} [options] `most`: bytes the file may have
 * @returns {Promise<Outfile>}
 * @throws {NoOutfile}
 */
export const writeOutfile = async (vault, { now = new Date(), most, onStep } = {}) => {
  await vault.ready;
  const { entries, photos } = unsentWork(vault);
  if (!entries.length && !photos.size) throw new NoOutfile("nothing");
  const signatures = await vault.signed(entries);
  const rows = await Promise.all(
    entries.map(async ({ line }, i) => {
      const [kid, sig] = signatures[i] ?? ["-", "-"];
      return `${await hash(encode(line))} ${kid} ${sig} ${line}\n`;
    }),
  );
  /** @type {import("../helpers/zip.js").Load[]} */
  const pictures = [];
  const manifest = {
    format: 1,
    app: RELEASE,
    made_at: now.toISOString(),
    person: { id: vault.person, ...vault.device?.person },
    device: vault.device?.device ?? null,
    audits: auditsOf(vault, entries),
    photos: /** @type {{sha256: string, bytes: number, type: string}[]} */ ([]),
  };
  /** @type {string[]} */
  const missing = [];
  for (const [sha256, { change }] of photos) {
    onStep?.(pictures.length + missing.length, photos.size);
    const bytes = await wholePhoto(vault, sha256);
    if (!bytes) {
      missing.push(sha256);
      continue;
    }
    pictures.push(load(`photos/${sha256}`, bytes));
    manifest.photos.push({ sha256, bytes: bytes.length, type: change.value.type });
  }
  onStep?.(photos.size, photos.size);
  const papers = [
    { name: "README.txt", bytes: encode(README) },
    { name: "manifest.json", bytes: encode(`${JSON.stringify(manifest, null, 1)}\n`) },
    { name: "changes.txt", bytes: encode(rows.join("")) },
  ];
  const sums = await Promise.all(
    papers.map(async ({ name, bytes }) => `${await hash(bytes)}  ${name}\n`),
  );
  for (const { sha256 } of manifest.photos) sums.push(`${sha256}  photos/${sha256}\n`);
  papers.push({ name: "SHA256SUMS", bytes: encode(sums.join("")) });
  const [readme, told, list, check] = papers.map(({ name, bytes }) => load(name, bytes));
  const zip = new ZipWriter(now, most);
  try {
    // What says most comes first: a file that is cut off keeps it.
    for (const each of [readme, told, list, ...pictures, check]) zip.add(each);
  } catch (error) {
    if (error instanceof TooLarge) throw new NoOutfile("too-large");
    throw error;
  }
  const name = fileName(/** @type {any} */ (manifest.person).username ?? "", now);
  const file = new File([zip.finish()], name, { type: "application/zip" });
  return { file, changes: entries.length, photos: pictures.length, missing };
};

/** The bytes of a photo, if they still are that photo. @param {Vault} vault @param {string} sha256 */
const wholePhoto = async (vault, sha256) => {
  const found = await vault.photo(sha256).catch(() => null);
  return found && (await hash(found.bytes)) === sha256 ? new Uint8Array(found.bytes) : null;
};

/** Each audit with its office and how many lines it has here. @param {Vault} vault @param {Entry[]} entries */
const auditsOf = (vault, entries) => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { change } of entries)
    counts.set(change.audit, 1 + (counts.get(change.audit) ?? 0));
  return [...counts].map(([id, changes]) => ({ id, office: officeOf(vault, id), changes }));
};

/** @param {Vault} vault @param {string} audit @returns {string} in Thai; "" where nobody told this phone */
const officeOf = (vault, audit) => {
  const pack = JSON.parse(vault.record(`pack:${vault.prepared(audit)}`) ?? "null");
  /** @type {{id: string, office?: {name?: {th?: string}}}[]} */
  const told = JSON.parse(vault.record("audits") ?? '{"audits":[]}').audits;
  const one = pack?.audit ?? told.find(({ id }) => id === audit);
  return one?.office?.name?.th ?? "";
};

/** "gecc-unsent-somchai-20261124-1405.zip", in Bangkok's time. @param {string} username @param {Date} now */
const fileName = (username, now) => {
  const who = username.replaceAll(/[^\w.-]+/g, "-") || "person";
  const day = new Date(now.getTime() + BANGKOK).toISOString();
  const stamp = `${day.slice(0, 10).replaceAll("-", "")}-${day.slice(11, 16).replace(":", "")}`;
  return `gecc-unsent-${who}-${stamp}.zip`;
};

const BANGKOK = 7 * 3_600_000;

/** The release this very file was served under. */
const RELEASE = import.meta.url.match(/\/static\/([^/]+)\/js\//)?.[1] ?? "0";

const README = `ไฟล์งานที่ยังไม่ส่ง จากระบบตรวจสะดวก (GECC)

ในไฟล์นี้มีคำตอบ บันทึก ภาพถ่าย และเอกสารที่ยังไม่ถึงเซิร์ฟเวอร์ ถือเป็นข้อมูลราชการ ส่งให้เฉพาะผู้ที่เกี่ยวข้อง
ทำอย่างใดอย่างหนึ่ง
  1. ส่งไฟล์นี้ให้เพื่อนร่วมงาน ให้เขาเปิด กล่องรอส่ง แล้วเลือก นำเข้าไฟล์งานของเพื่อนร่วมงาน
  2. เข้าสู่ระบบในคอมพิวเตอร์เครื่องใดก็ได้ เปิดหน้า /handing-in แล้วเลือกไฟล์นี้
ไม่ต้องแตกไฟล์และไม่ต้องแก้ไข นำเข้าซ้ำได้ ไม่มีอะไรนับสองครั้ง งานในเครื่องเดิมยังอยู่ครบ

Unsent work from GECC Audit.

This file holds answers, notes, photos and documents that have not reached the server yet. It is official
information: give it only to people concerned. Do one of these:
  1. Send it to a colleague, who opens the outbox and takes it in as a colleague's work file.
  2. Sign in on any computer, open the page /handing-in and choose this file.
Do not unpack or change it. Handing it in twice is harmless. The phone it came from still holds
everything.

manifest.json  who, which visits, how much
changes.txt    a row per change: SHA-256 of the change, signing key, signature, the change itself
photos/        photos, documents and videos, each named by its SHA-256
SHA256SUMS     check with: sha256sum -c SHA256SUMS
`;
