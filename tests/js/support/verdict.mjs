// What has to be true of phone and server after everything that happened.
import assert from "node:assert/strict";
import { canonical } from "../../../static/js/domain/canonical.js";
import { fold } from "../../../static/js/domain/fold.js";
import { counts } from "../../../static/js/vault/ledger.js";
import { AUDIT, DEVICE } from "./device.mjs";
import { sum } from "./server.mjs";

/** @param {import("./world.mjs").World} world */
export const judge = async (world) => {
  const [{ vault, courier }] = world.tabs;
  const { kept } = world.server;
  const { changes, photos } = courier.state.unsent;
  assert.deepEqual(
    courier.state.held.map((entry) => entry.reason),
    [],
    "nothing is held",
  );
  assert.deepEqual([changes, photos], [0, 0], "the outbox is empty");
  assert.equal(new Set(kept).size, kept.length, "each line is kept once");
  for (const [id, line] of world.acknowledged)
    assert.ok(kept.includes(line), `what was saved is at the server: ${id}`);
  for (const sha of world.photos)
    assert.ok(world.server.photos.get(sha)?.whole, `the photo is at the server: ${sha}`);
  const own = kept
    .map((line) => ({ line, ...JSON.parse(line) }))
    .filter(({ v, device }) => v === 2 && device === DEVICE);
  own.sort((a, b) => a.n - b.n);
  for (const [i, change] of own.entries()) {
    assert.equal(change.n, i + 1, "numbers without a gap");
    assert.equal(change.prev, i ? sum(own[i - 1].line) : null, "one chain");
  }
  const here = canonical(fold(changesOf(vault)));
  assert.equal(here, canonical(fold(kept.map((line) => JSON.parse(line)))), "one state");
  await world.close();
  await world.open();
  assert.equal(canonical(fold(changesOf(world.tabs[0].vault))), here, "the same when reopened");
};

/** @param {import("../../../static/js/vault/vault.js").Vault} vault */
const changesOf = (vault) =>
  vault
    .entries(AUDIT)
    .filter(counts)
    .map((entry) => entry.change);
