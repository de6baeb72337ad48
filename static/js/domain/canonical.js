/**
 * Canonical JSON: one spelling of a value, the same bytes as app/checklists/rules/canonical.py.
 * Keys sorted by code point, no spaces, numbers as ECMAScript writes them.
 */

/**
 * Order two texts by code point, as Python does (JavaScript's own order is by UTF-16 unit).
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
export function byCodePoint(a, b) {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = (left[i].codePointAt(0) ?? 0) - (right[i].codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/**
 * The canonical JSON of a JSON-like value.
 * @param {unknown} value
 * @returns {string}
 * @throws {TypeError} for what is not JSON or cannot be said alike in both languages: NaN,
 *   infinities, whole numbers beyond 2^53, lone surrogates, undefined.
 */
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") {
    const source = /** @type {Record<string, unknown>} */ (value);
    const keys = Object.keys(source).sort(byCodePoint);
    const pairs = keys.map((key) => `${text(key)}:${canonical(source[key])}`);
    return `{${pairs.join(",")}}`;
  }
  throw new TypeError(`${typeof value} is not JSON`);
}

/** @param {string} value */
function text(value) {
  for (const letter of value) {
    const point = letter.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) throw new TypeError("a lone surrogate");
  }
  return JSON.stringify(value);
}

/** @param {number} value */
function number(value) {
  if (!Number.isFinite(value)) throw new TypeError("NaN and infinities are not JSON");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new TypeError("a whole number beyond 2^53");
  }
  return String(value === 0 ? 0 : value);
}
