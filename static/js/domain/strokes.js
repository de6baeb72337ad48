// A signature as a hand drew it: lines on a sheet of 1000 by 400, few enough to travel. Pure.

/** @typedef {number[]} Stroke x, y, x, y … in whole numbers */

export const WIDE = 1000;
export const HIGH = 400;
const MOST_STROKES = 40;
const MOST_NUMBERS = 1500;

/**
 * What stands for a name that was typed: the bare line one signs on, with nothing drawn above it.
 * It imitates no hand; whoever shows it writes the name on the line.
 * @type {Stroke[]}
 */
export const TYPED = [[60, 330, 940, 330]];

/** @param {Stroke[]} strokes */
export const isTyped = (strokes) => JSON.stringify(strokes) === JSON.stringify(TYPED);

/** A point on the sheet. @param {number} x @param {number} y shares of width and height @returns {[number, number]} */
export const onSheet = (x, y) => [
  Math.round(Math.min(1, Math.max(0, x)) * WIDE),
  Math.round(Math.min(1, Math.max(0, y)) * HIGH),
];

/**
 * The same hand with fewer points: first what no eye misses, then as much as must be.
 * @param {Stroke[]} strokes @returns {Stroke[]} a lone touch becomes a dot that is drawn
 */
export const thinned = (strokes) => {
  const whole = strokes.filter((stroke) => stroke.length >= 2).slice(0, MOST_STROKES);
  for (let slack = 1.5; ; slack *= 1.5) {
    const thin = whole.map((stroke) => spared(stroke, slack));
    if (thin.reduce((sum, { length }) => sum + length, 0) <= MOST_NUMBERS) return thin;
  }
};

/** Ramer, Douglas and Peucker. @param {Stroke} stroke @param {number} slack @returns {Stroke} */
const spared = (stroke, slack) => {
  const last = stroke.length / 2 - 1;
  if (last < 1) return [...stroke, ...stroke].slice(0, 4);
  const kept = new Set([0, last]);
  /** @type {[number, number][]} */
  const spans = [[0, last]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let far = -1;
    let most = slack;
    for (let i = from + 1; i < to; i += 1) {
      const away = distance(stroke, i, from, to);
      if (away > most) [most, far] = [away, i];
    }
    if (far < 0) continue;
    kept.add(far);
    spans.push([from, far], [far, to]);
  }
  return [...kept].sort((a, b) => a - b).flatMap((i) => [stroke[2 * i], stroke[2 * i + 1]]);
};

/** @param {Stroke} stroke @param {number} i @param {number} from @param {number} to */
const distance = (stroke, i, from, to) => {
  const [x, y, ax, ay, bx, by] = [i, from, to].flatMap((one) => [
    stroke[2 * one],
    stroke[2 * one + 1],
  ]);
  const long = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = long
    ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long))
    : 0;
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
};

/** One stroke as the path of an SVG, rounded where the hand turned. @param {Stroke} stroke */
export const pathOf = (stroke) => {
  const [x, y, ...rest] = stroke;
  if (rest.length < 4) return `M${x} ${y}L${rest[0] ?? x} ${rest[1] ?? y}`;
  let path = `M${x} ${y}`;
  for (let i = 0; i + 3 < rest.length; i += 2) {
    const [cx, cy, nx, ny] = rest.slice(i, i + 4);
    path += `Q${cx} ${cy} ${(cx + nx) / 2} ${(cy + ny) / 2}`;
  }
  return `${path}L${rest.at(-2)} ${rest.at(-1)}`;
};
