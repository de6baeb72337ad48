// Signatures, and a server's log that may only grow.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Courier } from "../../static/js/sync/courier.js";
import { AUDIT, answer, DEVICE, foreign, identifier, OTHER, Phone } from "./support/device.mjs";
import { load } from "./support/journals.mjs";
import { FakeServer, sum } from "./support/server.mjs";

let phone = new Phone();
let server = new FakeServer();
/** @type {import("../../static/js/vault/vault.js").Vault} */
let vault;
/** @type {Courier} */
let courier;

const open = async () => {
  vault = await phone.tab();
  courier = new Courier(vault, {
    fetch: server.fetch,
    locks: /** @type {any} */ (phone.locks),
  });
};
const reopen = async () => {
  courier.stop();
  phone.off();
  await open();
};
beforeEach(async () => {
  phone = new Phone();
  server = new FakeServer();
  await open();
});
afterEach(() => {
  courier.stop();
  phone.off();
});

/** @param {number} count */
const answers = async (count) => {
  for (let i = 0; i < count; i += 1) await vault.append(AUDIT, answer("Q1.1", i % 3));
};

/** @param {number} seed @param {string} [audit] */
const takePhoto = async (seed, audit = AUDIT) => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * seed) & 255);
  const sha256 = sum(bytes);
  const photo = { sha256, type: "image/jpeg", bytes: bytes.buffer, thumb: new ArrayBuffer(0) };
  await vault.putPhoto(photo);
  const value = { sha256, bytes: bytes.length, type: "image/jpeg" };
  await vault.append(audit, { ...answer("P01", value), kind: "photo" });
  return sha256;
};

const codes = () => vault.entries(AUDIT).map((entry) => entry.reason?.code ?? entry.verdict);
const kids = () => [...phone.journal().text.matchAll(/^S \S+ (\w+)/gm)].map(([, kid]) => kid);

test("every change is signed by a key the server was told of once", async () => {
  await answers(3);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept", "kept"]);
  assert.equal(server.keys.size, 1);
  assert.equal(new Set(kids()).size, 1);
  await reopen();
  await answers(1);
  await courier.now();
  assert.equal(server.keys.size, 1, "the key is there again after a reload");
  const enrolments = server.requests.filter((each) => each.endsWith("signing-keys"));
  assert.equal(enrolments.length, 1);
});

test("a signature is made without network, and it is the one that is sent", async () => {
  await answers(2);
  const signed = await vault.signed(vault.entries(AUDIT));
  assert.deepEqual(await vault.signed(vault.entries(AUDIT)), signed);
  assert.match(signed[0]?.[0] ?? "", /^[0-9a-f]{32}$/);
  assert.match(signed[0]?.[1] ?? "", /^[\w-]{86}$/);
  await courier.now();
  assert.equal(kids().length, 2);
  assert.deepEqual(codes(), ["kept", "kept"]);
});

test("the private key cannot be taken out of the browser", async () => {
  await vault.signingKey();
  const database = await new Promise((resolve) => {
    const request = phone.factory.open(`keys-${vault.person}`, 1);
    request.onsuccess = () => resolve(request.result);
  });
  const pair = await new Promise((resolve) => {
    const request = database.transaction("lines").objectStore("lines").get(DEVICE);
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  assert.equal(pair.privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", pair.privateKey));
});

test("a key lost with IndexedDB is followed by a new one that signs what is unsent", async () => {
  await answers(2);
  await courier.now();
  courier.stop();
  phone.off();
  phone.wipeMirror();
  await open();
  await answers(2);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept", "kept", "kept"]);
  assert.equal(server.keys.size, 2);
});

test("a server that lost the key is told it again, and what it held goes once more", async () => {
  await answers(1);
  await courier.now();
  server.keys.clear();
  await answers(2);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept", "kept"]);
  assert.deepEqual(courier.state.held, []);
});

test("a road that fails between the refusal of a key and its enrolment leaves nothing held", async () => {
  await answers(1);
  await courier.now();
  server.keys.clear();
  await answers(1);
  server.road = (request) => (request.endsWith("signing-keys") ? "dead" : undefined);
  await courier.now();
  assert.deepEqual(codes(), ["kept", null], "it waits, for every tab");
  server.road = () => undefined;
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept"]);
});

test("where the key itself was ended a new one is made", async () => {
  await answers(1);
  await courier.now();
  for (const key of server.keys.values()) key.revoked = true;
  await answers(1);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept"]);
  assert.equal(server.keys.size, 2);
});

test("what a stopped device left unsent is signed by the one that follows it", async () => {
  await answers(1);
  await courier.now();
  await answers(2);
  await vault.signed(vault.entries(AUDIT));
  // Somebody stops this device by mistake; its person signs in on it again.
  for (const key of server.keys.values()) key.revoked = true;
  server.earlier.add(DEVICE);
  const next = "0190f0f0-0000-7000-8000-0000000000d2";
  await vault.setRecord("device", JSON.stringify({ ...vault.device, device: next }));
  await answers(1);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept", "kept", "kept"]);
  assert.equal(server.keys.size, 2, "one new key, and no more");
  assert.deepEqual(courier.state.held, []);
});

test("a stopped device's lines that are held already go again when the app is opened", async () => {
  await answers(2);
  await courier.now();
  await answers(1);
  for (const key of server.keys.values()) key.revoked = true;
  const next = "0190f0f0-0000-7000-8000-0000000000d2";
  await vault.setRecord("device", JSON.stringify({ ...vault.device, device: next }));
  await courier.now(); // nobody may sign for it yet
  assert.equal(codes()[2], "change.unknown-key");
  server.earlier.add(DEVICE);
  await reopen();
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept", "kept"]);
});

test("too many held changes of one visit keep no photo and no other visit waiting", async () => {
  const other = "0190f0f0-0000-7000-8000-00000000bbbb";
  await answers(1);
  const sha = await takePhoto(7, other);
  server.road = (request, _path, init) =>
    request.endsWith("/push") && JSON.parse(init.body).audit === AUDIT
      ? Response.json(
          { status: 429, code: "push.too-many-held", detail: { th: "มาก", en: "many" } },
          { status: 429 },
        )
      : undefined;
  await courier.now();
  assert.deepEqual(codes(), [null], "it waits");
  assert.equal(vault.entries(other)[0].verdict, "kept");
  assert.equal(vault.photoState(sha), "received");
  assert.ok(courier.state.failed.some(({ why }) => why.en === "many"));
});

test("a key that another device has told the server of is not used: a new one is made", async () => {
  const key = await vault.signingKey();
  await answers(1);
  await courier.now();
  const known = server.keys.get(key?.kid ?? "");
  if (known) known.device = "0190f0f0-0000-7000-8000-0000000000d9";
  await answers(1);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept"]);
  assert.equal(server.keys.size, 2);
});

test("a key that is never good enough holds the change and does not go round for ever", async () => {
  const usual = server.fetch;
  courier.wire.fetcher = async (path, init) => {
    const response = await usual(path, init);
    server.keys.clear();
    return response;
  };
  await answers(1);
  await courier.now();
  assert.deepEqual(codes(), ["change.unknown-key"]);
  assert.deepEqual(server.pushes, [1, 1]);
});

test("unsent lines of the first release are signed too", async () => {
  phone.off();
  phone = new Phone();
  await load(phone, "change-1");
  await open();
  await answers(1);
  await courier.now();
  assert.equal(courier.state.unsent.changes, 0);
  const own = server.kept.filter((line) => JSON.parse(line).device === DEVICE);
  assert.ok(own.length > 5);
  assert.deepEqual([...server.held], []);
});

test("a browser that cannot sign goes on and says so", async () => {
  const subtle = /** @type {any} */ (crypto.subtle);
  const { generateKey } = subtle;
  subtle.generateKey = () => Promise.reject(new DOMException("", "NotSupportedError"));
  try {
    await answers(1);
    await courier.now();
    assert.equal(vault.health.signing, false);
    assert.deepEqual(
      codes(),
      ["change.unsigned"],
      "it went, and the server says what it thinks",
    );
  } finally {
    subtle.generateKey = generateKey;
  }
  await courier.sendAll();
  assert.deepEqual([codes(), vault.health.signing], [["kept"], true]);
});

test("a server of an earlier release gets what it understands", async () => {
  await answers(1);
  await takePhoto(3);
  await courier.now();
  server.modern = false;
  server.archived.add("x");
  await answers(1);
  await courier.sendAll();
  assert.deepEqual(codes(), ["kept", "kept", "kept"]);
  assert.deepEqual(courier.state.failed, []);
  phone.off();
  phone = new Phone();
  await open();
  await answers(1);
  await takePhoto(5);
  await courier.now();
  assert.deepEqual(courier.state.failed, []);
  assert.equal(courier.state.log, null);
  assert.equal(courier.state.unsent.changes + courier.state.unsent.photos, 0);
});

test("the log is remembered over a reload and each kept change knows its place in it", async () => {
  await answers(3);
  await courier.now();
  const { epoch, size, broken } = courier.state.log ?? {};
  assert.deepEqual([epoch, size, broken], [1, server.log.leaves.length, null]);
  await reopen();
  assert.equal(courier.state.log?.size, size);
  assert.deepEqual(
    vault.entries(AUDIT).map((entry) => entry.leaf),
    [1, 2, 3],
  );
  server.log.add("somebody else's\n");
  await answers(1);
  await courier.now();
  assert.equal(vault.entries(AUDIT)[3].change.seen?.split(" ")[0], String(size));
  assert.equal(courier.state.log?.broken, null);
});

test("an answer without news of the log writes nothing more down", async () => {
  await answers(1);
  await courier.now();
  await courier.now();
  const before = phone.journal().text.length;
  for (let i = 0; i < 5; i += 1) {
    server.log.add("somebody else's\n");
    await courier.now();
  }
  assert.equal(phone.journal().text.length, before);
  assert.equal(courier.state.log?.size, server.log.leaves.length);
});

for (const [what, why, harm] of /** @type {[string, string, () => void][]} */ ([
  [
    "with other entries where old ones were",
    "proof",
    () => {
      server.log.leaves[1] = server.log.leaves[0];
      server.log.add("x\n");
    },
  ],
  ["that is smaller", "smaller", () => server.log.leaves.splice(2)],
  [
    "of an earlier epoch",
    "epoch",
    () => {
      server.log.epoch = 0;
    },
  ],
])) {
  test(`a log ${what} is told, stays told, and stops nothing`, async () => {
    await answers(3);
    await courier.now();
    harm();
    await courier.now();
    assert.equal(courier.state.log?.broken?.why, why);
    await answers(2);
    await courier.now();
    assert.equal(courier.state.unsent.changes, 0);
    await reopen();
    assert.equal(courier.state.log?.broken?.why, why);
    assert.equal(phone.journal().text.match(/"log-broken"/g)?.length, 1);
  });
}

test("a note that is no checkpoint is told even when none was seen before", async () => {
  server.log.told = () => /** @type {any} */ ({ checkpoint: "hello", epoch: 1 });
  await answers(1);
  await courier.now();
  assert.equal(courier.state.log?.broken?.why, "note");
  assert.equal(courier.state.unsent.changes, 0);
});

test("a restore the server declares is no break: everything is offered again, photos too", async () => {
  const copy = server.copy();
  await answers(3);
  const sha = await takePhoto(3);
  await courier.now();
  await answers(1);
  await courier.now();
  await vault.markPhoto(sha, "archived");
  assert.equal(server.kept.length, 5);
  server.restore(copy, "disk broke");
  await courier.now();
  assert.equal(server.kept.length, 5, "all of it went again");
  assert.ok(server.photos.get(sha)?.whole);
  assert.equal(vault.photoState(sha), "received");
  assert.equal(courier.state.log?.broken, null);
  assert.equal(courier.state.log?.restored?.reason, "disk broke");
  const asked = server.requests.length;
  await courier.now();
  assert.ok(server.requests.length - asked < 5, "and then it is quiet");
  await reopen();
  assert.equal(courier.state.log?.restored?.reason, "disk broke");
});

test("what a server held on the day of its copy, and kept since, is kept once more", async () => {
  const { change } = await vault.append(AUDIT, answer("P01", "met"));
  server.holds.add(change.id);
  await courier.now();
  const copy = server.copy();
  server.holds.clear();
  await courier.sendAll();
  assert.equal(server.kept.length, 1);
  server.restore(copy, "disk broke"); // it does not miss the number: it holds the line
  await courier.now();
  assert.equal(server.kept.length, 1);
});

test("a declared restore explains the smaller log that was seen before it", async () => {
  await answers(1);
  await courier.now();
  const copy = server.copy();
  await answers(3);
  await courier.now();
  server.restore(copy);
  await courier.now();
  assert.equal(courier.state.log?.broken?.why, "smaller");
  server.log.begin("disk broke");
  await courier.now();
  assert.equal(courier.state.log?.broken, null);
  assert.equal(server.kept.length, 4);
});

test("an audit that is closed and in no list is offered to a restored server as well", async () => {
  const closed = AUDIT.replace(/a$/, "b");
  const copy = server.copy();
  await vault.append(closed, answer("P01", "met"));
  await courier.now();
  await courier.now();
  server.restore(copy, "disk broke");
  await reopen();
  await courier.now();
  assert.equal(server.kept.length, 1);
});

/** Another phone's lines as an unsent-work file brings them. */
const handedIn = async () => {
  const other = new Phone();
  const device = "0190f0f0-0000-7000-8000-0000000000d2";
  const theirs = await other.tab(OTHER);
  await theirs.setRecord("device", JSON.stringify({ device, key: "secret", person: {} }));
  await theirs.append(AUDIT, answer("P01", "met"));
  await theirs.append(AUDIT, answer("P02", "not_met"));
  const bytes = Uint8Array.from({ length: 700 }, (_, i) => (i * 7) & 255);
  const sha256 = sum(bytes);
  const value = { sha256, bytes: bytes.length, type: "image/jpeg" };
  await theirs.append(AUDIT, { ...answer("P01", value), kind: "photo" });
  const entries = theirs.entries(AUDIT);
  const signatures = await theirs.signed(entries);
  // Their phone had told the server its key before it lost the network.
  const wire = new Courier(theirs, {
    fetch: server.fetch,
    locks: /** @type {any} */ (other.locks),
  });
  const { enrolKey } = await import("../../static/js/sync/keys.js");
  wire.wire.credentials = theirs.device;
  await enrolKey(theirs, wire.wire);
  other.off();
  return {
    lines: entries.map(({ line }, i) => ({
      line,
      kid: signatures[i]?.[0] ?? null,
      sig: signatures[i]?.[1] ?? null,
    })),
    photos: [{ sha256, type: "image/jpeg", bytes: bytes.buffer }],
    device,
  };
};

test("lines of another phone are counted, sent under that phone, and kept once", async () => {
  const { lines, photos, device } = await handedIn();
  assert.deepEqual(await vault.carry(lines, photos), { taken: 3, known: 0 });
  assert.deepEqual(await vault.carry(lines, photos), { taken: 0, known: 3 });
  assert.deepEqual(
    vault.entries(AUDIT).map(({ own, carried }) => [own, carried]),
    [
      [false, true],
      [false, true],
      [false, true],
    ],
  );
  assert.equal(vault.photoState(photos[0].sha256), "here");
  await reopen();
  assert.deepEqual([courier.state.unsent.changes, courier.state.unsent.photos], [3, 1]);
  await answers(1);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "kept", "kept", "kept"]);
  assert.equal(server.kept.filter((line) => JSON.parse(line).device === device).length, 3);
  assert.ok(server.photos.get(photos[0].sha256)?.whole);
  await reopen();
  assert.deepEqual([courier.state.unsent.changes, courier.state.unsent.photos], [0, 0]);
});

test("carried lines are in both engines, and any one of them is enough", async () => {
  const { lines, photos } = await handedIn();
  await vault.carry(lines, photos);
  for (const harm of ["journal", "mirror"]) {
    courier.stop();
    phone.off();
    if (harm === "journal") phone.journal().bytes = new Uint8Array(0);
    else phone.wipeMirror();
    await open();
    assert.equal(vault.entries(AUDIT).filter((entry) => entry.carried).length, 3, harm);
    assert.deepEqual(
      await vault.signed(vault.entries(AUDIT)),
      lines.map(({ kid, sig }) => [kid, sig]),
    );
  }
});

test("no number in a file carries this phone beyond what a server takes", async () => {
  const { lines } = await handedIn();
  await answers(1);
  const far = Number.MAX_SAFE_INTEGER - 1;
  const forged = [1, 2, 3].map((i) => {
    const change = { ...JSON.parse(lines[0].line), id: identifier(900 + i) };
    change.lam = i === 3 ? far : i * 900_000;
    return { line: JSON.stringify(change), kid: null, sig: null };
  });
  const mine = JSON.parse(vault.entries(AUDIT)[0].line);
  const own = { ...mine, id: identifier(990), n: far, lam: 2, prev: "a".repeat(64) };
  forged.push({ line: JSON.stringify(own), kid: null, sig: null });
  await vault.carry(forged, []);
  const next = await vault.append(AUDIT, answer("Q1.1", 2));
  assert.equal(next.change.n, 2);
  assert.ok(next.change.lam <= 1_000_001, `${next.change.lam}`);
  assert.ok(next.change.lam > 900_000, "what a colleague really wrote is counted on from");
  await reopen();
  const later = await vault.append(AUDIT, answer("Q1.1", 1));
  assert.deepEqual([later.change.n, later.change.lam], [3, next.change.lam + 1]);
});

test("a carried line that was changed on the way is held, and the others go", async () => {
  const { lines } = await handedIn();
  lines[1].line = lines[1].line.replace("not_met", "met");
  await vault.carry(lines, []);
  await courier.now();
  assert.deepEqual(codes(), ["kept", "change.signature", "kept"]);
  assert.equal(courier.state.held.length, 1);
});

test("what was carried goes again to a server restored from an older copy", async () => {
  const { lines, photos } = await handedIn();
  const copy = server.copy();
  await vault.carry(lines, photos);
  await courier.now();
  server.restore(copy, "disk broke");
  await courier.now();
  assert.equal(server.kept.length, 3);
  assert.ok(server.photos.get(photos[0].sha256)?.whole);
});

test("a restore that is learned of in the middle of a push leaves nothing carried behind", async () => {
  const { lines } = await handedIn();
  const copy = server.copy();
  await vault.carry(lines, []);
  await answers(1);
  await courier.now();
  server.restore(copy, "disk broke");
  await answers(1); // their lines are looked at first, and only then does one's own push learn of it
  await courier.now();
  assert.equal(server.kept.length, 5);
});

test("bytes that are not what they are called are not taken", async () => {
  const bytes = new ArrayBuffer(10);
  await vault.carry([], [{ sha256: "f".repeat(64), type: "image/jpeg", bytes }]);
  assert.equal(vault.photoState("f".repeat(64)), "remote");
});

test("one's own lines and those the server sent are known already", async () => {
  await answers(1);
  await vault.keepPulled(AUDIT, [[1, foreign(1)]]);
  const lines = vault.entries(AUDIT).map(({ line }) => ({ line, kid: null, sig: null }));
  assert.deepEqual(await vault.carry(lines, []), { taken: 0, known: 2 });
  const other = foreign(1, { value: "not_met" });
  assert.equal(JSON.parse(other).id, identifier(1));
  assert.deepEqual(await vault.carry([{ line: other, kid: null, sig: null }], []), {
    taken: 0,
    known: 0,
  });
});

test("photos are asked about in the backup when the app opens and not every time", async () => {
  const shas = [await takePhoto(3), await takePhoto(5)];
  await courier.now();
  const asked = () => server.statuses.filter((body) => body.archived).length;
  assert.equal(asked(), 1);
  await courier.now();
  assert.equal(asked(), 1);
  server.archived.add(shas[0]);
  await reopen();
  await courier.now();
  assert.equal(asked(), 2);
  assert.deepEqual(
    shas.map((sha) => vault.photoState(sha)),
    ["archived", "received"],
  );
  assert.deepEqual(vault.spare(), [shas[0]]);
  await vault.freePhotos();
  assert.deepEqual(await vault.photo(shas[0]), null);
  assert.ok(await vault.photo(shas[1]));
  await courier.sendAll();
  assert.deepEqual(server.statuses.at(-1).sha256s, [shas[1]], "only what can still be freed");
});

test("a received photo that the server lost is found when it is asked about, and goes again", async () => {
  const sha = await takePhoto(3);
  await courier.now();
  server.photos.clear();
  await reopen();
  await courier.now();
  assert.equal(vault.photoState(sha), "here");
  await courier.now();
  assert.ok(server.photos.get(sha)?.whole);
});

test("a photo somebody works on waits, the others go, and it goes after", async () => {
  const [one, two] = [await takePhoto(3), await takePhoto(5)];
  courier.pause(one);
  /** @type {any[]} */
  const sending = [];
  courier.addEventListener("state", () => sending.push(courier.state.sending));
  await courier.now();
  assert.deepEqual([vault.photoState(one), vault.photoState(two)], ["here", "received"]);
  assert.ok(sending.some((each) => each?.sha === two && each.share === 0));
  courier.resume(one);
  await courier.now();
  assert.equal(vault.photoState(one), "received");
});

test("how many photos still fit is reckoned from those here, with room kept back", async () => {
  const storage = /** @type {any} */ (phone.storage);
  assert.equal((await vault.room()).photos, Number.POSITIVE_INFINITY);
  storage.estimate = async () => ({ quota: 100_000_000, usage: 50_000_000 });
  const told = { photos: 100, sure: 41, quota: 100_000_000, usage: 50_000_000 };
  assert.deepEqual(await vault.room(), told);
  storage.estimate = async () => ({ quota: 100_000_000, usage: 95_000_000 });
  assert.equal((await vault.room()).photos, 0);
  vault.health.ballast = false;
  assert.equal((await vault.room()).photos, 0);
});

test("a save that finds no room says that it is full", async () => {
  await answers(1);
  phone.storage.disk.quota = phone.storage.disk.used;
  const bytes = new ArrayBuffer(1000);
  const photo = {
    sha256: "a".repeat(64),
    type: "image/jpeg",
    bytes,
    thumb: new ArrayBuffer(0),
  };
  await assert.rejects(vault.putPhoto(photo), { name: "QuotaExceededError", code: "full" });
  phone.storage.file(`vault/${vault.person}/ballast`).bytes = new Uint8Array(0);
  phone.storage.disk.quota = 0;
  const entry = await vault.append(AUDIT, answer("P01", "met"));
  assert.deepEqual([entry.saved, vault.health.full], ["one", true]);
  phone.storage.disk.quota = Number.POSITIVE_INFINITY;
  await vault.append(AUDIT, answer("P01", "not_met"));
  assert.equal(vault.health.full, false);
});
