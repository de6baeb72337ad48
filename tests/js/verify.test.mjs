// A certificate is read in its one spelling, believed under its one signature, and told with care.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase32, toBase32 } from "../../static/js/verify/base32.js";
import { decode, encode, Tagged } from "../../static/js/verify/cbor.js";
import { asked } from "../../static/js/verify/certificate.js";
import { byBrowser, byNoble } from "../../static/js/verify/ed25519.js";
import { merged, readKeys } from "../../static/js/verify/keys.js";
import { isNewer, readList } from "../../static/js/verify/status.js";
import { judge } from "../../static/js/verify/verdict.js";
import {
  codeOf,
  DAY,
  held,
  listOf,
  makeKey,
  NOW,
  payloadOf,
  signBytes,
} from "./support/issuing.mjs";

const key = makeKey();
const keys = await held(key);
/** @param {string[]} codes @param {number} [issued] */
const listed = (codes, issued = NOW - 3600) => readList(listOf(key, codes, issued), keys);
const list = await listed(["valid", "suspended", "withdrawn", "superseded", "valid"]);

/** @param {string} code @param {Partial<import("../../static/js/verify/verdict.js").Held>} [more] @param {number} [now] */
const told = async (code, more = {}, now = NOW) => {
  const { state, why } = await judge(code, { keys, list, ...more }, now);
  return `${state} ${why}`;
};

/** @param {string} hex */
const bytes = (hex) =>
  Uint8Array.from(hex.match(/../g) ?? [], (one) => Number.parseInt(one, 16));

test("base32 has one spelling for each sequence of bytes", () => {
  for (let length = 0; length < 40; length++) {
    const some = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 7) % 256);
    assert.deepEqual(fromBase32(toBase32(some)), some);
  }
  assert.equal(toBase32(new TextEncoder().encode("foobar")), "MZXW6YTBOI");
  for (const wrong of [
    "A",
    "AAA",
    "AAAAAA",
    "AB",
    "MZXW6YTBOJ",
    "mzxw6ytboi",
    "MZXW6YTBO1",
    "AA======",
  ])
    assert.equal(fromBase32(wrong), null, wrong);
});

test("CBOR is written as RFC 8949 shows it", () => {
  /** @type {[import("../../static/js/verify/cbor.js").Value, string][]} */
  const pairs = [
    [0, "00"],
    [23, "17"],
    [24, "1818"],
    [100, "1864"],
    [1000, "1903e8"],
    [1000000, "1a000f4240"],
    [1000000000000, "1b000000e8d4a51000"],
    [-1, "20"],
    [-8, "27"],
    [-100, "3863"],
    ["ü", "62c3bc"],
    [bytes("01020304"), "4401020304"],
    [[1, [2, 3], [4, 5]], "8301820203820405"],
    [new Tagged(18, []), "d280"],
    [
      new Map([
        [1, 2],
        [100, 4],
      ]),
      "a20102186404",
    ],
  ];
  for (const [value, hex] of pairs) {
    assert.deepEqual(encode(value), bytes(hex));
    assert.deepEqual(decode(bytes(hex)), value);
  }
});

test("CBOR in any other spelling is not read", () => {
  for (const hex of [
    "",
    "1817",
    "190018",
    "1a00000001",
    "1b0000000000000001",
    "1b0020000000000000",
    "5801",
    "5f4101ff",
    "9f01ff",
    "bf0102ff",
    "a201020102",
    "a218640401 02".replace(" ", ""),
    "62c328",
    "f4",
    "f6",
    "f97e00",
    "fb3ff0000000000000",
    "0000",
    "1c",
    "1f",
    "818181818181",
    "a1",
    "44010203",
    "ff",
    "d81200",
    "3b0020000000000000",
  ])
    assert.throws(() => decode(bytes(hex)), hex);
});

test("a text is a number, a code, or an address that ends in one", () => {
  const code = codeOf(key, 0);
  for (const text of [
    code,
    code.toLowerCase(),
    `HTTPS://GECC.EXAMPLE.GO.TH/V/${code}`,
    ` https://gecc.example.go.th/v/${code.toLowerCase()}/?x=1#y\n`,
    `${code.slice(0, 100)}\n  ${code.slice(100)}`,
  ])
    assert.deepEqual(asked(text), { kind: "code", code });
  for (const text of [
    "GECC-2570-00012",
    "gecc 2570-12",
    "https://x.example/v/GECC-2570-00012",
    "๒๕๗๐-๐๐๐๑๒",
  ])
    assert.deepEqual(asked(text), { kind: "number", number: "GECC-2570-00012" });
  assert.deepEqual(asked("  "), { kind: "nothing" });
  assert.notDeepEqual(asked(code.replace("S", "ſ")), { kind: "code", code });
});

test("each standing of the list is told, and the date comes before what is suspended", async () => {
  const after = NOW + 4 * 365 * DAY;
  const states = ["valid", "suspended", "withdrawn", "superseded", "valid"];
  for (const [n, state] of states.entries()) {
    assert.equal(await told(codeOf(key, n)), `${state} ok`);
    const late = n === 2 || n === 3 ? state : "expired";
    assert.equal(await told(codeOf(key, n), {}, after), `${late} ok`);
  }
  assert.equal(await told(codeOf(key, 0), {}, NOW + 3 * 365 * DAY - 1), "valid ok");
  assert.equal(await told(codeOf(key, 0), {}, NOW + 3 * 365 * DAY), "expired ok");
});

test("what the list does not cover is never called valid", async () => {
  assert.equal(await told(codeOf(key, 5)), "unknown not-listed");
  assert.equal(await told(codeOf(key, 5, { 6: NOW - 60 })), "unknown newer");
  assert.equal(await told(codeOf(key, 0), { list: null }), "unknown no-list");
  assert.equal(await told(codeOf(key, 0, { 4: NOW - 1 }), { list: null }), "expired no-list");
});

test("a key decides what it may: unknown, retired, compromised", async () => {
  assert.equal(await told(codeOf(makeKey(), 0)), "unknown key-unknown");
  const gone = makeKey({
    state: "retired",
    until: new Date((NOW - 9 * DAY) * 1000).toISOString(),
  });
  const both = [...keys, ...(await held(gone))];
  assert.equal(await told(codeOf(gone, 0), { keys: both }), "valid ok");
  assert.equal(
    await told(codeOf(gone, 0, { 6: NOW - DAY }), { keys: both }),
    "unknown key-time",
  );
  assert.equal(await told(codeOf(key, 0, { 6: 1_700_000_000 })), "unknown key-time");
  const stolen = makeKey({ state: "compromised", compromised_at: "2026-11-01T00:00:00Z" });
  const all = [...keys, ...(await held(stolen))];
  assert.equal(await told(codeOf(stolen, 0), { keys: all }), "unknown key-compromised");
  assert.equal(await readList(listOf(stolen, ["valid"], NOW), all), null);
  assert.equal(await readList(listOf(gone, ["valid"], NOW), both), null);
});

test("the age of the status is told, and a clock before it is noticed", async () => {
  const code = codeOf(key, 0);
  const at = async (/** @type {number} */ now) => {
    const { asOf, age, stale, behind, state } = await judge(code, { keys, list }, now);
    return { asOf, age, stale, behind, state };
  };
  const asOf = NOW - 3600;
  assert.deepEqual(await at(NOW), {
    asOf,
    age: 3600,
    stale: false,
    behind: false,
    state: "valid",
  });
  assert.equal((await at(asOf + DAY - 1)).stale, false);
  assert.equal((await at(asOf + DAY)).stale, true);
  const behind = { asOf, age: null, stale: false, behind: true, state: "valid" };
  assert.deepEqual(await at(asOf - DAY), behind);
  // A clock set back does not make an expired certificate hold again.
  const over = codeOf(key, 0, { 4: asOf - 10 });
  assert.equal(await told(over, {}, asOf - 400 * DAY), "expired ok");
});

test("a list is taken from a key we know, in its one form, and only when it is newer", async () => {
  const now = await listed(["valid"], NOW);
  assert.ok(now && list);
  assert.equal(isNewer(list, now), true);
  assert.equal(isNewer(now, list), false);
  assert.equal(isNewer(now, now), false);
  assert.equal(isNewer(null, now), true);
  assert.equal(isNewer(now, { ...now, size: now.size + 1 }), true, "in the same second");
  assert.equal(isNewer({ ...now, size: now.size + 1 }, now), false);
  assert.equal(await readList(listOf(makeKey(), ["valid"], NOW), keys), null);
  const forged = listOf(key, ["withdrawn"], NOW);
  for (let at = 0; at < forged.length; at++) {
    const one = forged.slice();
    one[at] ^= 1;
    assert.equal(await readList(one, keys), null, `byte ${at}`);
  }
  const payload = encode(payloadOf(0));
  assert.equal(await readList(signBytes(key, payload, "gecc-status-v1"), keys), null);
  const hidden = new Map(
    Object.entries({ 1: NOW, 2: DAY, 3: 1, 5: 0 }).map(([k, v]) => [+k, v]),
  );
  /** @type {Map<import("../../static/js/verify/cbor.js").Value, import("../../static/js/verify/cbor.js").Value>} */
  const wide = new Map([
    ...hidden,
    [4, /** @type {any} */ (bytes("04"))],
    [6, /** @type {any} */ (new Uint8Array(32))],
  ]);
  assert.equal(await readList(signBytes(key, encode(wide), "gecc-status-v1"), keys), null);
});

test("a key is named by its own hash, and what was said against it stays said", async () => {
  const [one] = keys;
  assert.equal(await readKeys({ keys: [{ ...key.line, kid: "0000000000000000" }] }), null);
  assert.equal(await readKeys({ keys: [{ ...key.line, public: "AA==" }] }), null);
  assert.equal(await readKeys({ keys: [{ ...key.line, state: "toString" }] }), null);
  assert.equal(await readKeys("a page of somebody else's"), null);
  /** @type {import("../../static/js/verify/keys.js").Key} */
  const bad = { ...one, state: "compromised", compromisedAt: NOW, until: NOW };
  for (const after of [
    merged([one], [bad]),
    merged([bad], [one]),
    merged(merged([bad], []), [one]),
  ])
    assert.deepEqual(after, [bad]);
  assert.deepEqual(merged([one], []), [one]);
});

test("the browser's Ed25519 and the one we carry agree", async () => {
  const other = makeKey();
  for (let n = 0; n < 20; n++) {
    const code = codeOf(key, n % 5);
    const ways = [byBrowser, byNoble];
    const said = await Promise.all(
      ways.map((check) => judge(code, { keys, list }, NOW, check)),
    );
    assert.deepEqual(said[0], said[1]);
    assert.notEqual(said[0].state, "forged");
    const claimed = [{ ...keys[0], public: other.line.public }];
    for (const check of ways)
      assert.equal((await judge(code, { keys: claimed, list }, NOW, check)).state, "forged");
  }
});
