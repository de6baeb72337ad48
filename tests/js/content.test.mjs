import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { canonical } from "../../static/js/domain/canonical.js";
import { contentOf, digestOf } from "../../static/js/domain/content.js";
import { fold, newest } from "../../static/js/domain/fold.js";

const read = (/** @type {string} */ path) =>
  JSON.parse(readFileSync(new URL(`../cases/${path}`, import.meta.url), "utf8"));

for (const name of readdirSync(new URL("../cases/content/", import.meta.url))) {
  const { about, changes, content, digest } = read(`content/${name}`);
  test(about, async () => {
    for (const order of [changes, changes.toReversed()]) {
      const state = fold(order);
      assert.equal(canonical(contentOf(state)), canonical(content));
      assert.equal(await digestOf(state), digest);
    }
  });
}

test("of what stands the newest counts, by lam and then by id", () => {
  const { registers } = fold(read("fold/signatures.json").changes);
  assert.equal(newest(registers["signature office"])?.value.name, "สมหญิง");
  assert.equal(newest(registers["signature office"], "somebody else"), null);
});
