// Two hundred photos over a road that loses three requests in ten, and what they cost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Courier } from "../../static/js/sync/courier.js";
import { AUDIT, answer, Phone } from "./support/device.mjs";
import { FakeServer, sum } from "./support/server.mjs";

const PHOTOS = 200;
const MOST = 1.15;

/** @param {number} seed */
const chance = (seed) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Bytes a request puts on the road, its first line and credentials too. @param {string} path @param {any} init */
const cost = (path, init) =>
  path.length +
  (init.headers.get("Authorization")?.length ?? 0) +
  (typeof init.body === "string" ? Buffer.byteLength(init.body) : (init.body?.byteLength ?? 0));

test("photos over a bad road arrive whole and cost little more than themselves", async () => {
  const phone = new Phone();
  const server = new FakeServer();
  const random = chance(7);
  let vault = await phone.tab();
  let content = 0;
  const shas = [];
  for (let i = 0; i < PHOTOS; i += 1) {
    const bytes = new Uint8Array(150_000 + Math.floor(random() * 450_000)).fill(i);
    bytes.set(new TextEncoder().encode(String(i)));
    const sha256 = sum(bytes);
    content += bytes.length;
    shas.push(sha256);
    const photo = {
      sha256,
      type: "image/jpeg",
      bytes: bytes.buffer,
      thumb: new ArrayBuffer(0),
    };
    await vault.putPhoto(photo);
    const value = { sha256, bytes: bytes.length, type: "image/jpeg" };
    await vault.append(AUDIT, { ...answer("P01", value), kind: "photo" });
  }
  let spent = 0;
  /** @type {Map<string, number>} */
  const arrived = new Map();
  /** @type {any} */
  const road = async (/** @type {string} */ path, /** @type {any} */ init) => {
    const fate = random();
    if (fate < 0.1) throw new TypeError("refused");
    const bytes = cost(path, init);
    if (fate < 0.2) {
      spent += bytes * random(); // cut somewhere in the middle of the body
      throw new TypeError("cut");
    }
    spent += bytes;
    if (init.method === "PUT") arrived.set(path, (arrived.get(path) ?? 0) + 1);
    const response = await server.fetch(path, init);
    if (fate < 0.3) throw new TypeError("answer lost");
    return response;
  };
  let courier = new Courier(vault, { fetch: road, locks: /** @type {any} */ (phone.locks) });
  let rounds = 0;
  while (courier.state.unsent.changes + courier.state.unsent.photos) {
    await courier.now();
    rounds += 1;
    assert.ok(rounds < 3000, "it ends");
    if (rounds % 40 === 0) {
      courier.stop();
      phone.off();
      vault = await phone.tab();
      courier = new Courier(vault, { fetch: road, locks: /** @type {any} */ (phone.locks) });
    }
  }
  courier.stop();
  assert.equal(server.kept.length, PHOTOS);
  assert.equal(new Set(server.kept).size, PHOTOS);
  for (const sha of shas) assert.equal(sum(server.photos.get(sha)?.whole ?? ""), sha);
  const twice = [...arrived.values()].filter((times) => times > 1).length;
  assert.equal(twice, 0, "no chunk that arrived is sent again, its answer lost or not");
  const share = spent / content;
  assert.ok(share <= MOST, `${share.toFixed(3)} times their own bytes`);
  phone.off();
});
