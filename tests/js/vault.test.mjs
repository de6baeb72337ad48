import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { IDBDatabase } from "fake-indexeddb";
import { Vault } from "../../static/js/vault/vault.js";
import {
  AUDIT,
  answer,
  DEVICE,
  foreign,
  identifier,
  OTHER,
  PERSON,
  Phone,
} from "./support/device.mjs";

let phone = new Phone();
afterEach(() => {
  phone.off();
  phone = new Phone();
});

/** @param {Vault} vault */
const lines = (vault) => vault.entries(AUDIT).map((entry) => entry.line);

/** @param {string} sha256 @param {number} [size] */
const picture = (sha256, size = 1000) => ({
  sha256,
  type: "image/jpeg",
  bytes: new Uint8Array(size).fill(7).buffer,
  thumb: new Uint8Array(50).fill(9).buffer,
});

test("an appended change is numbered, exact, and in both engines", async () => {
  const vault = await phone.tab();
  const entry = await vault.append(AUDIT, answer("P01", "met"));
  assert.equal(entry.saved, "both");
  assert.equal(entry.own, true);
  assert.deepEqual(
    [entry.change.n, entry.change.lam, entry.change.author, entry.change.device],
    [1, 1, PERSON, DEVICE],
  );
  assert.deepEqual(
    Object.keys(entry.change).join(),
    "v,id,audit,author,device,n,prev,lam,made_at,skew,seen,app,pack,kind,target,value,supersedes",
  );
  assert.equal(entry.line, JSON.stringify(entry.change));
  assert.ok(phone.journal().text.endsWith(`C ${entry.line}\n`));
  assert.equal((await vault.append(AUDIT, answer("P02", "met"))).change.n, 2);
});

test("everything is there again after a reload, and after losing either engine", async () => {
  const vault = await phone.tab();
  for (let i = 0; i < 5; i += 1) await vault.append(AUDIT, answer("Q1.1", i));
  await vault.setRecord("pack:x", "{}");
  await vault.mark(AUDIT, [[vault.entries(AUDIT)[0].change.id, "kept", 11]]);
  const before = lines(vault);
  for (const harm of ["none", "mirror", "journal"]) {
    phone.off();
    if (harm === "mirror") phone.wipeMirror();
    if (harm === "journal") phone.journal().bytes = new Uint8Array(0);
    const again = await phone.tab();
    assert.deepEqual(lines(again), before, harm);
    assert.equal(again.record("pack:x"), "{}");
    assert.equal(again.entries(AUDIT)[0].seq, 11);
    assert.equal(again.entries(AUDIT)[0].verdict, "kept");
    assert.equal(again.health.refilled, harm === "none" ? null : harm);
  }
  phone.off();
  const whole = await phone.tab();
  assert.equal(whole.health.refilled, null, "the refill itself was kept");
  assert.equal((await whole.append(AUDIT, answer("P01", "met"))).change.n, 6);
});

test("what a closing page was still writing is kept at the next opening, once", async () => {
  /** @type {Map<string, string>} */
  const notes = new Map();
  phone.notes = {
    getItem: (/** @type {string} */ key) => notes.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => notes.set(key, text),
    removeItem: (/** @type {string} */ key) => notes.delete(key),
  };
  const { env } = phone;
  const { worker } = env;
  let dead = false;
  env.worker = () => {
    const port = worker();
    const post = port.postMessage.bind(port);
    port.postMessage = (/** @type {any} */ message) => dead || post(message);
    return port;
  };
  await phone.tab();
  const vault = await Vault.open(PERSON, env);
  await vault.ready;
  await vault.append(AUDIT, { ...answer("P01", "ก่อน"), kind: "note" });
  assert.equal(notes.size, 0);
  vault.leaving = true;
  dead = true; // the page's end: nothing it asked for is done any more
  vault.append(AUDIT, { ...answer("P01", "พิมพ์ค้าง"), kind: "note" }).catch(() => {});
  const left = [...notes];
  assert.equal(left.length, 1, "written before the page could end");
  const texts = async () =>
    (await phone.tab()).entries(AUDIT).map((entry) => entry.change.value);
  assert.deepEqual(await texts(), ["ก่อน", "พิมพ์ค้าง"]);
  assert.equal(notes.size, 0);
  assert.deepEqual(await texts(), ["ก่อน", "พิมพ์ค้าง"]);
  vault.close();
});

test("a torn tail is told once, not at every opening for ever", async () => {
  await (await phone.tab()).append(AUDIT, answer("P01", "met"));
  phone.off();
  const journal = phone.journal();
  journal.bytes = new Uint8Array([...journal.bytes, ...new TextEncoder().encode('C {"v":1')]);
  assert.equal((await phone.tab()).health.torn, 1);
  phone.off();
  assert.equal((await phone.tab()).health.torn, 0);
});

test("a number beyond all counting from elsewhere does not stop this phone's own", async () => {
  const vault = await phone.tab();
  await vault.keepPulled(AUDIT, [
    [1, foreign(1, { lam: Number.MAX_SAFE_INTEGER - 1 })],
    [2, foreign(2, { lam: 2 ** 53 })],
    [3, foreign(3, { lam: 2 ** 63 })],
  ]);
  for (let i = 0; i < 3; i += 1) {
    const { change } = await vault.append(AUDIT, answer("P01", "met"));
    assert.ok(Number.isSafeInteger(change.lam), String(change.lam));
    assert.match(JSON.stringify(change), /"lam":\d+,/);
  }
});

test("an IndexedDB that never answers keeps nobody out and holds no answer up", async () => {
  const env = { ...phone.env, patience: 20 };
  env.factory = { open: () => ({}) };
  const vault = await Vault.open(PERSON, env);
  await vault.setRecord("device", JSON.stringify({ device: DEVICE }));
  assert.equal(vault.health.mirror, false);
  assert.equal((await vault.append(AUDIT, answer("P01", "met"))).saved, "one");
  vault.close();
});

test("a torn tail is counted and eats nothing", async () => {
  const vault = await phone.tab();
  await vault.append(AUDIT, answer("P01", "met"));
  phone.off();
  const journal = phone.journal();
  journal.bytes = new Uint8Array([
    ...journal.bytes,
    ...new TextEncoder().encode('C {"v":1,"id"'),
  ]);
  const again = await phone.tab();
  assert.equal(again.health.torn, 1);
  await again.append(AUDIT, answer("P02", "met"));
  phone.off();
  const third = await phone.tab();
  assert.deepEqual(
    third.entries(AUDIT).map((entry) => entry.change.n),
    [1, 2],
  );
});

test("a line of a newer release is carried to the other engine", async () => {
  (await phone.tab()).close();
  const journal = phone.journal();
  journal.bytes = new Uint8Array([
    ...journal.bytes,
    ...new TextEncoder().encode("Z something new\n"),
  ]);
  (await phone.tab()).close();
  journal.bytes = new Uint8Array(0);
  const vault = await phone.tab();
  assert.equal(vault.health.torn, 0);
  assert.match(journal.text, /Z something new\n/);
});

test("two tabs of one device never give the same number twice", async () => {
  const [one, two] = await Promise.all([phone.tab(), phone.tab()]);
  const made = await Promise.all(
    Array.from({ length: 40 }, (_, i) => (i % 2 ? one : two).append(AUDIT, answer("Q1.1", i))),
  );
  assert.deepEqual(
    made.map((entry) => entry.change.n).sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  await wait(20);
  assert.equal(one.entries(AUDIT).length, 40);
  assert.deepEqual(lines(one).sort(), lines(two).sort());
});

test("with the journal failing the mirror alone keeps the change, and the journal is paid later", async () => {
  const vault = await phone.tab();
  await vault.append(AUDIT, answer("P01", "met"));
  const journal = phone.journal();
  const blocker = await journal.createSyncAccessHandle();
  const entry = await vault.append(AUDIT, answer("P02", "met"));
  assert.equal(entry.saved, "one");
  assert.equal(entry.change.n, 2);
  assert.equal(vault.health.journal, false);
  blocker.close();
  assert.equal((await vault.append(AUDIT, answer("P03", "met"))).saved, "both");
  assert.equal(vault.health.journal, true);
  assert.deepEqual(
    [...journal.text.matchAll(/"target":"(\w+)"/g)].map(([, target]) => target),
    ["P01", "P02", "P03"],
  );
});

test("with the mirror failing the journal alone keeps the change", async () => {
  const env = phone.env;
  env.factory = {
    open: () => {
      throw new DOMException("no", "SecurityError");
    },
  };
  const vault = await Vault.open(PERSON, env);
  await vault.setRecord("device", JSON.stringify({ device: DEVICE }));
  assert.equal(vault.health.mirror, false);
  assert.equal((await vault.append(AUDIT, answer("P01", "met"))).saved, "one");
  vault.close();
  assert.equal((await phone.tab()).entries(AUDIT).length, 1);
});

test("when neither engine keeps it, the person is told and nothing is pretended", async () => {
  const vault = await phone.tab();
  const blocker = await phone.journal().createSyncAccessHandle();
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException("gone", "InvalidStateError");
  };
  try {
    await assert.rejects(vault.append(AUDIT, answer("P01", "met")));
    assert.equal(vault.entries(AUDIT).length, 0);
  } finally {
    IDBDatabase.prototype.transaction = transaction;
    blocker.close();
  }
  assert.equal((await vault.append(AUDIT, answer("P01", "met"))).change.n, 1);
});

for (const manner of /** @type {const} */ (["throw", "short"])) {
  test(`a full disk (${manner}) stops photos first; the ballast makes room for answers`, async () => {
    const vault = await phone.tab();
    await vault.append(AUDIT, answer("P01", "met"));
    phone.storage.disk.manner = manner;
    phone.storage.disk.quota = phone.storage.disk.used + 300_000;
    await vault.putPhoto(picture("1".repeat(64), 200_000));
    await assert.rejects(vault.putPhoto(picture("2".repeat(64), 200_000)), {
      name: "QuotaExceededError",
    });
    assert.equal(vault.photoState("2".repeat(64)), "remote");
    phone.storage.disk.quota = phone.storage.disk.used + 10;
    for (let i = 0; i < 30; i += 1) {
      assert.equal((await vault.append(AUDIT, answer("Q1.1", i))).saved, "both");
    }
    assert.equal(vault.health.ballast, false);
    await assert.rejects(vault.putPhoto(picture("3".repeat(64), 100)), {
      name: "QuotaExceededError",
    });
    phone.off();
    const again = await phone.tab();
    assert.equal(again.entries(AUDIT).length, 31);
    assert.equal(again.health.torn, 0);
    assert.equal((await again.photo("1".repeat(64)))?.bytes.byteLength, 200_000);
  });
}

test("a photo and its thumbnail come back byte for byte, also in another tab and after a reload", async () => {
  const [one, two] = [await phone.tab(), await phone.tab()];
  const sha256 = "4".repeat(64);
  const photo = picture(sha256, 3000);
  await one.putPhoto(photo);
  await one.putPhoto(photo);
  assert.equal(one.photoState(sha256), "here");
  assert.deepEqual(await two.photo(sha256), { bytes: photo.bytes, type: "image/jpeg" });
  phone.off();
  const again = await phone.tab();
  assert.equal(again.photoState(sha256), "here");
  assert.equal((await again.thumb(sha256))?.size, 50);
  assert.equal(await again.photo("5".repeat(64)), null);
  await again.markPhoto(sha256, "received");
  assert.equal(again.photoState(sha256), "received");
  assert.deepEqual(again.spare(), [], "the server alone is not enough to forget it here");
  await again.freePhotos();
  assert.ok(await again.photo(sha256));
  await again.markPhoto(sha256, "archived");
  assert.deepEqual(again.spare(), [sha256]);
  await again.freePhotos();
  assert.equal(await again.photo(sha256), null);
});

test("two tabs that store photos at once use different slots", async () => {
  const tabs = [await phone.tab(), await phone.tab()];
  const shas = Array.from({ length: 12 }, (_, i) => i.toString(16).repeat(64));
  await Promise.all(shas.map((sha, i) => tabs[i % 2].putPhoto(picture(sha, 100 + i))));
  for (const [i, sha] of shas.entries()) {
    assert.equal((await tabs[0].photo(sha))?.bytes.byteLength, 100 + i);
  }
});

test("a slot that was begun and never finished is free again", async () => {
  await phone.tab();
  phone.off();
  phone.storage.file(`vault/${PERSON}/slots/0003`).bytes = new Uint8Array(9000);
  const vault = await phone.tab();
  assert.equal(phone.storage.file(`vault/${PERSON}/slots/0003`).bytes.length, 0);
  assert.equal(vault.health.photosKnown, true);
});

test("a photo whose bytes are gone is missed while one can still take it again", async () => {
  const vault = await phone.tab();
  const sha256 = "6".repeat(64);
  await vault.putPhoto(picture(sha256));
  await vault.append(AUDIT, { ...answer("P01", { sha256 }), kind: "photo" });
  assert.equal(vault.photoState(sha256), "here");
  phone.off();
  for (const [, file] of phone.storage.root.children
    .get("vault")
    .children.get(PERSON)
    .children.get("slots").children) {
    file.bytes = new Uint8Array(0);
  }
  const again = await phone.tab();
  assert.equal(again.photoState(sha256), "lost");
});

test("photos wait to be sent from the first moment, before the slots are looked through", async () => {
  const vault = await phone.tab();
  const sha256 = "8".repeat(64);
  await vault.putPhoto(picture(sha256));
  await vault.append(AUDIT, { ...answer("P01", { sha256 }), kind: "photo" });
  phone.off();
  const again = await Vault.open(PERSON, phone.env);
  assert.equal(again.photoState(sha256), "here");
  await again.ready;
  again.close();
});

test("a photo whose page died before its change was written is found at the next opening", async () => {
  const vault = await phone.tab();
  const sha256 = "9".repeat(64);
  const original = { sha256: "e".repeat(64), bytes: 25_000_000, type: "image/heic" };
  const taken_at = "2026-11-24T10:00:00+07:00";
  const told = { width: 2048, height: 1536, taken_at, original };
  await vault.putPhoto({ ...picture(sha256), late: { audit: AUDIT, target: "Q2.11", told } });
  phone.off();
  assert.equal((await phone.tab()).entries(AUDIT).length, 0, "another tab may still be at it");
  phone.off();
  phone.storage.age(60_000);
  const again = await phone.tab();
  const [entry] = again.entries(AUDIT);
  assert.deepEqual([entry.change.kind, entry.change.target], ["photo", "Q2.11"]);
  assert.deepEqual(entry.change.value, {
    sha256,
    bytes: 1000,
    type: "image/jpeg",
    ...told,
    position: null,
  });
  assert.equal(again.photoState(sha256), "here");
  phone.off();
  assert.equal((await phone.tab()).entries(AUDIT).length, 1);
});

test("the picture of a colleague's photo is not searched for in every slot", async () => {
  const vault = await phone.tab();
  await vault.putPhoto(picture("a".repeat(64)));
  let reads = 0;
  phone.storage.onRead = () => {
    reads += 1;
  };
  assert.equal(await vault.thumb("b".repeat(64)), null);
  assert.equal(await vault.photo("b".repeat(64)), null);
  assert.equal(reads, 0);
});

test("two people on one phone never mix", async () => {
  const hers = await phone.tab(PERSON);
  const his = await phone.tab(OTHER);
  await hers.append(AUDIT, answer("P01", "met"));
  assert.equal(his.entries(AUDIT).length, 0);
});

test("what others did is kept with its place in the server's order", async () => {
  const vault = await phone.tab();
  const own = await vault.append(AUDIT, answer("P01", "met"));
  await vault.keepPulled(AUDIT, [
    [1, foreign(5)],
    [2, own.line],
  ]);
  await vault.keepPulled(AUDIT, [
    [1, foreign(5)],
    [2, own.line],
  ]);
  phone.off();
  const again = await phone.tab();
  const [mine, hers] = again.entries(AUDIT);
  assert.deepEqual([mine.own, mine.seq, mine.verdict], [true, 2, "kept"]);
  assert.deepEqual([hers.own, hers.seq, hers.change.id], [false, 1, identifier(5)]);
  assert.equal((await again.append(AUDIT, answer("P03", "met"))).change.lam, 6);
});

test("a record says the last thing it was told, in every tab", async () => {
  const [one, two] = [await phone.tab(), await phone.tab()];
  await one.setRecord("audits", "[1]");
  await two.setRecord("audits", "[2]");
  await one.setRecord("audits", "[3]");
  await wait(20);
  assert.equal(two.record("audits"), "[3]");
  phone.off();
  assert.equal((await phone.tab()).record("audits"), "[3]");
});

test("the self-test reads back from both engines", async () => {
  const vault = await phone.tab();
  assert.deepEqual(await vault.selfTest(), { journal: true, mirror: true });
  assert.equal(await vault.persist(), true);
});

test("without the means for it no offline work is offered, and the reason is named", async () => {
  const cases = /** @type {[any, string][]} */ ([
    [{ storage: {} }, "no-opfs"],
    [{ storage: undefined }, "no-opfs"],
    [{ worker: () => deaf() }, "no-worker"],
    [
      {
        worker: () =>
          phoneless({
            storage: {
              getDirectory: () => Promise.reject(new DOMException("", "SecurityError")),
            },
          }),
      },
      "refused",
    ],
    [{ worker: () => phoneless({ locks: undefined }) }, "no-locks"],
  ]);
  for (const [less, code] of cases) {
    await assert.rejects(Vault.open(PERSON, { ...phone.env, ...less }), {
      name: "VaultUnavailable",
      code,
    });
  }
});

/** A worker whose module does not load. */
const deaf = () => {
  const port = /** @type {any} */ ({
    postMessage: () => setImmediate(() => port.onerror()),
    terminate() {},
  });
  return port;
};

/** @param {object} less */
const phoneless = (less) => {
  const poor = new Phone();
  Object.assign(poor, less);
  return poor.env.worker();
};
