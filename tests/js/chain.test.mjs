// Each line names the line before it, whatever happened to the phone between the two.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { AUDIT, answer, DEVICE, foreign, identifier, Phone } from "./support/device.mjs";
import { load } from "./support/journals.mjs";

let phone = new Phone();
afterEach(() => {
  phone.off();
  phone = new Phone();
});

/** @typedef {import("../../static/js/vault/vault.js").Vault} Vault */

/** Every own line of an audit names the bytes of the one before it. @param {Vault} vault */
const whole = (vault) => {
  const own = vault.entries(AUDIT).filter((entry) => entry.own);
  own.sort((a, b) => a.change.n - b.change.n);
  for (const [i, { change }] of own.entries()) {
    assert.equal(change.n, i + 1);
    if (change.v === 1) continue;
    const before = own[i - 1]?.line;
    const sum = before ? createHash("sha256").update(before).digest("hex") : null;
    assert.equal(change.prev, sum, `line ${change.n}`);
  }
  return own.length;
};

test("the first line names none and each other one the one before it, also after a reload", async () => {
  let vault = await phone.tab();
  for (let i = 0; i < 3; i += 1) await vault.append(AUDIT, answer("P01", "ป้าย"));
  phone.off();
  vault = await phone.tab();
  await Promise.all([0, 1, 2].map((i) => vault.append(AUDIT, answer("Q1.1", i))));
  await vault.append(AUDIT.replace(/a$/, "b"), answer("P01", "met"));
  assert.equal(whole(vault), 6);
  assert.equal(vault.entries(AUDIT.replace(/a$/, "b"))[0].change.prev, null);
});

test("two tabs write one chain", async () => {
  const tabs = [await phone.tab(), await phone.tab()];
  await Promise.all(
    Array.from({ length: 30 }, (_, i) => tabs[i % 2].append(AUDIT, answer("Q1.1", i))),
  );
  await wait(20);
  assert.equal(whole(tabs[0]), 30);
});

test("the chain goes on where only the mirror works, and when the journal is back", async () => {
  const tabs = [await phone.tab(), await phone.tab()];
  await tabs[0].append(AUDIT, answer("P01", "met"));
  const blocker = await phone.journal().createSyncAccessHandle();
  await tabs[0].append(AUDIT, answer("P02", "met"));
  await tabs[1].append(AUDIT, answer("P03", "met"));
  blocker.close();
  await tabs[1].append(AUDIT, answer("P04", "met"));
  await wait(20);
  await tabs[0].append(AUDIT, answer("P05", "met"));
  await wait(20);
  assert.equal(whole(tabs[1]), 5);
});

test("a number given in the mirror alone is not given again by a tab that has not heard of it", async () => {
  const tabs = [await phone.tab(), await phone.tab()];
  for (let round = 0; round < 5; round += 1) {
    const blocker = await phone.journal().createSyncAccessHandle();
    const first = await tabs[0].append(AUDIT, answer("P01", round));
    blocker.close();
    const second = await tabs[1].append(AUDIT, answer("P02", round));
    assert.equal(first.saved, "one");
    assert.equal(second.change.n, first.change.n + 1);
    await tabs[0].append(AUDIT, answer("P03", round));
    assert.equal(tabs[0].health.journal, true);
  }
  await wait(20);
  assert.equal(whole(tabs[0]), 15);
});

for (const harm of ["none", "journal", "mirror"]) {
  test(`after a journal of the first release the chain begins at its last line, ${harm} lost`, async () => {
    await load(phone, "change-1");
    (await phone.tab()).close();
    if (harm === "journal") phone.journal().bytes = new Uint8Array(0);
    if (harm === "mirror") phone.wipeMirror();
    const vault = await phone.tab();
    await vault.append(AUDIT, answer("P01", "met"));
    await vault.append(AUDIT, answer("P02", "met"));
    const versions = vault.entries(AUDIT).filter((entry) => entry.own && entry.change.v === 2);
    assert.equal(versions.length, 2);
    whole(vault);
  });
}

test("where the server kept another line of this number, the next line follows that one", async () => {
  const vault = await phone.tab();
  await vault.append(AUDIT, answer("P01", "met"));
  const kept = foreign(1, { device: DEVICE, id: identifier(77), n: 1 });
  await vault.keepPulled(AUDIT, [[1, kept]]);
  const { change } = await vault.append(AUDIT, answer("P02", "met"));
  assert.equal(change.n, 2);
  assert.equal(change.prev, createHash("sha256").update(kept).digest("hex"));
});

test("a line says which checkpoint of the log its phone had seen", async () => {
  const vault = await phone.tab();
  assert.equal((await vault.append(AUDIT, answer("P01", "met"))).change.seen, null);
  const root = "d".repeat(64);
  await vault.setRecord("checkpoint", JSON.stringify({ epoch: 1, size: 12, root }));
  assert.equal((await vault.append(AUDIT, answer("P02", "met"))).change.seen, `12 ${root}`);
});
