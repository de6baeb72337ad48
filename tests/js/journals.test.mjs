// What an earlier release wrote is read for ever: the same entries, fold and unsent set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUDIT, answer, Phone } from "./support/device.mjs";
import { expected, load, names, read } from "./support/journals.mjs";

for (const name of await names()) {
  for (const harm of ["none", "journal", "mirror"]) {
    test(`the journal of ${name} is read as it was, with ${harm} lost`, async () => {
      const phone = new Phone();
      await load(phone, name);
      const told = await expected(name);
      (await phone.tab()).close(); // each engine is given what only the other had
      if (harm === "journal") phone.journal().bytes = new Uint8Array(0);
      if (harm === "mirror") phone.wipeMirror();
      const vault = await phone.tab();
      const { torn: _torn, ...here } = read(vault);
      const { torn, ...then } = told;
      assert.deepEqual(here, then);
      const { change } = await vault.append(AUDIT, answer("P01", "met"));
      const own = vault.entries(AUDIT).filter((entry) => entry.own);
      assert.equal(change.n, own.length, "numbers go on without a gap");
      assert.ok(torn > 0, "a torn line was part of it");
      phone.off();
    });
  }
}

test("there are journals of earlier releases to read", async () => {
  assert.deepEqual((await names()).sort(), ["change-1", "change-2"]);
});
