// A person's own note on a criterion, kept while it is typed; colleagues' notes below it.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { keep } from "./snack.js";
import { personName } from "./speak.js";
import { mayWrite } from "./stage.js";
import { walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

export class NoteField extends Live {
  /** @param {Open} open @param {string} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    /** Typed and not yet kept: nothing may write over it. */
    this.owed = false;
  }

  connectedCallback() {
    const body = stamp("note");
    this.replaceChildren(body);
    this.box.disabled = !mayWrite(this.open.pack, this.criterion);
    this.hear(this.box, "input", () => {
      this.#grow();
      this.owed = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#save(), 350);
    });
    this.hear(this.box, "blur", () => this.#save());
    this.hear(window, "pagehide", () => this.#save());
    this.hear(document, "visibilitychange", () => document.hidden && this.#save());
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
    requestAnimationFrame(() => this.isConnected && this.#grow());
  }

  disconnectedCallback() {
    if (this.owed) this.#save();
    super.disconnectedCallback();
  }

  get box() {
    return /** @type {HTMLTextAreaElement} */ (slot(this, "box"));
  }

  get mine() {
    const register = `note ${this.criterion} ${walk.person.id}`;
    return this.open.ledger.state.registers[register]?.at(-1)?.value ?? "";
  }

  #draw() {
    if (document.activeElement !== this.box && !this.owed) this.box.value = this.mine;
    const { registers } = this.open.ledger.state;
    const prefix = `note ${this.criterion} `;
    const others = Object.entries(registers)
      .filter(([key]) => key.startsWith(prefix) && !key.endsWith(walk.person.id))
      .flatMap(([key, standing]) =>
        standing.map((one) => ({ by: key.slice(prefix.length), ...one })),
      )
      .filter((one) => one.value);
    slot(this, "others").replaceChildren(
      ...others.map((one) => {
        const line = stamp("other-note");
        say(line, {
          by: _("บันทึกของ{name}", { name: personName(one.by, this.open.pack) }),
          text: one.value,
        });
        return line;
      }),
    );
  }

  /** As tall as its text, by rows: no inline style, and nothing below jumps while nothing is typed. */
  #grow() {
    const line = 29;
    const rows = Math.max(2, Math.floor((this.box.scrollHeight - 16) / line));
    if (rows > this.box.rows) this.box.rows = Math.min(rows, 12);
  }

  async #save() {
    clearTimeout(this.timer);
    if (!this.owed) return;
    const text = this.box.value.slice(0, 4000);
    const kept = await keep(() => this.open.ledger.note(this.criterion, text));
    if (kept && this.box.value.slice(0, 4000) === text) this.owed = false;
  }
}
customElements.define("note-field", NoteField);
