// A row or stack of large answers. Arrows move, space or a tap chooses, the chosen one again clears.

import { draw, mood, say, slot, stamp } from "../helpers/dom.js";

/** @typedef {{value: any, words: string, points?: string, mood: string}} Option */

const PICTURES = {
  met: "circle-check",
  unmet: "circle-x",
  partly: "circle-dashed",
  told: "minus",
};

const TWICE = 450;

export class OptionGroup extends HTMLElement {
  /** @param {Option[]} options @param {{row: boolean, label: string, choose: (value: any) => void, locked: boolean}} how */
  constructor(options, how) {
    super();
    this.options = options;
    this.how = how;
    /** The last tap. @type {{option: Option | null, at: number}} */
    this.tapped = { option: null, at: 0 };
    this.setAttribute("role", "radiogroup");
    this.setAttribute("aria-labelledby", how.label);
    this.className = !how.row
      ? "options"
      : `options options-row${options.length > 2 ? " options-many" : ""}`;
    this.append(...options.map((option) => this.#button(option)));
    this.addEventListener("keydown", (event) => this.#move(event));
  }

  /** @param {Option} option */
  #button(option) {
    const button = /** @type {HTMLButtonElement} */ (stamp("option"));
    say(button, { words: option.words, points: option.points });
    button.disabled = this.how.locked;
    button.addEventListener("click", ({ timeStamp }) => {
      const { option: last, at } = this.tapped;
      this.tapped = { option, at: timeStamp };
      // A shaking hand taps twice; a second thought takes longer.
      if (last !== option || timeStamp - at > TWICE) this.how.choose(option.value);
    });
    return button;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...this.querySelectorAll("button")];
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    all[(at + step + all.length) % all.length].focus();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.querySelector('[tabindex="0"]'))?.focus();
  }

  /** Mark what is chosen; undefined marks none. @param {any} value @returns whether one was marked */
  mark(value) {
    const buttons = this.querySelectorAll("button");
    const at = this.options.findIndex((option) => option.value === value);
    for (const [i, button] of buttons.entries()) {
      const chosen = i === at;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen || (at < 0 && i === 0) ? 0 : -1;
      const option = this.options[i];
      mood(button, chosen ? /** @type {any} */ (option.mood) : "");
      draw(button, "picture", chosen ? /** @type {any} */ (PICTURES)[option.mood] : "circle");
    }
    return at >= 0;
  }
}
customElements.define("option-group", OptionGroup);

/** The words above a group, to be named by it. @param {Element} root */
export const labelOf = (root) => slot(root, "label").id;
