import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { answersOf } from "../../static/js/domain/answers.js";
import { canonical } from "../../static/js/domain/canonical.js";
import { fold } from "../../static/js/domain/fold.js";

const folder = new URL("../cases/fold/", import.meta.url);
for (const name of readdirSync(folder)) {
  const { about, changes, state, answers } = JSON.parse(
    readFileSync(new URL(name, folder), "utf8"),
  );
  test(about, () => {
    for (const order of [changes, changes.toReversed()]) {
      const folded = fold(order);
      // Most cases have neither files nor links, and say nothing of them.
      assert.equal(canonical(folded), canonical({ attachments: {}, links: {}, ...state }));
      assert.equal(canonical(answersOf(folded)), canonical(answers));
    }
  });
}
