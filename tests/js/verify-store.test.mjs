// What a phone keeps of keys and status: only forwards, and never a good word over a bad one.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { refresh } from "../../static/js/verify/contact.js";
import { keepList, learnKeys, whatIsHeld } from "../../static/js/verify/store.js";
import { held, listOf, makeKey, NOW } from "./support/issuing.mjs";

const key = makeKey();

/** @type {Record<string, {status?: number, type?: string, body?: string | Uint8Array, location?: string}>} */
let answers = {};
const server = createServer((request, response) => {
  const answer = answers[request.url ?? ""];
  response.statusCode = answer?.status ?? (answer ? 200 : 404);
  if (answer?.location) response.setHeader("location", answer.location);
  response.end(answer?.body);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
after(() => server.close());
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const fetched = globalThis.fetch;
// Node has no page whose address a path could belong to.
globalThis.fetch = (path, options) =>
  fetched(new URL(`${path}`, `http://127.0.0.1:${port}`), options);
after(() => {
  globalThis.fetch = fetched;
});

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  answers = {};
});

/** @param {...ReturnType<typeof makeKey>} keys */
const tellKeys = (...keys) => {
  answers["/v/keys.json"] = { body: JSON.stringify({ keys: keys.map((one) => one.line) }) };
};
/** @param {ReturnType<typeof makeKey>} by @param {string[]} codes @param {number} at */
const tellList = (by, codes, at) => {
  answers["/v/status"] = { body: listOf(by, codes, at) };
};
const issued = async () => (await whatIsHeld()).list?.issued ?? null;

test("keys and status are kept when they prove right, and a newer status takes their place", async () => {
  assert.deepEqual(await whatIsHeld(), { keys: [], list: null });
  tellKeys(key);
  tellList(key, ["valid"], NOW - 100);
  assert.equal(await refresh(), true);
  assert.equal(await issued(), NOW - 100);
  tellList(key, ["suspended"], NOW);
  assert.equal(await refresh(), true);
  assert.equal(await issued(), NOW);
});

test("an older status never takes the place of a newer one", async () => {
  tellKeys(key);
  tellList(key, ["withdrawn"], NOW);
  await refresh();
  tellList(key, ["valid"], NOW - 1);
  assert.equal(await refresh(), false);
  tellList(key, ["valid"], NOW);
  assert.equal(await refresh(), false);
  assert.equal(await issued(), NOW);
  assert.deepEqual([...((await whatIsHeld()).list?.bits ?? [])], [2]);
});

test("what is not ours changes nothing: a stranger's list, a portal's page, a redirect, an error", async () => {
  tellKeys(key);
  tellList(key, ["valid"], NOW - 100);
  await refresh();
  const before = await whatIsHeld();
  tellList(makeKey(), ["valid"], NOW);
  assert.equal(await refresh(), false);
  answers["/v/status"] = { body: "<h1>Free Wi-Fi</h1>" };
  assert.equal(await refresh(), false);
  const page = { body: "<h1>Free Wi-Fi</h1>" };
  tellList(key, ["valid"], NOW);
  for (const wrong of [
    page,
    { status: 302, location: "/elsewhere" },
    { status: 500 },
    { body: "[]" },
  ]) {
    answers["/v/keys.json"] = wrong;
    answers["/elsewhere"] = { body: JSON.stringify({ keys: [key.line] }) };
    assert.equal(await refresh(), false);
  }
  server.closeAllConnections();
  assert.deepEqual(await whatIsHeld(), before);
});

test("a key once called compromised stays so, and its status list is let go", async () => {
  tellKeys(key);
  tellList(key, ["valid"], NOW + 1_000_000);
  await refresh();
  const next = makeKey();
  const bad = {
    ...key,
    line: { ...key.line, state: "compromised", compromised_at: "2026-11-20T00:00:00Z" },
  };
  tellKeys(bad, next);
  tellList(next, ["suspended"], NOW);
  assert.equal(await refresh(), true, "also over one that claimed to be newer");
  assert.equal(await issued(), NOW);
  tellKeys(key, next); // the server forgets, or somebody makes it forget
  tellList(key, ["valid"], NOW + 2_000_000);
  assert.equal(await refresh(), false);
  const { keys, list } = await whatIsHeld();
  assert.equal(keys.find((one) => one.kid === bad.line.kid)?.state, "compromised");
  assert.equal(list?.issued, NOW);
  tellKeys(next); // and a key no longer named is not forgotten
  await refresh();
  assert.equal((await whatIsHeld()).keys.length, 2);
});

test("two tabs that hear at the same time end with the newest", async () => {
  await learnKeys(await held(key));
  const kid = key.line.kid;
  const lists = [5, 3, 9, 1, 7].map((at) => ({
    bytes: listOf(key, ["valid"], NOW + at),
    issued: NOW + at,
    size: 7,
    kid,
  }));
  await Promise.all(lists.map(keepList));
  assert.equal(await issued(), NOW + 9);
});
