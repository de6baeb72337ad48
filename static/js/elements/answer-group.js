// The answer to one criterion or to one part of it, and whoever gave it.

import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { ConflictPanel } from "./conflict-panel.js";
import { labelOf, OptionGroup } from "./option-group.js";
import { keep, snack } from "./snack.js";
import { answerWords, points, stepWords, who } from "./speak.js";
import { mayWrite } from "./stage.js";
import { inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("./walk.js").Part} Part */

export class AnswerGroup extends Live {
  /** @param {Open} open @param {Criterion} criterion @param {Part | null} part */
  constructor(open, criterion, part) {
    super();
    this.open = open;
    this.criterion = criterion;
    this.scale = part;
    this.target = part?.code ? `${criterion.code}/${part.code}` : criterion.code;
    this.register = `answer ${this.target}`;
    this.dataset.target = this.target;
    /** @type {any} */ this.meant = undefined;
  }

  connectedCallback() {
    const body = stamp("answer");
    this.replaceChildren(body);
    const { scale: part } = this;
    const locked = !mayWrite(this.open.pack, this.criterion.code);
    say(body, {
      label: part?.code ? `${part.code} ${inLang(part.title)}` : _("ผลการตรวจ"),
      worth: part?.code ? _("เต็ม {n} คะแนน", { n: points(part.points) }) : null,
    });
    const bare = part?.steps.every((step) => !inLang(step.title)) ?? false;
    this.group = new OptionGroup(this.#options(), {
      row: part ? bare && part.steps.length > 2 : true,
      label: labelOf(body),
      choose: (value) => this.#choose(value),
      locked,
    });
    slot(body, "options").append(this.group);
    slot(body, "na").hidden = !this.criterion.not_applicable || locked;
    onTap(body, "na-open", () => this.#askWhy());
    onTap(body, "na-keep", () => this.#notApplicable());
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  #options() {
    const { scale: part } = this;
    if (!part)
      return [
        { value: "met", words: _("เป็นไปตามเกณฑ์"), mood: "met" },
        { value: "not_met", words: _("ไม่เป็นไปตามเกณฑ์"), mood: "unmet" },
      ];
    // A yes or no stands as it does for the gates, yes first; a ladder climbs from nothing.
    const steps = part.steps.length > 2 ? part.steps : [...part.steps].reverse();
    return steps.map((step) => {
      const named = Boolean(inLang(step.title)) || part.steps.length <= 2;
      return {
        value: step.points / 100,
        words: named ? stepWords(step, part) : points(step.points),
        points: named ? _("{n} คะแนน", { n: points(step.points) }) : undefined,
        mood: step.points === 0 ? "unmet" : step.points < part.points ? "partly" : "met",
      };
    });
  }

  get standing() {
    return this.open.ledger.state.registers[this.register] ?? [];
  }

  #draw() {
    const { standing } = this;
    const torn = standing.length > 1;
    const value = standing[0]?.value ?? null;
    slot(this, "options").hidden = torn;
    const place = slot(this, "conflict");
    const settled = !torn && place.contains(document.activeElement);
    if (torn && !place.firstChild)
      place.append(new ConflictPanel(this.open, this.register, this.criterion));
    if (!torn) place.replaceChildren();
    const marked = this.group?.mark(value === null ? undefined : value);
    if (settled) this.group?.focus();
    // Not applicable, or a step that this pack does not have: said in words.
    const away = value !== null && !marked;
    say(this, {
      who: torn || value === null ? null : who(standing[0].changes, this.open.pack),
      away: away && !torn ? answerWords(value, this.criterion) : null,
    });
  }

  /** @param {any} value */
  async #choose(value) {
    const say = (/** @type {any} */ said) =>
      keep(() => this.open.ledger.answer(this.target, said));
    // What was tapped last counts, though it may still be on its way into the store.
    const before = this.meant === undefined ? (this.standing[0]?.value ?? null) : this.meant;
    const clears = before === value;
    this.meant = clears ? null : value;
    const kept = await say(this.meant);
    this.meant = undefined;
    if (kept && clears)
      snack(_("ล้างคำตอบข้อ {code} แล้ว", { code: this.target }), () => say(before));
  }

  #askWhy() {
    slot(this, "na-form").hidden = false;
    slot(this, "na-reason").focus();
  }

  #notApplicable() {
    const box = /** @type {HTMLInputElement} */ (slot(this, "na-reason"));
    const reason = box.value.trim();
    box.setAttribute("aria-invalid", String(!reason));
    slot(this, "na-problem").hidden = Boolean(reason);
    if (!reason) return box.focus();
    slot(this, "na-form").hidden = true;
    slot(this, "na-open").focus();
    return keep(() => this.open.ledger.answer(this.target, { na: reason }));
  }
}
customElements.define("answer-group", AnswerGroup);
