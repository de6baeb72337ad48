// Twenty thousand forgeries and not one believed; two thousand genuine and not one refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase32 } from "../../static/js/verify/base32.js";
import { decode, encode, Tagged } from "../../static/js/verify/cbor.js";
import { ed25519 } from "../../static/js/verify/ed25519.js";
import { readList } from "../../static/js/verify/status.js";
import { judge } from "../../static/js/verify/verdict.js";
import { chance } from "./support/chance.mjs";
import {
  certify,
  held,
  listOf,
  makeKey,
  NOW,
  payloadOf,
  signBytes,
} from "./support/issuing.mjs";

/** @typedef {import("../../static/js/verify/cbor.js").Value} Value */

const FORGERIES = 20_000;
const GENUINE = 2_000;
const BELIEVED = ["valid", "expired", "suspended", "withdrawn", "superseded"];
const [key, other, stranger] = [makeKey(), makeKey(), makeKey()];
const keys = await held(key, other);
const all = await readList(listOf(key, new Array(GENUINE).fill("valid"), NOW - 60), keys);
const models = Array.from({ length: 40 }, (_, n) => certify(key, n));
const random = chance(20);
const below = (/** @type {number} */ n) => Math.floor(random() * n);
/** @template T @param {readonly T[]} some @returns {T} */
const one = (some) => some[below(some.length)];

/** The parts of a genuine certificate. @param {Uint8Array} cose @returns {[Uint8Array, Value, Uint8Array, Uint8Array]} */
const parts = (cose) => /** @type {any} */ (decode(cose)).value;
/** @param {Value[]} some @param {number} [tag] */
const wrap = (some, tag = 18) => encode(new Tagged(tag, some));
/** @param {number} size */
const noise = (size) => Uint8Array.from({ length: size }, () => below(256));
/** @param {Uint8Array[]} some */
const join = (...some) => Uint8Array.from(some.flatMap((each) => [...each]));

/** A head written longer than it need be, somewhere: the same value, another spelling. @param {Uint8Array} cose */
const longer = (cose) => {
  const [header, loose, payload, signature] = parts(cose);
  const rest = [encode(header), encode(loose), encode(payload), encode(signature)];
  const way = below(4);
  if (way === 0) return join(Uint8Array.of(0xd8, 18, 0x84), ...rest);
  if (way === 1) return join(Uint8Array.of(0xd2, 0x98, 4), ...rest);
  if (way === 2) return join(Uint8Array.of(0xd2, 0x9f), ...rest, Uint8Array.of(0xff));
  const [h, l, , s] = rest;
  const wide = Uint8Array.of(0x5a, 0, 0, payload.length >> 8, payload.length & 255);
  return join(Uint8Array.of(0xd2, 0x84), h, l, wide, payload, s);
};

/** @type {Record<string, (cose: Uint8Array, n: number) => Uint8Array | string>} */
const WAYS = {
  bit(cose) {
    const made = cose.slice();
    made[below(made.length)] ^= 1 << below(8);
    return made;
  },
  bytes(cose) {
    const made = cose.slice();
    for (let i = 0; i < 1 + below(6); i++) made[below(made.length)] = below(256);
    return made;
  },
  short: (cose) => cose.slice(0, cose.length - 1 - below(cose.length - 110)),
  long: (cose) => join(cose, noise(1 + below(8))),
  front: (cose) => join(noise(1 + below(4)), cose),
  longer,
  field(cose) {
    const [header, loose, payload, signature] = parts(cose);
    const map = /** @type {Map<Value, Value>} */ (decode(payload));
    const name = one([...map.keys()]);
    const old = map.get(name);
    if (typeof old === "number") map.set(name, old + 1 + below(1e6));
    else if (typeof old === "string") map.set(name, `${old}ก`);
    else map.set(name, noise(16));
    return wrap([header, loose, encode(map), signature]);
  },
  swap(cose) {
    const [header, loose, payload] = parts(cose);
    const [, , , signature] = parts(one(models.filter((each) => each !== cose)));
    return wrap([header, loose, payload, signature]);
  },
  order(cose) {
    const [header, loose, payload, signature] = parts(cose);
    return wrap(
      one([
        [header, loose, signature, payload],
        [payload, loose, header, signature],
        [header, loose, payload],
        [header, loose, payload, signature, signature],
      ]),
    );
  },
  algorithm(cose) {
    const [, loose, payload, signature] = parts(cose);
    /** @type {[Value, Value][]} */
    const fields = [
      [1, one([-7, -35, -257, -19, 5, 0, -8])],
      [4, key.kid],
    ];
    if (fields[0][1] === -8) fields.push([one([2, 3, 5, 15, 33]), noise(4)]);
    return wrap([encode(new Map(fields)), loose, payload, signature]);
  },
  kid(cose) {
    const [, loose, payload, signature] = parts(cose);
    const kid = one([other.kid, stranger.kid, noise(8), key.kid.slice(1)]);
    /** @type {[Value, Value][]} */
    const fields = [
      [1, -8],
      [4, kid],
    ];
    return wrap([encode(new Map(fields)), loose, payload, signature]);
  },
  loose(cose) {
    const [header, , payload, signature] = parts(cose);
    /** @type {[Value, Value][]} */
    const fields = [[one([1, 4, 33, 99]), one([-8, stranger.kid, noise(32)])]];
    return wrap([header, new Map(fields), payload, signature]);
  },
  tag(cose) {
    const tag = one([0, 16, 17, 19, 61, 96, 98, 55799]);
    return below(2) ? wrap(parts(cose), tag) : encode(new Tagged(tag, decode(cose)));
  },
  bare: (cose) => encode(parts(cose)),
  context: (_, n) =>
    signBytes(key, encode(payloadOf(n % GENUINE)), one(["", "gecc-status-v1", "gecc-cert-v2"])),
  stolen: (_, n) => certify(stranger, n % GENUINE),
  claimed(_, n) {
    // Signed by a stranger who writes our key's name over it.
    /** @type {[Value, Value][]} */
    const fields = [
      [1, -8],
      [4, key.kid],
    ];
    return signBytes(stranger, encode(payloadOf(n % GENUINE)), "gecc-cert-v1", new Map(fields));
  },
  content(_, n) {
    // Signed by us, and yet no certificate: what else the key may have signed some day.
    const map = payloadOf(n % GENUINE);
    const name = one([...map.keys()]);
    if (below(2)) map.delete(name);
    else map.set(name, one([new Map(), [], "", -1, new Uint8Array(3), "a\u0000b"]));
    if (below(4) === 0) map.set(200, 1);
    return signBytes(key, encode(map), "gecc-cert-v1");
  },
  list: (_, n) => listOf(key, ["valid"], NOW - n),
  zero(cose) {
    const [header, loose, payload] = parts(cose);
    const empty = one([new Uint8Array(64), new Uint8Array(64).fill(255), noise(64), noise(63)]);
    return wrap([header, loose, payload, empty]);
  },
  greater(cose) {
    // The same signature with the group's order added to S: RFC 8032 refuses it.
    const [header, loose, payload, signature] = parts(cose);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order;
    for (let i = 0; i < 32; i++) s += BigInt(signature[32 + i]) << BigInt(8 * i);
    const made = signature.slice();
    for (let i = 0; i < 32; i++) made[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
    return wrap([header, loose, payload, made]);
  },
  letter(cose) {
    const text = toBase32(cose);
    const at = below(text.length);
    return (
      text.slice(0, at) +
      one([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567018=. "]) +
      text.slice(at + 1)
    );
  },
  tail(cose) {
    const text = toBase32(cose);
    return text + one(["A", "AA", "=", "======", "7"]);
  },
};

/**
 * How many forgeries are believed, by the way they were made.
 * @param {number} count @param {import("../../static/js/verify/ed25519.js").Check} check
 */
const believed = async (count, check) => {
  /** @type {Record<string, number>} */
  const found = {};
  const names = Object.keys(WAYS);
  for (let n = 0; n < count; n++) {
    const name = names[n % names.length];
    const model = models[n % models.length];
    const made = WAYS[name](model, n);
    const code = typeof made === "string" ? made : toBase32(made);
    if (code === toBase32(model)) continue; // chance gave back what it was given
    const { state } = await judge(code, { keys, list: all }, NOW, check);
    if (BELIEVED.includes(state)) found[name] = (found[name] ?? 0) + 1;
  }
  return found;
};

test("no forgery of twenty thousand is believed", async () => {
  assert.deepEqual(await believed(FORGERIES, ed25519), {});
});

test("none of two thousand genuine certificates is refused", async () => {
  for (let n = 0; n < GENUINE; n++) {
    const code = toBase32(certify(n % 2 ? key : other, n));
    assert.equal((await judge(code, { keys, list: all }, NOW)).state, "valid", `${n}`);
  }
});

test("a mistake in the checking would be seen: without signatures forgeries pass", async () => {
  const found = await believed(2_000, async () => true);
  for (const way of ["field", "swap", "context", "claimed", "greater"])
    assert.ok(found[way] > 0, way);
  // Spelling, tags and headers are held by the reader alone.
  for (const way of ["longer", "order", "algorithm", "loose", "tag", "bare", "content", "list"])
    assert.equal(found[way], undefined, way);
});
