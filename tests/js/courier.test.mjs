import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Courier } from "../../static/js/sync/courier.js";
import { prepare } from "../../static/js/sync/prepare.js";
import { enrol } from "../../static/js/sync/wire.js";
import { AUDIT, answer, foreign, identifier, PERSON, Phone } from "./support/device.mjs";
import { FakeServer, sum } from "./support/server.mjs";

let phone = new Phone();
let server = new FakeServer();
/** @type {import("../../static/js/vault/vault.js").Vault} */
let vault;
/** @type {Courier} */
let courier;

const courierOf = (/** @type {typeof vault} */ held) =>
  new Courier(held, { fetch: server.fetch, locks: /** @type {any} */ (phone.locks) });

beforeEach(async () => {
  phone = new Phone();
  server = new FakeServer();
  vault = await phone.tab();
  courier = courierOf(vault);
});
afterEach(() => {
  courier.stop();
  phone.off();
});

/** @param {number} count */
const answers = async (count) => {
  for (let i = 0; i < count; i += 1) await vault.append(AUDIT, answer("Q1.1", i % 3));
};

/** @param {Uint8Array<ArrayBuffer>} bytes @param {string} [named] */
const takePhoto = async (bytes, named) => {
  const sha256 = named ?? sum(bytes);
  const size = bytes.length;
  await vault.putPhoto({
    sha256,
    type: "image/jpeg",
    bytes: bytes.slice().buffer,
    thumb: new ArrayBuffer(0),
  });
  await vault.append(AUDIT, { ...answer("P01", { sha256, bytes: size }), kind: "photo" });
  return sha256;
};

/** @param {number} size @param {number} seed */
const noise = (size, seed) =>
  Uint8Array.from({ length: size }, (_, i) => (i * seed + (i >> 8)) & 255);

const verdicts = () => vault.entries(AUDIT).map((entry) => entry.verdict);

test("everything waiting goes once, and a reload does not send it again", async () => {
  await answers(5);
  await courier.now();
  assert.equal(server.kept.length, 5);
  assert.deepEqual(new Set(verdicts()), new Set(["kept"]));
  assert.deepEqual(courier.state.unsent, {
    changes: 0,
    photos: 0,
    files: 0,
    bytes: 0,
    since: null,
  });
  assert.equal(courier.state.online, "yes");
  phone.off();
  vault = await phone.tab();
  courier = courierOf(vault);
  await courier.now();
  assert.deepEqual(server.pushes, [5]);
});

test("a large outbox goes in batches of at most 200", async () => {
  await answers(450);
  await courier.now();
  assert.deepEqual(server.pushes, [200, 200, 50]);
  assert.deepEqual(
    server.kept,
    vault.entries(AUDIT).map((entry) => entry.line),
  );
});

test("a batch stays under half a megabyte however long the notes are", async () => {
  for (let i = 0; i < 60; i += 1) {
    await vault.append(AUDIT, { ...answer("P01", "ก".repeat(4000)), kind: "note" });
  }
  await courier.now();
  assert.equal(server.kept.length, 60);
  assert.ok(server.pushes.length >= 2);
});

test("when the answer is lost on the road, nothing doubles", async () => {
  await answers(7);
  server.road = (request) => (request === "POST /api/sync/push" ? "drop" : undefined);
  await courier.now();
  assert.equal(courier.state.online, "no");
  assert.equal(courier.state.unsent.changes, 7);
  server.road = () => undefined;
  await courier.now();
  assert.equal(server.kept.length, 7);
  assert.deepEqual(new Set(verdicts()), new Set(["known"]));
});

for (const [what, why, response] of /** @type {[string, string, () => Response][]} */ ([
  ["a captive portal's page", "stranger", () => new Response("<html>Sign in to Wi-Fi</html>")],
  ["somebody else's JSON", "stranger", () => Response.json({ ok: true })],
  [
    "a receipt for nothing",
    "stranger",
    () => Response.json({ results: [], want: [], now: "2026-01-01T00:00:00Z" }),
  ],
  [
    "JSON cut in the middle",
    "silent",
    () =>
      new Response('{"results":[["0190', { headers: { "Content-Type": "application/json" } }),
  ],
  ["a server in trouble", "trouble", () => new Response("oops", { status: 503 })],
  ["a gateway's page", "trouble", () => new Response("<html>502", { status: 502 })],
  [
    "a full disk",
    "trouble",
    () => Response.json({ code: "disk.full", detail: {} }, { status: 507 }),
  ],
  ["a proxy that refuses", "stranger", () => new Response("<html>403</html>", { status: 403 })],
])) {
  test(`${what} is no receipt, and is told as what it is`, async () => {
    await answers(2);
    server.road = (request) => (request === "POST /api/sync/push" ? response() : undefined);
    await courier.now();
    assert.equal(courier.state.unsent.changes, 2);
    assert.deepEqual([courier.state.online, courier.state.why], ["no", why]);
    server.road = () => undefined;
    await courier.now();
    assert.deepEqual([courier.state.online, courier.state.why], ["yes", null]);
  });
}

const TROUBLE = () =>
  Response.json({ code: "server.error", detail: { th: "ขัดข้อง", en: "x" } }, { status: 500 });

test("a server that stumbles over one audit still gets the others", async () => {
  const other = AUDIT.replace(/a$/, "b");
  await answers(2);
  await vault.append(other, answer("P01", "met"));
  server.road = (request, _path, init) =>
    request === "POST /api/sync/push" && init.body.includes(`"audit":"${AUDIT}"`)
      ? TROUBLE()
      : undefined;
  await courier.now();
  assert.equal(server.kept.length, 1);
  assert.equal(courier.state.unsent.changes, 2);
  assert.equal(courier.state.why, "trouble");
  assert.deepEqual(
    courier.state.failed.map((one) => one.what),
    [AUDIT],
  );
});

test("a list that cannot be told holds nothing up", async () => {
  await answers(2);
  server.road = (request) => (request === "GET /api/sync/audits" ? TROUBLE() : undefined);
  await courier.now();
  assert.equal(courier.state.unsent.changes, 0);
});

test("a server that stumbles over one photo still gets the others", async () => {
  const first = await takePhoto(noise(1000, 3));
  const second = await takePhoto(noise(1000, 5));
  server.road = (request) => (request.includes(first) ? TROUBLE() : undefined);
  await courier.now();
  assert.deepEqual(
    [first, second].map((sha) => vault.photoState(sha)),
    ["here", "received"],
  );
  assert.equal(courier.state.why, "trouble");
});

test("changes that are refused as a whole do not stop photos", async () => {
  const sha = await takePhoto(noise(1000, 3));
  await courier.now();
  await vault.markPhoto(sha, "here");
  await answers(1);
  server.photos.clear();
  const no = { code: "request.invalid", detail: { th: "ไม่ได้", en: "no" } };
  server.road = (request) =>
    request === "POST /api/sync/push" ? Response.json(no, { status: 422 }) : undefined;
  await courier.now();
  assert.equal(vault.photoState(sha), "received");
  assert.equal(courier.state.unsent.changes, 1);
});

test("where a proxy takes only small bodies, batches become smaller", async () => {
  await answers(40);
  server.road = (request, _path, init) =>
    request === "POST /api/sync/push" && JSON.parse(init.body).changes.length > 12
      ? new Response("<html>413", { status: 413 })
      : undefined;
  await courier.now();
  assert.equal(server.kept.length, 40);
});

test("who is told to wait waits, unless a person says now", async (context) => {
  await answers(1);
  server.road = () => new Response("", { status: 429, headers: { "Retry-After": "300" } });
  courier.start();
  await courier.now();
  const asked = server.requests.length;
  context.mock.timers.enable({ apis: ["setTimeout"] });
  server.road = () => undefined;
  await answers(1);
  context.mock.timers.tick(299_000);
  assert.equal(server.requests.length, asked);
  context.mock.timers.tick(2_000);
  context.mock.timers.reset();
  await courier.now();
  assert.equal(server.kept.length, 2);
});

test("a revoked key keeps everything and says so", async () => {
  await answers(2);
  server.key = "another";
  await courier.now();
  assert.equal(courier.state.problem, "signed-out");
  assert.equal(courier.state.unsent.changes, 2);
  server.key = "secret";
  await courier.now();
  assert.equal(courier.state.problem, null);
  assert.equal(courier.state.unsent.changes, 0);
});

test("a disabled account may still hand in what was done", async () => {
  await answers(2);
  const refusal = { code: "account.disabled", detail: { th: "ปิดบัญชีแล้ว", en: "disabled" } };
  server.road = (request) =>
    request.startsWith("GET") ? Response.json(refusal, { status: 401 }) : undefined;
  await courier.now();
  assert.equal(courier.state.unsent.changes, 0);
  assert.deepEqual(
    courier.state.failed.map((one) => [one.what, one.why.code]),
    [
      [AUDIT, "account.disabled"],
      ["audits", "account.disabled"],
    ],
  );
});

test("a held change is told with its reason, counts no more here, and blocks nothing", async () => {
  const first = await vault.append(AUDIT, answer("P01", "met"));
  server.holds.add(first.change.id);
  await answers(2);
  await courier.now();
  assert.equal(server.kept.length, 2);
  assert.deepEqual(
    courier.state.held.map((entry) => [entry.change.id, entry.reason.code]),
    [[first.change.id, "audit.closed"]],
  );
  assert.equal(courier.state.unsent.changes, 0);
});

test("a server restored from an older copy gets again what it lost", async () => {
  await answers(10);
  await courier.now();
  server.kept.length = 4;
  await answers(1);
  await courier.now();
  assert.deepEqual(
    server.kept.map((line) => JSON.parse(line).n).sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  await courier.now();
  assert.deepEqual(
    vault.entries(AUDIT).map((entry) => server.kept[/** @type {number} */ (entry.seq) - 1]),
    vault.entries(AUDIT).map((entry) => entry.line),
  );
});

test("a server restored from an older copy gets everything again, photos too, with nothing new said", async () => {
  server.kept = [foreign(1)];
  await answers(4);
  const bytes = noise(1000, 3);
  const sha = await takePhoto(bytes);
  await courier.now();
  assert.equal(vault.photoState(sha), "received");
  server.kept.length = 2;
  server.photos.clear();
  await courier.now();
  assert.equal(server.kept.length, 6);
  assert.deepEqual(server.photos.get(sha)?.whole, Buffer.from(bytes));
  const asked = server.requests.length;
  await courier.now();
  assert.ok(server.requests.length - asked < 6, "and then it is quiet");
});

test("what others said to a restored server is heard, though the numbers ran over ours", async () => {
  server.kept = Array.from({ length: 6 }, (_, i) => foreign(i + 1));
  await answers(4);
  await courier.now();
  server.kept = Array.from({ length: 3 }, (_, i) => foreign(i + 1));
  server.kept.push(...Array.from({ length: 9 }, (_, i) => foreign(100 + i)));
  courier.stop();
  phone.off();
  vault = await phone.tab();
  courier = courierOf(vault);
  await courier.now();
  const held = new Set(vault.entries(AUDIT).map((entry) => entry.change.id));
  for (let i = 0; i < 9; i += 1) assert.ok(held.has(identifier(100 + i)), String(i));
  assert.equal(server.kept.length, 16);
});

test("what was held goes again when the person asks, or the phone is opened anew", async () => {
  const { change } = await vault.append(AUDIT, answer("P01", "met"));
  server.holds.add(change.id);
  await courier.now();
  assert.equal(courier.state.held.length, 1);
  await courier.now();
  assert.deepEqual(server.pushes, [1], "but not every time");
  server.holds.clear();
  await courier.sendAll();
  assert.equal(courier.state.held.length, 0);
  assert.equal(server.kept.length, 1);
});

test("a server that always says there is more is not asked for ever", async () => {
  const usual = server.fetch;
  courier.wire.fetcher = async (path, init) => {
    const response = await usual(path, init);
    if (!String(path).startsWith("/api/sync/pull")) return response;
    return Response.json({ ...(await response.json()), more: true });
  };
  await answers(1);
  await courier.now();
  assert.equal(courier.state.unsent.changes, 0);
});

test("a number that exists nowhere is asked for in vain but not for ever", async () => {
  await answers(2);
  const usual = server.fetch;
  courier.wire.fetcher = async (path, init) => {
    const response = await usual(path, init);
    if (path !== "/api/sync/push") return response;
    return Response.json({ ...(await response.json()), want: [[1, 50]] });
  };
  await courier.now();
  assert.deepEqual(server.pushes, [2]);
});

test("what others did arrives, page by page, even behind one's own later numbers", async () => {
  server.kept = Array.from({ length: 250 }, (_, i) => foreign(i + 1));
  await answers(1);
  await courier.now();
  assert.equal(vault.entries(AUDIT).length, 251);
  assert.equal(vault.entries(AUDIT).find((entry) => entry.own)?.seq, 251);
  server.kept.push(foreign(300));
  await courier.now();
  assert.equal(
    vault.entries(AUDIT).filter((entry) => entry.change.id === identifier(300)).length,
    1,
  );
});

test("a photo goes in chunks after the answers, byte for byte", async () => {
  const bytes = noise(600_000, 31);
  const sha = await takePhoto(bytes);
  await courier.now();
  assert.deepEqual(server.photos.get(sha)?.whole, Buffer.from(bytes));
  assert.equal(vault.photoState(sha), "received");
  assert.equal(courier.state.unsent.photos, 0);
  const push = server.requests.indexOf("POST /api/sync/push");
  const put = server.requests.findIndex((request) => request.startsWith("PUT"));
  assert.ok(push >= 0 && push < put);
});

test("after a cut only the missing chunks go again", async () => {
  const sha = await takePhoto(noise(1_000_000, 7));
  server.road = (request) =>
    request.endsWith("/2") ? "dead" : request.endsWith("/1") ? "drop" : undefined;
  await courier.now();
  assert.equal(vault.photoState(sha), "here");
  server.road = () => undefined;
  server.requests = [];
  await courier.now();
  assert.equal(vault.photoState(sha), "received");
  assert.deepEqual(
    server.requests
      .filter((request) => request.startsWith("PUT"))
      .map((request) => request.at(-1)),
    ["2", "3"],
  );
});

test("a photo the server refuses is told with its reason and the next one still goes", async () => {
  const refused = await takePhoto(noise(1000, 3), `bad${"0".repeat(61)}`);
  const spoilt = await takePhoto(noise(1000, 5));
  server.spoilt.add(spoilt);
  const fine = await takePhoto(noise(1000, 11));
  await courier.now();
  assert.deepEqual([vault.photoState(refused), vault.photoState(fine)], ["here", "received"]);
  await courier.now();
  assert.deepEqual(
    [refused, spoilt, fine].map((sha) => vault.photoState(sha)),
    ["refused", "refused", "received"],
  );
  assert.equal(vault.photoReason(refused).code, "photo.not-an-image");
  assert.deepEqual(
    new Set(courier.state.failed.map((one) => one.what)),
    new Set([refused, spoilt]),
  );
});

test("a photo of a held change does not stop the others", async () => {
  const orphan = await takePhoto(noise(1000, 3));
  server.holds.add(vault.entries(AUDIT)[0].change.id);
  const fine = await takePhoto(noise(1000, 11));
  await courier.now();
  assert.deepEqual([vault.photoState(orphan), vault.photoState(fine)], ["here", "received"]);
  assert.equal(courier.state.failed[0].why.code, "photo.unknown");
  server.kept.push(...server.held.values());
  await courier.now();
  assert.equal(vault.photoState(orphan), "received");
  assert.deepEqual(courier.state.failed, []);
});

test("where data is dear photos wait and answers go", async () => {
  const sha = await takePhoto(noise(1000, 3));
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", {
    value: { connection: { saveData: true } },
    configurable: true,
  });
  try {
    await courier.now();
    assert.equal(courier.state.paused, "save-data");
    assert.equal(vault.photoState(sha), "here");
    assert.equal(server.kept.length, 1);
    await courier.sendAll();
    assert.equal(vault.photoState(sha), "received", "a person may say now");
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else Reflect.deleteProperty(globalThis, "navigator");
  }
});

test("two tabs send each change once", async () => {
  await answers(20);
  const other = courierOf(await phone.tab());
  await Promise.all([courier.now(), other.now()]);
  other.stop();
  assert.deepEqual(server.pushes, [20]);
});

test("a difference between the server's level and one's own is reported", async () => {
  const { packRecord, serverCard } = await import("./support/level.mjs");
  await vault.setRecord(`pack:${packRecord.sha}`, packRecord.text);
  await vault.setRecord(`prepared:${AUDIT}`, JSON.stringify({ pack: packRecord.sha }));
  await vault.append(AUDIT, answer("G1", "met"));
  server.scorecard = serverCard({ G1: "met" });
  await courier.now();
  await courier.now();
  assert.deepEqual(courier.state.mismatch, []);
  server.scorecard = serverCard({ G1: "not_met" });
  await courier.now();
  assert.deepEqual(
    courier.state.mismatch.map((/** @type {any} */ one) => [one.audit, one.head]),
    [[AUDIT, 1]],
  );
});

test("preparing names the step that fails", async () => {
  /** @type {any[]} */
  const steps = [];
  const done = await prepare(courier, AUDIT, (step) => steps.push(step));
  assert.deepEqual(
    steps.map(({ step, ok }) => [step, ok]),
    [
      ["pack", true],
      ["store", true],
      ["changes", true],
      ["slots", true],
      ["previous", true],
      ["persist", true],
      ["shell", false],
    ],
  );
  assert.equal(done.failed, "shell");
  assert.equal(vault.record(`prepared:${AUDIT}`), undefined);
  const usual = server.fetch;
  courier.wire.fetcher = async (path, init) =>
    String(path).includes("packs") ? new Response("tampered") : usual(path, init);
  assert.equal((await prepare(courier, AUDIT)).failed, "pack");
});

test("a prepared audit is ready with its pack in both engines", async () => {
  const page = /** @type {any} */ (globalThis);
  page.document = {
    querySelector: () => ({ textContent: '["/static/1/js/app.js"]' }),
    documentElement: { lang: "th", dataset: {} },
  };
  page.location = { pathname: "/walk" };
  page.caches = { match: async () => new Response("kept") };
  try {
    assert.equal((await prepare(courier, AUDIT)).ready, true);
  } finally {
    for (const name of ["document", "location", "caches"]) delete page[name];
  }
  phone.off();
  phone.wipeMirror();
  const again = await phone.tab();
  const { pack } = JSON.parse(again.record(`prepared:${AUDIT}`) ?? "{}");
  assert.equal(again.record(`pack:${pack}`), server.pack);
});

test("an appended change goes by itself, soon", async (context) => {
  courier.start();
  await courier.now();
  context.mock.timers.enable({ apis: ["setTimeout"] });
  await vault.append(AUDIT, answer("P01", "met"));
  context.mock.timers.tick(1_000);
  context.mock.timers.reset();
  await courier.now();
  assert.equal(server.kept.length, 1);
});

test("a device without a key says that it is not enrolled", async () => {
  const { Vault } = await import("../../static/js/vault/vault.js");
  const bare = await Vault.open(PERSON.replace("a1", "a9"), phone.env);
  const idle = courierOf(bare);
  await idle.now();
  assert.equal(idle.state.problem, "not-enrolled");
  await enrol("โทรศัพท์", bare, async () =>
    Response.json({ device: "d", key: "k", person: { id: "p" } }),
  );
  assert.equal(bare.device?.key, "k");
  idle.stop();
  bare.close();
});
