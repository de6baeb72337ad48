// The picture in the editor and what is drawn on it: fingers, keys, and a frame over each mark.

import { stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import {
  between,
  boxOf,
  fitted,
  hit,
  leastSide,
  Marks,
  onPicture,
  points,
  shifted,
  stepOf,
  stretched,
} from "../photos/marks.js";
import { LINE, paint } from "../photos/rendering.js";

/** @typedef {import("../photos/marks.js").Mark} Mark */
/** @typedef {import("../photos/marks.js").Point} Point */
/** @typedef {"mask" | "arrow" | "words"} Tool */
/** @typedef {{box: HTMLElement, canvas: HTMLCanvasElement, bitmap: ImageBitmap, tool: Tool}} Given */

const KEYS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});
/** How near a finger comes to the corner it wants, in screen pixels. */
const NEAR = 32;
/** A finger that moved less only touched. */
const TOUCH = 8;

/** Tells "change" when a mark came, went or was chosen, "words" when words are to be put somewhere. */
export class MarkerStage extends EventTarget {
  marks = new Marks();
  chosen = -1;
  /** @type {Point | null} the first corner, when somebody touches two */
  #corner = null;
  /** @type {Mark | null} */
  #drawing = null;

  /** @param {Given} given @param {AbortSignal} signal */
  constructor({ box, canvas, bitmap, tool }, signal) {
    super();
    this.stage = box;
    this.canvas = canvas;
    this.bitmap = bitmap;
    this.tool = tool;
    this.#hearFingers(signal);
    box.addEventListener("keydown", (event) => this.#key(event), { signal });
    const watcher = new ResizeObserver(() => this.draw());
    watcher.observe(box);
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  /** @param {Tool} tool */
  take(tool) {
    this.tool = tool;
    this.#corner = null;
    this.draw();
  }

  /** @param {Mark} mark */
  keep(mark) {
    this.choose(this.marks.add(mark), true);
  }

  undo() {
    this.marks.undo();
    this.choose(-1);
  }

  delete() {
    if (this.chosen < 0) return;
    this.marks.remove(this.chosen);
    this.choose(-1);
    this.dispatchEvent(new Event("deleted"));
  }

  /** @param {number} place @param {boolean} [focus] */
  choose(place, focus = false) {
    this.chosen = place < this.marks.all.length ? place : -1;
    this.draw();
    if (focus) this.#handles()[this.chosen]?.focus({ preventScroll: true });
    this.dispatchEvent(new Event("change"));
  }

  #handles() {
    return /** @type {HTMLElement[]} */ ([...this.stage.querySelectorAll(".marker-handle")]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!(event.target instanceof HTMLElement)) return;
    const place = this.#handles().indexOf(event.target);
    if (place < 0) return;
    this.chosen = place;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      return this.delete();
    }
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = stepOf(this.bitmap);
    const change = event.shiftKey ? stretched : shifted;
    const mark = change(this.marks.all[place], way[0] * step, way[1] * step, this.bitmap);
    this.marks.put(place, mark, event.repeat);
    this.draw();
  }

  /** @param {AbortSignal} signal */
  #hearFingers(signal) {
    const { stage, bitmap } = this;
    const at = (/** @type {PointerEvent} */ event) =>
      onPicture(
        { x: event.clientX, y: event.clientY },
        this.canvas.getBoundingClientRect(),
        bitmap,
      );
    /** @type {{from: Point, x: number, y: number, place: number, mark: Mark | null, corner: boolean, moved: boolean} | null} */
    let held = null;
    stage.addEventListener(
      "pointerdown",
      (event) => {
        if (held || event.button) return;
        event.preventDefault();
        stage.setPointerCapture(event.pointerId);
        const from = at(event);
        const corner = this.chosen >= 0 && this.#nearCorner(event);
        const place = corner ? this.chosen : hit(this.marks.all, from, bitmap);
        const mark = this.marks.all[place] ?? null;
        held = { from, x: event.clientX, y: event.clientY, place, mark, corner, moved: false };
      },
      { signal },
    );
    stage.addEventListener(
      "pointermove",
      (event) => {
        if (!held) return;
        const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > TOUCH;
        if (!far && !held.moved) return;
        const to = at(event);
        if (held.mark) {
          const change = held.corner ? stretched : shifted;
          const mark = change(held.mark, to.x - held.from.x, to.y - held.from.y, bitmap);
          this.marks.put(held.place, mark, held.moved);
          this.chosen = held.place;
        } else this.#drawing = this.#between(held.from, to);
        held.moved = true;
        this.draw();
      },
      { signal },
    );
    const end = (/** @type {PointerEvent} */ event) => {
      if (!held) return;
      const { from, moved, place, mark } = held;
      held = null;
      this.#drawing = null;
      if (event.type === "pointercancel") return this.draw();
      if (moved) {
        const made = mark ? null : this.#between(from, at(event));
        if (made) this.keep(made);
        else this.draw();
      } else if (mark && !this.#corner) this.choose(place, true);
      else this.#touched(from);
    };
    stage.addEventListener("pointerup", end, { signal });
    stage.addEventListener("pointercancel", end, { signal });
  }

  /** Two touches draw what one drag draws; one touch puts words. @param {Point} at */
  #touched(at) {
    if (this.tool === "words")
      return this.dispatchEvent(new CustomEvent("words", { detail: at }));
    const made = this.#corner && this.#between(this.#corner, at);
    this.#corner = made ? null : at;
    if (made) this.keep(made);
    else this.choose(-1);
  }

  /** @param {Point} from @param {Point} to @returns {Mark | null} */
  #between(from, to) {
    const { bitmap, tool } = this;
    if (tool === "arrow") return points(from, to, bitmap) ? { kind: "arrow", from, to } : null;
    const box = tool === "mask" ? between(from, to, bitmap) : null;
    return box && { kind: "mask", ...box };
  }

  /** @param {PointerEvent} event */
  #nearCorner(event) {
    const mark = this.marks.all[this.chosen];
    if (!mark || mark.kind === "words") return false;
    const box = boxOf(mark, this.bitmap);
    const corner =
      mark.kind === "arrow" ? mark.to : { x: box.x + box.width, y: box.y + box.height };
    const { x, y } = this.#onScreen(corner);
    const shown = this.canvas.getBoundingClientRect();
    return Math.hypot(event.clientX - shown.x - x, event.clientY - shown.y - y) < NEAR;
  }

  /** @param {Point} point @returns {Point} in the canvas's own box */
  #onScreen(point) {
    const shown = this.canvas.getBoundingClientRect();
    const { scale, left, top } = fitted(shown, this.bitmap);
    return { x: left + point.x * scale, y: top + point.y * scale };
  }

  draw() {
    const { canvas, bitmap, marks } = this;
    const shown = canvas.getBoundingClientRect();
    if (!shown.width || !shown.height) return;
    const dense = Math.min(2, devicePixelRatio || 1);
    canvas.width = Math.round(shown.width * dense);
    canvas.height = Math.round(shown.height * dense);
    const context = canvas.getContext("2d");
    if (!context) return;
    const { scale, left, top } = fitted(shown, bitmap);
    context.setTransform(scale * dense, 0, 0, scale * dense, left * dense, top * dense);
    context.drawImage(bitmap, 0, 0);
    paint(context, this.#drawing ? [...marks.all, this.#drawing] : marks.all, bitmap);
    if (this.#corner) {
      context.fillStyle = LINE;
      context.beginPath();
      context.arc(this.#corner.x, this.#corner.y, leastSide(bitmap) / 2, 0, 7);
      context.fill();
    }
    this.#drawHandles(scale);
  }

  /** A frame over each mark, which keys can reach. @param {number} scale */
  #drawHandles(scale) {
    const handles = this.#handles();
    for (const extra of handles.slice(this.marks.all.length)) extra.remove();
    for (const [i, mark] of this.marks.all.entries()) {
      let handle = handles[i];
      if (!handle) {
        handle = stamp("marker-handle");
        handle.addEventListener("focus", () => {
          if (this.chosen !== i) this.choose(i);
        });
        this.stage.append(handle);
      }
      const box = boxOf(mark, this.bitmap);
      const { x, y } = this.#onScreen(box);
      handle.style.insetInlineStart = `${x}px`;
      handle.style.insetBlockStart = `${y}px`;
      handle.style.inlineSize = `${box.width * scale}px`;
      handle.style.blockSize = `${box.height * scale}px`;
      handle.classList.toggle("is-chosen", i === this.chosen);
      handle.classList.toggle("is-words", mark.kind === "words");
      const what = {
        mask: _("กรอบที่ {n}", { n: i + 1 }),
        arrow: _("ลูกศรที่ {n}", { n: i + 1 }),
        words: _("ข้อความที่ {n}", { n: i + 1 }),
      };
      handle.setAttribute("aria-label", what[mark.kind]);
    }
  }
}
