import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { keepTold, pending, recalling, toldOf } from "../../static/js/sync/told.js";
import { Ledger } from "../../static/js/vault/ledger.js";
import { AUDIT, Phone } from "./support/device.mjs";
import { pack, packRecord } from "./support/level.mjs";

const OVER = "e".repeat(64);
const said = { over: OVER, level: null, percent: 0, rules_version: 1 };
const step = { n: 1, at: "2026-11-24T03:00:00Z", head: 1 };

let phone = new Phone();
/** @type {import("../../static/js/vault/vault.js").Vault} */
let vault;
/** @type {Ledger} */
let ledger;

beforeEach(async () => {
  phone = new Phone();
  vault = await phone.tab();
  await vault.setRecord(`prepared:${AUDIT}`, JSON.stringify({ pack: packRecord.sha }));
  ledger = new Ledger(vault, pack);
});
afterEach(() => phone.off());

const last = () => /** @type {any} */ (vault.entries(AUDIT).at(-1));
const told = (/** @type {string} */ stage, /** @type {any} */ taken = null) =>
  keepTold(vault, AUDIT, { stage, submission: { standing: last()?.change.id ?? null, taken } });

test("what the server said of an audit's stage outlives the page, and is written once", async () => {
  await told("submitted", step);
  assert.equal(toldOf(vault, AUDIT)?.stage, "submitted");
  let written = 0;
  vault.addEventListener("records", () => {
    written += 1;
  });
  await told("submitted", step);
  assert.equal(written, 0);
  const again = await phone.tab();
  assert.deepEqual(toldOf(again, AUDIT)?.submission.taken, step);
});

test("a server of an earlier release says nothing of stages, and nothing is kept", async () => {
  await keepTold(vault, AUDIT, { stage: "open" });
  await keepTold(vault, AUDIT, {});
  assert.equal(toldOf(vault, AUDIT), null);
});

test("a submission waits from the tap until a step has taken it", async () => {
  assert.equal(pending(vault, AUDIT), null);
  const { entry } = await ledger.submit(said);
  assert.equal(pending(vault, AUDIT), entry);
  await vault.mark(AUDIT, [[entry?.change.id, "kept", 1]]);
  await told("open");
  assert.equal(pending(vault, AUDIT)?.change.id, entry?.change.id);
  await told("submitted", step);
  assert.equal(pending(vault, AUDIT), null);
});

test("a submission that was taken does not wait again when the audit comes back", async () => {
  await ledger.submit(said);
  await vault.mark(AUDIT, [[last().change.id, "kept", 1]]);
  await told("returned", step);
  assert.equal(pending(vault, AUDIT), null);
  await ledger.submit(said);
  assert.equal(pending(vault, AUDIT)?.change.n, 2);
});

test("a recall is a word like any other: it waits, and ends the waiting of what it recalls", async () => {
  await ledger.submit(said);
  await ledger.submit(null);
  assert.deepEqual([pending(vault, AUDIT), recalling(vault, AUDIT)], [null, false]);
  await vault.mark(AUDIT, [[vault.entries(AUDIT)[0].change.id, "kept", 1]]);
  await told("submitted", step);
  assert.equal(recalling(vault, AUDIT), true);
  await vault.mark(AUDIT, [[last().change.id, "held", null, { code: "audit.submitted" }]]);
  assert.equal(recalling(vault, AUDIT), false);
});
