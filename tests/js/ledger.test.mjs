import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { PhotoRefused, storePhoto } from "../../static/js/photos/photos.js";
import { Hand } from "../../static/js/vault/hand.js";
import { Ledger } from "../../static/js/vault/ledger.js";
import { AUDIT, foreign, OTHER, PERSON, Phone } from "./support/device.mjs";
import { pack, packRecord } from "./support/level.mjs";

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

const values = (/** @type {string} */ register) =>
  ledger.standing(register).map((one) => one.value);

test("answers fold and score at once, and the page is told", async () => {
  let told = 0;
  ledger.addEventListener("change", () => {
    told += 1;
  });
  assert.equal(ledger.scorecard.level, null);
  assert.deepEqual((await ledger.answer("G1", "met")).saved, "both");
  await ledger.answer("Q1", 0);
  await ledger.answer("Q1", 1);
  assert.deepEqual(
    [ledger.scorecard.level, ledger.scorecard.percent, told],
    ["BASIC", "100.00", 3],
  );
  assert.equal(vault.entries(AUDIT)[0].change.pack, packRecord.sha);
});

test("saying again what one has said adds nothing; another saying the same adds a voice", async () => {
  await vault.keepPulled(AUDIT, [[1, foreign(1, { target: "G1", value: "met" })]]);
  assert.ok((await ledger.answer("G1", "met")).entry);
  assert.equal((await ledger.answer("G1", "met")).entry, null);
  assert.equal((await ledger.note("G1", "ก")).saved, "both");
  assert.equal((await ledger.note("G1", "ก")).entry, null);
  assert.equal(vault.entries(AUDIT).length, 3);
});

test("an edit names all it saw; a conflict is settled by naming both", async () => {
  await ledger.answer("G1", "met");
  await vault.keepPulled(AUDIT, [[1, foreign(1, { target: "G1", value: "not_met" })]]);
  assert.deepEqual(ledger.state.conflicts, ["answer G1"]);
  assert.deepEqual(ledger.scorecard.conflicts, ["G1"]);
  await ledger.settle("answer G1", "not_met", "ดูด้วยกันแล้ว");
  assert.deepEqual(ledger.state.conflicts, []);
  assert.deepEqual(values("answer G1"), ["not_met"]);
});

test("two taps in one breath are one after the other, never a conflict with oneself", async () => {
  await Promise.all([
    ledger.answer("G1", "met"),
    ledger.answer("G1", "not_met"),
    ledger.answer("Q1", 1),
    ledger.answer("Q1", null),
    ledger.note("G1", "ป้าย"),
    ledger.note("G1", "ป้ายเก่า"),
  ]);
  assert.deepEqual(ledger.state.conflicts, []);
  assert.deepEqual(values("answer G1"), ["not_met"]);
  assert.deepEqual(values("answer Q1"), [null]);
  assert.deepEqual(values(`note G1 ${PERSON}`), ["ป้ายเก่า"]);
});

test("text the phone composes anew is not taken for new text each time", async () => {
  const decomposed = "caf\u0065\u0301 \ud800";
  await ledger.note("G1", decomposed);
  assert.equal((await ledger.note("G1", decomposed)).entry, null);
});

test("a settling names what its author was shown, not what came in meanwhile", async () => {
  await ledger.answer("G1", "met");
  await vault.keepPulled(AUDIT, [[1, foreign(1, { target: "G1", value: "not_met" })]]);
  const shown = ledger.standing("answer G1");
  await vault.keepPulled(AUDIT, [[2, foreign(2, { target: "G1", value: null })]]);
  await ledger.settle("answer G1", "met", "ดูแล้ว", shown);
  assert.deepEqual(values("answer G1").sort(), ["met", null]);
});

test("a change about a criterion the newer pack lacks is set aside, and nothing throws", async () => {
  await ledger.answer("OLD9", "met");
  await ledger.answer("G1", "met");
  assert.equal(ledger.scorecard.gates.met, 1);
  assert.deepEqual(ledger.strange, ["answer OLD9"]);
});

test("one's own change that the server holds does not count here", async () => {
  const { entry } = await ledger.answer("G1", "met");
  await vault.mark(AUDIT, [[entry?.change.id, "held", null, { code: "x" }]]);
  assert.deepEqual(values("answer G1"), []);
  assert.equal(vault.entries(AUDIT).length, 1);
});

test("notes are one's own, measurements and captions are registers, a removal needs a reason", async () => {
  await vault.keepPulled(AUDIT, [
    [1, foreign(1, { kind: "note", target: "G1", value: "ของเขา" })],
  ]);
  await ledger.note("G1", "ของฉัน");
  await ledger.measure("G1:lux", 300);
  const { entry } = await ledger.addPhoto("G1", { sha256: "1".repeat(64) });
  const photo = entry?.change.id ?? "";
  await ledger.caption(photo, "หน้าอาคาร");
  assert.throws(() => ledger.removePhoto(photo, " "), TypeError);
  await ledger.removePhoto(photo, "ไม่ชัด");
  assert.deepEqual(values(`note G1 ${PERSON}`), ["ของฉัน"]);
  assert.deepEqual(values(`note G1 ${OTHER}`), ["ของเขา"]);
  assert.deepEqual(values("measurement G1:lux"), [300]);
  assert.equal(ledger.state.photos.G1[0].caption[0].value, "หน้าอาคาร");
  assert.equal(ledger.state.photos.G1[0].removed?.reason, "ไม่ชัด");
});

/** A photo worker that answers as told. @param {(args: any) => any} make */
const handOf = (make) => {
  /** @type {any} */
  const port = {
    postMessage: async (/** @type {any} */ { id, args }) => {
      try {
        port.onmessage({ data: { id, value: await make(args) } });
      } catch (error) {
        port.onmessage({ data: { id, error } });
      }
    },
  };
  return new Hand(port);
};

/** @param {string} sha256 @param {string} original */
const told = (sha256, original) => ({
  sha256,
  bytes: 4,
  type: "image/jpeg",
  width: 2,
  height: 1,
  taken_at: null,
  original: { sha256: original, bytes: 9, type: "image/jpeg" },
});

const file = new File([new Uint8Array(9)], "IMG_1.jpg");

test("a photo's bytes are on the device before its change is", async () => {
  const sha256 = "5".repeat(64);
  const hand = handOf(() => ({
    bytes: new Uint8Array([1, 2, 3, 4]).buffer,
    thumb: new Uint8Array([9]).buffer,
    told: told(sha256, "6".repeat(64)),
  }));
  /** @type {string[]} */
  const steps = [];
  ledger.addEventListener("change", () =>
    steps.push(`change while ${vault.photoState(sha256)}`),
  );
  const options = {
    hand,
    position: { lat: 13.7563312345, lon: 100.5, accuracy: 7.6 },
    onStep: (/** @type {string} */ step) => steps.push(step),
  };
  const stored = await storePhoto(vault, ledger, "G1", file, options);
  assert.deepEqual(steps, ["waiting", "making", "keeping", "change while here", "saved"]);
  assert.deepEqual(ledger.state.photos.G1[0].value, {
    ...told(sha256, "6".repeat(64)),
    source: null,
    of: null,
    position: { lat: 13.75633, lon: 100.5, accuracy: 8 },
  });
  assert.equal(stored.duplicate, false);
  const again = await storePhoto(vault, ledger, "G1", file, { hand });
  assert.deepEqual([again.duplicate, again.photo], [true, stored.photo]);
  assert.equal((await storePhoto(vault, ledger, "Q1", file, { hand })).duplicate, false);
});

test("photos wait for one another", async () => {
  let busy = 0;
  let most = 0;
  let count = 0;
  const hand = handOf(async () => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setTimeout(resolve, 2));
    busy -= 1;
    count += 1;
    const name = String(count).repeat(64);
    return { bytes: new ArrayBuffer(4), thumb: new ArrayBuffer(1), told: told(name, name) };
  });
  await Promise.all([1, 2, 3, 4].map(() => storePhoto(vault, ledger, "G1", file, { hand })));
  assert.equal(most, 1);
  assert.equal(ledger.state.photos.G1.length, 4);
});

test("what is no photo is refused with a sentence, and leaves no change", async () => {
  for (const code of ["not-an-image", "unreadable", "empty", "no-memory", "else"]) {
    const hand = handOf(() => {
      throw { name: "Error", message: code, code };
    });
    const refused = await storePhoto(vault, ledger, "G1", file, { hand }).catch(
      (error) => error,
    );
    assert.ok(refused instanceof PhotoRefused);
    assert.match(refused.message, /IMG_1\.jpg/);
  }
  const hand = handOf(() => ({
    bytes: new ArrayBuffer(9_000),
    thumb: new ArrayBuffer(0),
    told: told("7".repeat(64), "8".repeat(64)),
  }));
  phone.storage.disk.quota = phone.storage.disk.used;
  const full = await storePhoto(vault, ledger, "G1", file, { hand }).catch((error) => error);
  assert.equal(full.code, "full");
  assert.equal(vault.entries(AUDIT).length, 0);
});

test("a section is taken, given and held by two without a conflict", async () => {
  const section = pack.edition.sections[0].code;
  const holders = () => values(`assignment ${section}`);
  await ledger.assign(section, PERSON);
  await vault.keepPulled(AUDIT, [
    [1, foreign(1, { kind: "assignment", target: section, value: OTHER })],
  ]);
  assert.deepEqual(holders().sort(), [PERSON, OTHER].sort());
  assert.deepEqual([ledger.state.conflicts, ledger.strange], [[], []]);
  await ledger.assign(section, OTHER);
  assert.deepEqual(holders(), [OTHER]);
  await ledger.assign(section, null);
  assert.deepEqual(holders(), [null]);
});
