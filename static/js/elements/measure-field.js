// One measured figure: its unit and limit beside it, the verdict in words, Thai digits welcome.

import { bounds, checkMeasurement, parseMeasurement, verdict } from "../domain/measure.js";
import { Live, mood, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { ConflictPanel } from "./conflict-panel.js";
import { labelOf, OptionGroup } from "./option-group.js";
import { keep } from "./snack.js";
import { unitWords, who } from "./speak.js";
import { mayWrite } from "./stage.js";
import { inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("./walk.js").Measurement} Measurement */

export class MeasureField extends Live {
  /** @param {Open} open @param {Criterion} criterion @param {Measurement} measurement */
  constructor(open, criterion, measurement) {
    super();
    this.open = open;
    this.criterion = criterion;
    this.measurement = measurement;
    this.target = `${criterion.code}:${measurement.key}`;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
  }

  connectedCallback() {
    const yesNo = this.measurement.op === "=";
    const body = stamp(yesNo ? "measure-yes-no" : "measure");
    this.replaceChildren(body);
    say(body, { label: inLang(this.measurement.label) });
    const locked = !mayWrite(this.open.pack, this.criterion.code);
    if (yesNo) {
      this.group = new OptionGroup(
        [true, false].map((value) => ({
          value,
          words: value ? _("ใช่") : _("ไม่ใช่"),
          mood: value === this.measurement.value ? "met" : "unmet",
        })),
        { row: true, label: labelOf(body), choose: (value) => this.#choose(value), locked },
      );
      slot(body, "options").append(this.group);
    } else {
      say(body, { unit: unitWords(this.measurement) });
      this.input.disabled = locked;
      this.hear(this.input, "input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#save(), 400);
      });
      this.hear(this.input, "blur", () => this.#save());
      this.hear(window, "pagehide", () => this.#save());
    }
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  disconnectedCallback() {
    if (this.timer) this.#save();
    super.disconnectedCallback();
  }

  get input() {
    return /** @type {HTMLInputElement} */ (slot(this, "input"));
  }

  /** @param {string} key */
  #valueOf(key) {
    const register = `measurement ${this.criterion.code}:${key}`;
    return this.open.ledger.state.registers[register] ?? [];
  }

  /** The limit in words. @param {Record<string, any>} others the same criterion's values by key */
  #limit(others) {
    const { op, value, table } = this.measurement;
    const unit = unitWords(this.measurement);
    if (table) return this.#limitOfTable(others);
    if (op === ">=") return _("ไม่น้อยกว่า {n} {unit}", { n: value, unit });
    if (op === "<=") return _("ไม่เกิน {n} {unit}", { n: value, unit });
    if (op === "between") return _("{a} ถึง {b} {unit}", { a: value[0], b: value[1], unit });
    return null;
  }

  /** "จำนวนที่จอดรถทั้งหมด 60 ช่อง ต้องมีอย่างน้อย 3 ช่อง". @param {Record<string, any>} others */
  #limitOfTable(others) {
    const whole = this.criterion.measurements.find((one) => one.key === this.measurement.per);
    if (!whole) return _("ตามตารางของมาตรฐาน");
    const label = inLang(whole.label);
    const [least] = bounds(/** @type {any} */ (this.measurement), others);
    const known = others[whole.key];
    if (typeof known !== "number" || known <= 0)
      return _("ตามตารางของมาตรฐาน ขึ้นกับ{label}", { label });
    const given = `${label} ${known} ${unitWords(whole)}`;
    if (least === null) return _("{given} มากกว่าที่ตารางของมาตรฐานบอกไว้", { given });
    const unit = unitWords(this.measurement);
    return _("{given} ต้องมีอย่างน้อย {n} {unit}", { given, n: least, unit });
  }

  #draw() {
    const standing = this.#valueOf(this.measurement.key);
    const value = standing[0]?.value ?? null;
    const torn = standing.length > 1;
    const place = slot(this, "conflict");
    if (torn && !place.firstChild)
      place.append(new ConflictPanel(this.open, `measurement ${this.target}`, this.criterion));
    if (!torn) place.replaceChildren();
    if (this.group) this.group.mark(value ?? undefined);
    else if (document.activeElement !== this.input && !this.timer)
      this.input.value = value === null ? "" : String(value);
    /** @type {Record<string, any>} */
    const others = {};
    for (const { key } of this.criterion.measurements)
      others[key] = this.#valueOf(key)[0]?.value;
    const side = torn
      ? "unknown"
      : verdict(/** @type {any} */ (this.measurement), value, others);
    const words = { within: _("อยู่ในเกณฑ์"), outside: _("ไม่อยู่ในเกณฑ์"), unknown: null };
    say(this, {
      limit: this.#limit(others),
      verdict: words[/** @type {"within" | "outside" | "unknown"} */ (side)],
      who: value === null || torn ? null : who(standing[0].changes, this.open.pack),
    });
    mood(slot(this, "verdict"), side === "within" ? "met" : side === "outside" ? "unmet" : "");
  }

  #save() {
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      const number = parseMeasurement(this.input.value);
      // What the server would only hold, such as a bay and a half, is said here at once.
      if (number !== null) checkMeasurement(/** @type {any} */ (this.measurement), number);
      say(this, { problem: null });
      this.input.removeAttribute("aria-invalid");
      const before = this.#valueOf(this.measurement.key)[0]?.value ?? null;
      if (number !== before) keep(() => this.open.ledger.measure(this.target, number));
    } catch (error) {
      const why = inLang(/** @type {any} */ (error).why) || _("อ่านเป็นตัวเลขไม่ได้");
      say(this, { problem: _("ยังไม่เก็บค่านี้: {why}", { why }) });
      this.input.setAttribute("aria-invalid", "true");
    }
  }

  /** @param {boolean} value */
  #choose(value) {
    const before = this.#valueOf(this.measurement.key)[0]?.value ?? null;
    keep(() => this.open.ledger.measure(this.target, before === value ? null : value));
  }
}
customElements.define("measure-field", MeasureField);
