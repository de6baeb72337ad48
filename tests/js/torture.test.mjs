// The real vault and courier under kills, lost answers, wiped engines and restored servers. One seed
// alone: GECC_SEED=17 node --test tests/js/torture.test.mjs; many: GECC_TORTURE=1.

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { test } from "node:test";
import { Tally } from "../../static/js/vault/journal.js";
import { World } from "./support/world.mjs";

const { GECC_SEED: ONE, GECC_TORTURE: MANY } = process.env;
const SEEDS = MANY ? 5000 : 200;
const STEPS = 40;

/** @param {number} seed @param {import("./support/world.mjs").Bug} [bug] */
const run = async (seed, bug) => {
  const world = new World(seed, bug);
  try {
    await world.live(STEPS);
  } catch (error) {
    await world.close();
    const { message } = /** @type {Error} */ (error);
    throw new Error(`seed ${seed}: ${message}\n${world.story.join(" ")}`, { cause: error });
  }
};

test("nothing that was called saved is lost, whatever happens to phone, road and server", async () => {
  const seeds = ONE ? [Number(ONE)] : Array.from({ length: SEEDS }, (_, i) => i);
  for (const seed of seeds) await run(seed);
  const told = JSON.stringify({ harness: "phones, seeded", seeds: seeds.length });
  if (process.env.GECC_FIGURES) appendFileSync(process.env.GECC_FIGURES, `${told}\n`);
});

/** How soon a planted bug is found. @param {import("./support/world.mjs").Bug} bug */
const found = async (bug) => {
  for (let seed = 0; seed < 60; seed += 1)
    try {
      await run(seed, bug);
    } catch {
      return true;
    }
  return false;
};

test("a courier that marks a change as sent before the answer is found out", async () => {
  const early = await found(({ vault, courier }) => {
    const { post } = courier.wire;
    courier.wire.post = async (path, body, ours) => {
      const { audit, changes } = /** @type {any} */ (body);
      if (path === "/api/sync/push" && changes.length)
        await vault.mark(
          audit,
          changes.map((/** @type {string} */ line) => [JSON.parse(line).id, "kept", null]),
        );
      return post.call(courier.wire, path, body, ours);
    };
  });
  assert.ok(early);
});

test("a vault that forgets the chain is found out", async () => {
  const { make } = Tally.prototype;
  Tally.prototype.make = async function (order) {
    const raw = await make.call(this, order);
    return raw.replace(/"prev":"\w{64}"/, `"prev":"${"0".repeat(64)}"`);
  };
  try {
    assert.ok(await found(() => {}));
  } finally {
    Tally.prototype.make = make;
  }
});

test("a vault that forgets which number it gave last is found out", async () => {
  const { see } = Tally.prototype;
  let seen = 0;
  Tally.prototype.see = function (item) {
    seen += 1;
    if (seen % 12) see.call(this, item);
  };
  try {
    assert.ok(await found(() => {}));
  } finally {
    Tally.prototype.see = see;
  }
});
