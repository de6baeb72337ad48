// The golden cases of tests/cases/certificates, made by the server's own Python.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asked, isCode } from "../../static/js/verify/certificate.js";
import { byBrowser, byNoble } from "../../static/js/verify/ed25519.js";
import { readList, standingOf } from "../../static/js/verify/status.js";
import { judge, judgeCode } from "../../static/js/verify/verdict.js";

/** @param {string} name */
const cases = (name) =>
  JSON.parse(
    readFileSync(new URL(`../cases/certificates/${name}.json`, import.meta.url), "utf8"),
  );

/** @param {{keys: {kid: string, public: string, state: string}[]}} told @returns {import("../../static/js/verify/keys.js").Key[]} */
const keysOf = ({ keys }) =>
  keys.map((one) => ({
    ...one,
    state: /** @type {import("../../static/js/verify/keys.js").State} */ (one.state),
    from: 0,
    until: null,
    compromisedAt: null,
  }));

/** @param {string} text */
const codeIn = (text) => {
  const found = asked(text);
  return found.kind === "code" ? found.code : "";
};

/** @param {import("../../static/js/verify/certificate.js").Told | null} told */
const fields = (told) =>
  told && {
    issuer_th: told.issuer,
    number: told.number,
    expires: told.expires,
    issued: told.issued,
    office_code: told.officeCode,
    office_th: told.officeTh,
    office_en: told.officeEn,
    level: told.level,
    edition: told.edition,
    status_index: told.index,
  };

for (const [way, check] of Object.entries({ byBrowser, byNoble }))
  test(`each golden text is what the server says it is (${way})`, async () => {
    const golden = cases("certificates");
    const keys = keysOf(golden);
    for (const { name, text, expect } of golden.cases) {
      const said = await judgeCode(codeIn(text), keys, golden.now, check);
      assert.deepEqual([said.state, said.why], [expect.state, expect.reason], name);
      const { proposal: _, ...known } = expect.fields ?? {};
      assert.deepEqual(fields(said.told), expect.fields && known, name);
    }
  });

test("a status list is taken or refused as the server's own reader does", async () => {
  const golden = cases("status-lists");
  const keys = keysOf(golden);
  for (const { name, signed, expect } of golden.lists) {
    const list = await readList(new Uint8Array(Buffer.from(signed, "base64")), keys);
    assert.equal(!!list, !!expect, name);
    if (!list) continue;
    assert.deepEqual(
      [list.issued, list.ttl, list.count],
      [expect.issued, expect.ttl, expect.places],
    );
    const codes = Array.from({ length: list.count }, (_, n) => standingOf(list, n));
    assert.deepEqual(codes, expect.codes, name);
    assert.equal(standingOf(list, list.count), null);
  }
});

test("with a status list the phone says what the server says, but for what the list does not cover", async () => {
  const golden = cases("status-lists");
  const keys = keysOf(golden);
  const lists = new Map();
  for (const { name, signed } of golden.lists)
    lists.set(name, await readList(new Uint8Array(Buffer.from(signed, "base64")), keys));
  for (const { list: name, text, expect } of golden.cases) {
    const code = codeIn(text);
    assert.ok(isCode(code));
    const list = lists.get(name);
    const said = await judge(code, { keys, list }, golden.now);
    // The server has its register to ask; a phone with an older list has nothing, and says so.
    const covered = expect.asked_at !== null || expect.state !== "valid";
    assert.equal(said.state, covered ? expect.state : "unknown");
    assert.equal(!said.stale && covered, expect.fresh);
    if (expect.asked_at !== null) assert.equal(said.asOf, expect.asked_at);
  }
});
