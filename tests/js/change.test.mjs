import assert from "node:assert/strict";
import { test } from "node:test";
import { changeLine, tidy, uuid7 } from "../../static/js/domain/change.js";
import { ago, date, time } from "../../static/js/helpers/time.js";

test("an id carries its milliseconds and is otherwise random", () => {
  const id = uuid7(0x0123456789ab);
  assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(Array.from({ length: 1000 }, () => uuid7(5))).size, 1000);
});

test("a line has its keys in one order, whatever the draft's", () => {
  /** @type {any} */
  const draft = {
    value: { na: "ก" },
    target: "P01",
    kind: "answer",
    pack: "p",
    app: "1",
    skew: null,
  };
  Object.assign(draft, {
    made_at: "t",
    device: "d",
    author: "a",
    audit: "u",
    id: "i",
    supersedes: [],
  });
  assert.equal(
    changeLine({ ...draft, more: 1, seen: "7 ab" }, 3, "cd", 9),
    '{"v":2,"id":"i","audit":"u","author":"a","device":"d","n":3,"prev":"cd","lam":9,"made_at":"t",' +
      '"skew":null,"seen":"7 ab","app":"1","pack":"p","kind":"answer","target":"P01","value":{"na":"ก"},"supersedes":[]}',
  );
});

test("text is made as the server will take it", () => {
  assert.equal(tidy("e\u0301\0\ud83d!\ud83d\ude00"), "\u00e9\ufffd!\ud83d\ude00");
  assert.deepEqual(tidy({ a: ["\0", 1, null, true] }), { a: ["", 1, null, true] });
});

test("time is said as people here say it", () => {
  assert.equal(date("2022-01-13"), "13 มกราคม 2565");
  assert.equal(date("2026-11-23T18:00:00Z"), "24 พฤศจิกายน 2569");
  assert.equal(time("2026-11-24T07:05:00.000Z"), "14.05 น.");
  assert.equal(ago("2026-11-24T07:05:00Z", "2026-11-24T07:05:30Z"), "เมื่อครู่นี้");
  assert.equal(ago("2026-11-24T07:05:00Z", "2026-11-24T09:05:30Z"), "2 ชั่วโมงที่แล้ว");
  assert.equal(ago("2026-01-13T07:05:00Z", "2026-11-24T09:05:30Z"), "13 มกราคม 2569");
});
