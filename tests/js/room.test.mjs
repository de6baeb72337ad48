// How many photos still fit, by what was really laid up: a browser's own word may be made up.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { AUDIT, answer, Phone } from "./support/device.mjs";
import { grain, photograph } from "./support/unsent.mjs";

const MEBIBYTE = 1_048_576;
const GIBIBYTE = 1_073_741_824;

/** @type {Phone} */
let phone;
/** @type {import("../../static/js/vault/vault.js").Vault} */
let vault;
beforeEach(async () => {
  phone = new Phone();
  vault = await phone.tab();
});
afterEach(() => phone.off());

test("a made-up quota is not believed; what is laid up is told instead", async () => {
  const storage = /** @type {any} */ (phone.storage);
  storage.estimate = async () => ({ quota: 7_000_001 + 10 * GIBIBYTE, usage: 7_000_001 });
  const told = { photos: Number.POSITIVE_INFINITY, sure: 41, quota: null, usage: null };
  assert.deepEqual(await vault.room(), told);
});

test("where room runs out it is told before a photo is lost, and what is laid up is given to photos", async () => {
  assert.equal((await vault.room()).sure, 41);
  const { disk } = phone.storage;
  await photograph(vault, "P05", grain(700_000, 1));
  disk.quota = disk.used - 10 * MEBIBYTE;
  await photograph(vault, "P05", grain(700_000, 2));
  let { photos } = await vault.room();
  assert.ok(photos > 0 && photos < 10, `${photos} photos told`);
  let taken = 0;
  for (let i = 3; i < 40; i += 1) {
    try {
      await photograph(vault, "P05", grain(700_000, i));
      taken += 1;
    } catch (error) {
      assert.equal(/** @type {Error} */ (error).name, "QuotaExceededError");
      break;
    }
  }
  assert.ok(taken >= photos, `${photos} were told to fit, ${taken} did`);
  photos = (await vault.room()).photos;
  assert.equal(photos, 0);
  assert.equal((await vault.append(AUDIT, answer("P01", "met"))).saved, "both");
});

test("room that came back is laid up again", async () => {
  const { disk } = phone.storage;
  await vault.room();
  disk.quota = disk.used - 20 * MEBIBYTE;
  await assert.rejects(photograph(vault, "P05", grain(9000, 1)));
  assert.equal((await vault.room()).photos, 0);
  disk.quota = Number.POSITIVE_INFINITY;
  await photograph(vault, "P05", grain(9000, 2));
  assert.equal((await vault.room()).sure, 41);
});
