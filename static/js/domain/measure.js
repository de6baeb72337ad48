/**
 * Measurements: what a person typed, what may be kept, and on which side of its limit it lies.
 * The same rules as app/checklists/rules/measure.py.
 */

/** @typedef {import("./edition.js").Measurement} Measurement */
/** @typedef {number | boolean} Value */

const SPACES = " \\t\\u00a0\\u2007\\u2009\\u202f";
const BLANK = new RegExp(`^[${SPACES}]*$`);
const NUMBER = new RegExp(
  `^[${SPACES}]*(?<sign>[+-]?)[${SPACES}]*` +
    `(?<whole>[0-9]+|[0-9]{1,3}(?:[,${SPACES}][0-9]{3})+|)` +
    `(?:\\.(?<part>[0-9]*))?[${SPACES}]*$`,
);
const BETWEEN_GROUPS = new RegExp(`[,${SPACES}]`, "g");
const LARGEST = 1e9;

/** @type {Record<string, [string, string]>} */
const WHY = {
  "not-a-number": [
    "อ่านเป็นตัวเลขไม่ได้ พิมพ์เฉพาะตัวเลข เช่น 12.5 หรือ ๑๒.๕",
    "This is not a number. Type digits only, such as 12.5.",
  ],
  "too-fine": ["ใส่ทศนิยมได้ไม่เกินสามตำแหน่ง", "At most three decimals can be kept."],
  "too-large": [
    "ค่านี้ใหญ่เกินไป ต้องน้อยกว่าหนึ่งพันล้าน",
    "This is too large; it must be below 1,000,000,000.",
  ],
  "not-yes-no": ["ตอบได้เพียงใช่หรือไม่ใช่", "The answer is yes or no."],
  "not-a-count": ["จำนวนนับต้องเป็นจำนวนเต็มตั้งแต่ 0", "A count is a whole number from 0 up."],
};

/** A value that cannot be kept; says why in Thai and English, with a code for machines. */
export class BadMeasurement extends Error {
  /** @param {string} code */
  constructor(code) {
    super(WHY[code][1]);
    this.code = code;
    this.why = { th: WHY[code][0], en: WHY[code][1] };
  }
}

/**
 * The number a person typed; null for a blank. Thai digits, a minus sign, and commas or spaces
 * between groups of three are welcome: `๑๒.๕` is 12.5, `1,200` is 1200. `12,5` is refused rather
 * than guessed.
 * @param {string} text
 * @returns {number | null}
 * @throws {BadMeasurement}
 */
export function parseMeasurement(text) {
  if (BLANK.test(text)) return null;
  const ascii = text
    .replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50))
    .replaceAll("−", "-");
  const found = NUMBER.exec(ascii)?.groups;
  if (!found || !(found.whole || found.part)) throw new BadMeasurement("not-a-number");
  const whole = found.whole.replace(BETWEEN_GROUPS, "").replace(/^0+/, "") || "0";
  const part = (found.part ?? "").replace(/0+$/, "");
  if (part.length > 3) throw new BadMeasurement("too-fine");
  if (whole.length > 9) throw new BadMeasurement("too-large");
  const number = Number(`${found.sign}${whole}.${part || "0"}`);
  return number === 0 ? 0 : number;
}

/**
 * A value if it may be kept for this measurement: yes or no for `=`, a whole number from 0 for
 * `count`, otherwise a finite number below 1e9 with at most three decimals.
 * @param {Measurement} measurement
 * @param {unknown} value
 * @returns {Value}
 * @throws {BadMeasurement}
 */
export function checkMeasurement(measurement, value) {
  if (measurement.op === "=") {
    if (typeof value !== "boolean") throw new BadMeasurement("not-yes-no");
    return value;
  }
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new BadMeasurement("not-a-number");
  }
  if (Math.abs(value) >= LARGEST) throw new BadMeasurement("too-large");
  // A number with three decimals reads back from its own three-decimal spelling.
  if (Number(value.toFixed(3)) !== value) throw new BadMeasurement("too-fine");
  if (measurement.op === "count" && !(Number.isInteger(value) && value >= 0)) {
    throw new BadMeasurement("not-a-count");
  }
  return value;
}

/**
 * On which side of its limit a value lies; on the limit is within. Unknown: no value, no limit,
 * or a whole the table does not reach.
 * @param {Measurement} measurement
 * @param {Value | null | undefined} value
 * @param {Record<string, Value | null | undefined>} [others] the same criterion's values by key
 * @returns {"within" | "outside" | "unknown"}
 */
export function verdict(measurement, value, others = {}) {
  if (value === null || value === undefined || measurement.op === null) return "unknown";
  if (measurement.op === "=") return value === measurement.value ? "within" : "outside";
  const [least, most] = bounds(measurement, others);
  if (typeof value === "boolean" || (least === null && most === null)) return "unknown";
  const holds = (least === null || value >= least) && (most === null || value <= most);
  return holds ? "within" : "outside";
}

/**
 * The least and the most a value may be; null where there is no such bound, or none yet: a bound
 * from a table needs the value it depends on.
 * @param {Measurement} measurement
 * @param {Record<string, Value | null | undefined>} others
 * @returns {[number | null, number | null]}
 */
export function bounds(measurement, others) {
  const { op, value, table, per } = measurement;
  if (Array.isArray(value)) return [value[0], value[1]];
  if (table !== null) {
    const whole = per !== null && Object.hasOwn(others, per) ? others[per] : null;
    if (typeof whole !== "number" || whole <= 0) return [null, null];
    return [table.find((row) => whole <= row.up_to)?.min ?? null, null];
  }
  if (typeof value !== "number") return [null, null];
  return op === "<=" ? [null, value] : [value, null];
}
