// What is drawn on a photo before it is drawn: rectangles, arrows and words in the picture's own
// pixels, and a way back. Pure: no canvas, no page.

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {Point & Size} Box */
/** @typedef {{kind: "mask"} & Box} Mask */
/** @typedef {{kind: "arrow", from: Point, to: Point}} Arrow */
/** @typedef {{kind: "words", at: Point, text: string}} Words */
/** @typedef {Mask | Arrow | Words} Mark */

/** A finger that only touched has drawn nothing. In thousandths of the long side. */
const LEAST = 12;

/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.min(Math.max(value, least), most);

/** The smallest side of a rectangle on a picture of this size. @param {Size} size */
export const leastSide = (size) =>
  Math.max(8, Math.round((Math.max(size.width, size.height) * LEAST) / 1000));

/** One step of an arrow key. @param {Size} size */
export const stepOf = (size) =>
  Math.max(1, Math.round(Math.max(size.width, size.height) / 100));

/**
 * Where a point of the screen lies in a picture that is shown whole (`object-fit: contain`).
 * @param {Point} point on the screen @param {Box} shown where the picture's box stands there
 * @param {Size} size of the picture @returns {Point} inside the picture
 */
export const onPicture = (point, shown, size) => {
  const { scale, left, top } = fitted(shown, size);
  return {
    x: within((point.x - shown.x - left) / scale, 0, size.width),
    y: within((point.y - shown.y - top) / scale, 0, size.height),
  };
};

/**
 * How large a picture is shown in a box, whole, and how much stays empty beside it.
 * @param {Size} box @param {Size} size
 */
export const fitted = (box, size) => {
  const scale = Math.min(box.width / size.width, box.height / size.height);
  return {
    scale,
    left: (box.width - size.width * scale) / 2,
    top: (box.height - size.height * scale) / 2,
  };
};

/**
 * The rectangle between two corners in whole pixels, outwards: no line of what is to be covered
 * stays. Null where it would be too small to have been meant.
 * @param {Point} a @param {Point} b @param {Size} size @returns {Box | null}
 */
export const between = (a, b, size) => {
  const x = Math.floor(within(Math.min(a.x, b.x), 0, size.width));
  const y = Math.floor(within(Math.min(a.y, b.y), 0, size.height));
  const width = Math.ceil(within(Math.max(a.x, b.x), 0, size.width)) - x;
  const height = Math.ceil(within(Math.max(a.y, b.y), 0, size.height)) - y;
  return Math.min(width, height) < leastSide(size) ? null : { x, y, width, height };
};

/** A rectangle in the middle, for those who draw with keys. @param {Size} size @returns {Box} */
export const middle = (size) => {
  const width = Math.round(size.width / 4);
  const height = Math.round(size.height / 4);
  return {
    x: Math.round((size.width - width) / 2),
    y: Math.round((size.height - height) / 2),
    width,
    height,
  };
};

/** Moved, never out of the picture. @param {Box} box @param {number} dx @param {number} dy @param {Size} size @returns {Box} */
export const moved = (box, dx, dy, size) => ({
  ...box,
  x: within(Math.round(box.x + dx), 0, size.width - box.width),
  y: within(Math.round(box.y + dy), 0, size.height - box.height),
});

/** Wider or narrower from its top left corner, never out of the picture. @param {Box} box @param {number} dw @param {number} dh @param {Size} size @returns {Box} */
export const sized = (box, dw, dh, size) => {
  const least = leastSide(size);
  return {
    ...box,
    width: within(Math.round(box.width + dw), least, Math.max(least, size.width - box.x)),
    height: within(Math.round(box.height + dh), least, Math.max(least, size.height - box.y)),
  };
};

/** Whether an arrow is long enough to point. @param {Point} from @param {Point} to @param {Size} size */
export const points = (from, to, size) =>
  Math.hypot(to.x - from.x, to.y - from.y) >= 2 * leastSide(size);

/**
 * The corners of an arrow's head.
 * @param {Point} from @param {Point} to @param {number} length @returns {[Point, Point]}
 */
export const headOf = (from, to, length) => {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (/** @type {number} */ turn) => ({
    x: to.x - length * Math.cos(angle + turn),
    y: to.y - length * Math.sin(angle + turn),
  });
  return [corner(0.5), corner(-0.5)];
};

/** How high words are written on a picture of this size. @param {Size} size */
export const wordHeight = (size) =>
  Math.max(27, Math.round((Math.max(size.width, size.height) * 53) / 1000));

/** What a mark takes up, words as far as can be guessed. @param {Mark} mark @param {Size} size @returns {Box} */
export const boxOf = (mark, size) => {
  if (mark.kind === "mask") return mark;
  if (mark.kind === "arrow") {
    const { from, to } = mark;
    const x = Math.min(from.x, to.x);
    const y = Math.min(from.y, to.y);
    return { x, y, width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
  }
  const high = wordHeight(size);
  // Signs above and below take no room of their own.
  const letters = mark.text.replace(/\p{M}/gu, "").length;
  const width = Math.min(size.width, letters * high * 0.55);
  return { x: mark.at.x, y: mark.at.y - high, width, height: high * 2 };
};

/** @param {Point} point @param {number} dx @param {number} dy @param {Size} size @returns {Point} */
const pushed = (point, dx, dy, size) => ({
  x: within(point.x + dx, 0, size.width),
  y: within(point.y + dy, 0, size.height),
});

/** The mark somewhere else, never out of the picture. @param {Mark} mark @param {number} dx @param {number} dy @param {Size} size @returns {Mark} */
export const shifted = (mark, dx, dy, size) => {
  if (mark.kind === "mask") return { ...mark, ...moved(mark, dx, dy, size) };
  if (mark.kind === "words") return { ...mark, at: pushed(mark.at, dx, dy, size) };
  return {
    ...mark,
    from: pushed(mark.from, dx, dy, size),
    to: pushed(mark.to, dx, dy, size),
  };
};

/** Larger or smaller: a rectangle's far corner or an arrow's tip moves. @param {Mark} mark @param {number} dx @param {number} dy @param {Size} size @returns {Mark} */
export const stretched = (mark, dx, dy, size) => {
  if (mark.kind === "mask") return { ...mark, ...sized(mark, dx, dy, size) };
  if (mark.kind === "words") return shifted(mark, dx, dy, size);
  return { ...mark, to: pushed(mark.to, dx, dy, size) };
};

/** Which mark a point lies on, the newest first; -1 for none. @param {Mark[]} marks @param {Point} point @param {Size} size */
export const hit = (marks, point, size) => {
  const slack = leastSide(size);
  return marks.findLastIndex((mark) => {
    const box = boxOf(mark, size);
    const more = mark.kind === "mask" ? 0 : slack;
    return (
      point.x >= box.x - more &&
      point.y >= box.y - more &&
      point.x <= box.x + box.width + more &&
      point.y <= box.y + box.height + more
    );
  });
};

/** The marks of one photo, and every state they were in. */
export class Marks {
  /** @type {Mark[][]} */
  #before = [];
  /** @type {Mark[]} */
  all = [];

  get undoable() {
    return this.#before.length > 0;
  }

  /** @param {Mark} mark @returns {number} its place */
  add(mark) {
    this.#change([...this.all, mark]);
    return this.all.length - 1;
  }

  /** @param {number} place @param {Mark} mark @param {boolean} [again] the same movement goes on: one way back for all of it */
  put(place, mark, again = false) {
    const all = this.all.map((one, i) => (i === place ? mark : one));
    if (again) this.all = all;
    else this.#change(all);
  }

  /** @param {number} place */
  remove(place) {
    this.#change(this.all.filter((_, i) => i !== place));
  }

  undo() {
    this.all = this.#before.pop() ?? this.all;
  }

  /** @param {Mark[]} all */
  #change(all) {
    this.#before.push(this.all);
    this.all = all;
  }
}
