import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  BadMeasurement,
  checkMeasurement,
  parseMeasurement,
  verdict,
} from "../../static/js/domain/measure.js";

const cases = JSON.parse(
  readFileSync(new URL("../cases/scoring/measure.json", import.meta.url), "utf8"),
);

/** @param {object} limit @returns {import("../../static/js/domain/edition.js").Measurement} */
const measurement = (limit) => ({
  key: "k",
  label: { th: "ก", en: "k" },
  unit: "",
  unit_en: "",
  source: null,
  .../** @type {any} */ (limit),
});

/** @param {string} code */
const refusal = (code) => (/** @type {unknown} */ error) => {
  assert(error instanceof BadMeasurement);
  assert.match(error.why.th, /[ก-๙]/);
  return error.code === code;
};

describe("a typed number", () => {
  for (const [text, value] of cases.parse) {
    test(JSON.stringify(text), () => assert(Object.is(parseMeasurement(text), value)));
  }
  for (const [text, code] of cases.refuse) {
    test(`refused: ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.throws(() => parseMeasurement(text), refusal(code));
    });
  }
});

describe("a value from the wire", () => {
  for (const [limit, value, code] of cases.check) {
    test(`${limit.op} ${JSON.stringify(value)}`, () => {
      if (code) assert.throws(() => checkMeasurement(measurement(limit), value), refusal(code));
      else assert.equal(checkMeasurement(measurement(limit), value), value);
    });
  }
  test("NaN and infinities are refused", () => {
    const plain = measurement({ op: null, value: null, per: null, table: null });
    assert.throws(() => checkMeasurement(plain, Number.NaN), refusal("not-a-number"));
    assert.throws(() => checkMeasurement(plain, -Infinity), refusal("too-large"));
  });
});

describe("the side of the limit", () => {
  for (const [limit, value, others, side] of cases.verdict) {
    test(`${JSON.stringify(value)} ${limit.op} ${JSON.stringify(limit.value)}`, () => {
      assert.equal(verdict(measurement(limit), value, others), side);
    });
  }
});
