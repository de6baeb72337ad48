// A signature as it looks, drawn or typed; and the sheet a finger draws it on.

import { HIGH, isTyped, onSheet, pathOf, TYPED, thinned, WIDE } from "../domain/strokes.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";

/** @typedef {import("../domain/strokes.js").Stroke} Stroke */

/** @param {string} name @param {Record<string, string | number>} attributes */
const svg = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
};

/** @param {Stroke[]} strokes @param {string} typed the name, where it was typed @param {boolean} onLine whether it stands on a line already */
const lines = (strokes, typed, onLine) => {
  if (!isTyped(strokes))
    return strokes.map((stroke) => svg("path", { d: pathOf(stroke), class: "ink-line" }));
  // A long name is drawn smaller, never cut.
  const size = Math.min(110, 1500 / Math.max(typed.length, 1));
  const y = onLine ? 360 : 290;
  const text = svg("text", { x: 500, y, class: "ink-typed", "font-size": size });
  text.textContent = typed;
  return onLine ? [text] : [svg("path", { d: pathOf(TYPED[0]), class: "ink-rule" }), text];
};

/** A picture of a signature, to stand on a line. @param {{name: string, strokes: Stroke[]}} signature */
export const inkOf = ({ name, strokes }) => {
  const picture = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "ink", role: "img" });
  picture.setAttribute(
    "aria-label",
    isTyped(strokes)
      ? _("ชื่อที่พิมพ์แทนลายมือชื่อ: {name}", { name })
      : _("ลายมือชื่อของ {name}", { name }),
  );
  picture.append(...lines(strokes, name, true));
  return picture;
};

/** The sheet. Tells "ink" when what stands on it changed. */
export class SignaturePad extends Live {
  /** @type {Stroke[]} */
  strokes = [];
  typed = false;
  name = "";

  connectedCallback() {
    const body = stamp("pad");
    this.replaceChildren(body);
    onTap(body, "clear", () => this.clear());
    onTap(body, "typed", () => this.#type(!this.typed));
    const sheet = slot(body, "sheet");
    sheet.addEventListener("pointerdown", (event) => this.#down(event));
    sheet.addEventListener("pointermove", (event) => this.#move(event));
    this.#draw();
  }

  /** What is signed with; empty where nothing is. @returns {Stroke[]} */
  get value() {
    return this.typed ? TYPED : thinned(this.strokes);
  }

  /** The name as it is typed beside the sheet. @param {string} name */
  set written(name) {
    this.name = name;
    if (this.typed) this.#draw();
  }

  clear() {
    this.strokes = [];
    this.#draw();
  }

  /** @param {boolean} typed */
  #type(typed) {
    this.typed = typed;
    this.#draw();
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #point(event) {
    const box = slot(this, "ink").getBoundingClientRect();
    return onSheet(
      (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height,
    );
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.typed || !event.isPrimary || event.button) return;
    event.preventDefault();
    slot(this, "sheet").setPointerCapture(event.pointerId);
    this.strokes.push(this.#point(event));
    this.#draw();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const stroke = this.strokes.at(-1);
    if (this.typed || !stroke || !slot(this, "sheet").hasPointerCapture(event.pointerId))
      return;
    // Between two frames a quick hand goes far: every point of it is asked for.
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) stroke.push(...this.#point(one));
    this.#draw();
  }

  #draw() {
    const strokes = this.typed ? TYPED : this.strokes;
    slot(this, "ink").replaceChildren(...lines(strokes, this.name, false));
    const empty = !this.typed && !this.strokes.length;
    say(this, {
      hint: empty ? _("ใช้นิ้วเขียนลายมือชื่อในกรอบนี้") : null,
      told: this.typed ? _("ชื่อที่พิมพ์จะอยู่บนเส้นแทนลายมือ และบอกไว้ว่าเป็นการพิมพ์") : null,
    });
    slot(this, "typed").setAttribute("aria-pressed", String(this.typed));
    slot(this, "clear").hidden = empty || this.typed;
    this.dispatchEvent(new Event("ink"));
  }
}
customElements.define("signature-pad", SignaturePad);
