// What an unsent-work file brings of another device: its lines as they are, and the photos they name.

import { withBytes } from "../domain/files.js";
import { sha256 as hash } from "../helpers/bytes.js";

/** @typedef {import("./journal.js").Order} Order */
/** @typedef {{line: string, kid: string | null, sig: string | null}} Row */
/** @typedef {{sha256: string, type: string, bytes: ArrayBuffer}} Picture */

/** @type {Set<string>} */
const AT_SERVER = new Set(["received", "archived"]);

/**
 * See `Vault.carry`.
 * @param {import("./vault.js").Vault} vault @param {Row[]} lines @param {Picture[]} photos
 */
export const carry = async (vault, lines, photos) => {
  /** @type {Order[]} */
  const orders = [];
  const seen = new Set();
  let taken = 0;
  let known = 0;
  for (const { line, kid, sig } of lines) {
    const { id, audit, kind } = JSON.parse(line);
    const here = vault.shelf.entry(audit, id);
    const same = here?.line === line || seen.has(line);
    if (same) known += 1;
    // A photo's line that came from the server is carried too: its bytes may not be there yet.
    const pictured = same && here && withBytes(kind) && !here.own && !here.carried;
    if ((here && !pictured) || seen.has(line)) continue;
    if (!here) taken += 1;
    seen.add(line);
    orders.push({ raw: `I ${line}` });
    if (kid && sig) orders.push({ raw: `S ${id} ${kid} ${sig}` });
  }
  if (orders.length) await vault.write(orders);
  await vault.ready;
  for (const { sha256, type, bytes } of photos) {
    const wanted = !vault.here.has(sha256) && !AT_SERVER.has(vault.photoState(sha256));
    if (wanted && (await hash(bytes)) === sha256)
      await vault.putPhoto({ sha256, type, bytes, thumb: new ArrayBuffer(0) });
  }
  return { taken, known };
};
