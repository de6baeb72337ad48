// Handing in: every reason why not yet, the signatures, and the word of the lead; offline too.

import { digestOf } from "../domain/content.js";
import { refusals } from "../domain/submitting.js";
import { draw, Live, mood, onTap, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { held, unsentPhotos } from "../sync/outbox.js";
import { lastWord, pending } from "../sync/told.js";
import { differenceCard } from "./before.js";
import { criterionRow } from "./criterion-row.js";
import { comeFrom, setFrame } from "./frame.js";
import { LevelMeter } from "./level-page.js";
import { signatureCards } from "./signature-cards.js";
import { keep, snack } from "./snack.js";
import { personName } from "./speak.js";
import { leadOf, returned, stageOf, stageWords, standing, told, whyLocked } from "./stage.js";
import { isSelf, pageWords, stageLook, submitWords } from "./submit-card.js";
import { whyTitle, whyWords } from "./submit-words.js";
import { criteriaOf, inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("../domain/submitting.js").SubmitRefusal} SubmitRefusal */

const SHOWN = 5;

/** @type {WeakMap<object, string>} the digest of each state, once */
const digests = new WeakMap();

/** @param {Open} open */
const digestNow = async ({ ledger }) => {
  const { state } = ledger;
  const digest = digests.get(state) ?? (await digestOf(state));
  digests.set(state, digest);
  return digest;
};

export class SubmitPage extends Live {
  key = "";
  digest = "";

  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
    this.className = "page";
    this.where = new Map(criteriaOf(open.pack).map((one) => [one.criterion.code, one]));
  }

  get audit() {
    return this.open.pack.audit;
  }

  connectedCallback() {
    const { audit } = this;
    comeFrom(audit.id, { href: `#/audit/${audit.id}/submit`, words: pageWords(this.open) });
    this.replaceChildren(stamp("submit"));
    slot(this, "level").append(new LevelMeter(this.open, true));
    slot(this, "receipt").setAttribute("href", `#/audit/${audit.id}/receipt`);
    slot(this, "receipt-box").hidden = isSelf(this.open);
    onTap(this, "send", () => this.#send());
    onTap(this, "recall", () => this.#recall());
    this.#frame();
    const draw = () => this.#draw();
    this.hear(this.open.ledger, "change", draw);
    this.hear(walk.vault, "records", draw);
    this.hear(walk.courier, "state", draw);
    draw();
  }

  #frame() {
    const { audit } = this;
    const home = `#/audit/${audit.id}`;
    setFrame({
      title: pageWords(this.open),
      bar: inLang(audit.office.name),
      back: { href: home, words: inLang(audit.office.name) },
      thumb: {
        middle: { href: home, words: _("ทุกหมวด") },
        after: isSelf(this.open)
          ? { href: `${home}/level`, words: _("สรุปผล") }
          : { href: `${home}/receipt`, words: _("ใบรับการตรวจ") },
      },
    });
  }

  /** Why not yet, over what stands now. @returns {SubmitRefusal[]} */
  get #refusals() {
    const { pack, ledger } = this.open;
    return refusals({
      edition: /** @type {any} */ (pack.edition),
      state: ledger.state,
      digest: this.digest,
      lead: leadOf(this.audit),
      again: stageOf(this.audit) === "returned",
      kind: this.audit.kind,
    });
  }

  async #draw() {
    const digest = await digestNow(this.open);
    if (!this.isConnected || digest !== (await digestNow(this.open))) return;
    this.digest = digest;
    const { audit } = this;
    const stage = standing(audit);
    const photos = unsentPhotos(walk.vault, [audit.id]).size;
    const why = this.#refusals;
    const lead = leadOf(audit);
    const last = lastWord(walk.vault, audit.id);
    const aside = this.#aside(last);
    const key = JSON.stringify([
      [digest, stage, photos, why, lead, whyLocked(audit), stageWords(audit)],
      [told(audit.id), aside?.reason, last?.verdict, this.open.ledger.state.lam],
    ]);
    if (key === this.key) return;
    this.key = key;
    const walking = stage === "open" || stage === "returned";
    say(this, {
      title: pageWords(this.open),
      lead:
        walking && lead && lead !== walk.person.id
          ? this.#leadWords(personName(lead, this.open.pack))
          : null,
    });
    this.#drawStage(stage, photos, aside);
    this.#drawDifferences();
    this.#drawWhy(walking ? why : []);
    slot(this, "signatures").replaceChildren(
      ...signatureCards(this.open, {
        digest,
        again: stageOf(audit) === "returned",
        writable: walking && whyLocked(audit) === null,
        next: why.every(({ criterion }) => criterion === null),
      }),
    );
    this.#drawSend(walking, why);
  }

  /** Who hands in, where it is somebody else. @param {string} name */
  #leadWords(name) {
    return isSelf(this.open)
      ? _("{name} หัวหน้าหน่วยงานเป็นผู้ลงชื่อและส่ง คุณยังตอบและแก้ได้", { name })
      : _("หัวหน้าคณะ {name} เป็นผู้ส่ง คุณลงชื่อของคุณได้", { name });
  }

  /** A submission of this phone that the server would not have, and nothing was said since. @param {ReturnType<typeof lastWord>} last */
  #aside(last) {
    const all = held(walk.vault, [this.audit.id]);
    const mine = all.filter(({ change }) => change.kind === "submission").at(-1);
    return mine && mine.change.lam > (last?.change.lam ?? 0) ? mine : null;
  }

  /** @param {string} stage @param {number} photos @param {import("../sync/told.js").Entry | null | undefined} aside */
  #drawStage(stage, photos, aside) {
    const { audit } = this;
    const box = slot(this, "stage");
    const refused = aside ? inLang(aside.reason) || aside.reason?.code : null;
    box.hidden = stage === "open" && !refused;
    if (box.hidden) return;
    const waits = pending(walk.vault, audit.id);
    const [colour, picture] = stageLook(stage);
    mood(box, refused && !waits ? "held" : colour);
    draw(box, "stage-picture", picture);
    const step = told(audit.id)?.steps.at(-1);
    /** @type {Record<string, string>} */
    const words = {
      waiting: waits?.verdict
        ? _("ถึงเซิร์ฟเวอร์แล้ว จะมีผลเองเมื่อครบตามนี้")
        : _("เก็บในเครื่องแล้ว เครื่องจะส่งเองเมื่อมีสัญญาณ ปิดแอปได้ งานไม่หาย"),
      recalling: _("คำตอบจะแก้ได้เมื่อเซิร์ฟเวอร์ยืนยัน"),
      submitted: isSelf(this.open)
        ? _("เซิร์ฟเวอร์ได้รับครบแล้ว คำตอบปิดไม่ให้แก้ หัวหน้าหน่วยงานเรียกคืนได้จนกว่ารอบจะปิด")
        : _("เซิร์ฟเวอร์ได้รับครบแล้ว คำตอบปิดไม่ให้แก้จนกว่าจะเรียกคืนหรือผู้ทบทวนส่งกลับ"),
      returned: _("แก้เฉพาะข้อที่ส่งกลับ หัวหน้าคณะลงชื่อใหม่ แล้วส่งอีกครั้ง"),
    };
    const when = step ? `${inLang(step.by)} · ${dateTime(step.at)}` : null;
    say(box, {
      "stage-title":
        refused && !waits
          ? _("เซิร์ฟเวอร์ไม่รับการส่งครั้งล่าสุด")
          : (stageWords(audit) ?? submitWords(this.open)),
      "stage-words": refused && !waits ? refused : (words[stage] ?? null),
      "stage-when": stage === "waiting" || stage === "recalling" ? null : when,
    });
    const lines = stage === "waiting" ? this.#waitingLines(waits?.verdict ?? null, photos) : [];
    slot(box, "stage-lines").replaceChildren(...lines);
    slot(box, "stage-lines").hidden = !lines.length;
    slot(box, "recall").hidden =
      leadOf(audit) !== walk.person.id || (stage !== "waiting" && stage !== "submitted");
  }

  /** What the server still misses, each with the way there. @param {string | null} verdict @param {number} photos */
  #waitingLines(verdict, photos) {
    const reasons = verdict ? (told(this.audit.id)?.submission.refusals ?? []) : [];
    const lines = reasons.map((one) => {
      const line = document.createElement("li");
      const place =
        one.criterion && this.where.has(one.criterion) ? this.#address(one.criterion) : null;
      const words = document.createElement(place ? "a" : "span");
      if (place) words.setAttribute("href", place);
      words.textContent = inLang(one);
      line.append(words);
      return line;
    });
    if (lines.length > SHOWN) {
      const rest = document.createElement("li");
      rest.textContent = _("และอีก {n} เรื่อง", { n: lines.length - SHOWN });
      lines.splice(SHOWN, lines.length, rest);
    }
    if (photos) {
      const line = document.createElement("li");
      line.textContent = _("ภาพในเครื่องนี้ยังส่งไม่ครบ {n} ภาพ เครื่องส่งเองเมื่อมีสัญญาณ", { n: photos });
      lines.push(line);
    }
    return lines;
  }

  /** @param {string} code */
  #address(code) {
    return `#/audit/${this.audit.id}/${this.where.get(code)?.section.code}/${code}`;
  }

  #drawDifferences() {
    const back = returned(this.audit);
    slot(this, "differences").hidden = !back.length;
    slot(this, "difference-rows").replaceChildren(
      ...back.flatMap((one) => {
        const found = this.where.get(one.criterion);
        if (!found) return [];
        return [differenceCard(this.open, found.criterion, one, this.#address(one.criterion))];
      }),
    );
  }

  /** @param {SubmitRefusal[]} why */
  #drawWhy(why) {
    slot(this, "why").hidden = !why.length;
    const codes = [...new Set(why.map(({ code }) => code))];
    let count = 0;
    const groups = codes.map((code) => {
      const box = stamp("why");
      const same = why.filter((one) => one.code === code);
      const rows = this.#whyRows(same);
      count += Math.max(rows.length, 1);
      say(box, {
        title: whyTitle(code),
        count: rows.length > 1 ? _("{n} ข้อ", { n: rows.length }) : null,
      });
      slot(box, "rows").append(...rows.slice(0, SHOWN));
      slot(box, "rest").append(...rows.slice(SHOWN));
      const more = slot(box, "more");
      more.hidden = rows.length <= SHOWN;
      say(more, { words: _("ดูอีก {n} ข้อ", { n: rows.length - SHOWN }) });
      return box;
    });
    say(this, { "why-count": _("{n} เรื่อง", { n: count }) });
    slot(this, "why-groups").replaceChildren(...groups);
  }

  /** A row for each criterion; a signature leads to where it is given. @param {SubmitRefusal[]} same */
  #whyRows(same) {
    const me = walk.person.id;
    const own = `signature assessor ${me}`;
    const [{ register }] = same;
    if (register === "signature office" && isSelf(this.open) && leadOf(this.audit) !== me)
      return [];
    if (register === "signature office" || register === own) return [this.#toSign(register)];
    const codes = [...new Set(same.map(({ criterion }) => criterion))];
    return codes.flatMap((code) => {
      const found = code === null ? undefined : this.where.get(code);
      if (!found) return [];
      const { criterion } = found;
      const all = this.open.ledger.state.photos[criterion.code] ?? [];
      const photos = all.filter(({ removed }) => !removed).length;
      const mine = same.filter((one) => one.criterion === code);
      const words = whyWords(mine, criterion, photos);
      return [criterionRow(this.open, criterion, this.#address(criterion.code), words)];
    });
  }

  /** @param {string} register */
  #toSign(register) {
    const row = stamp("why-sign");
    row.addEventListener("click", () => {
      const button = this.querySelector(`[data-register="${register}"] button`);
      if (button instanceof HTMLElement) button.click();
    });
    return row;
  }

  /** @param {boolean} walking @param {SubmitRefusal[]} why */
  #drawSend(walking, why) {
    const { audit } = this;
    const locked = whyLocked(audit);
    const mine = leadOf(audit) === walk.person.id;
    slot(this, "send-box").hidden = !walking || !mine;
    say(this, {
      "send-words": submitWords(this.open),
      "send-why": locked ?? (why.length ? _("ส่งได้เมื่อไม่มีรายการใน “ยังส่งไม่ได้”") : null),
      "send-hint": why.length
        ? null
        : isSelf(this.open)
          ? _("ส่งได้แม้ไม่มีสัญญาณ และเรียกคืนได้จนกว่ารอบจะปิด")
          : _("ส่งได้แม้ไม่มีสัญญาณ และเรียกคืนได้จนกว่าผู้ทบทวนรับงาน"),
    });
    slot(this, "send").setAttribute("aria-disabled", String(Boolean(locked ?? why.length)));
  }

  async #send() {
    const { audit } = this;
    this.digest = await digestNow(this.open);
    if (slot(this, "send").getAttribute("aria-disabled") === "true" || this.#refusals.length)
      return slot(this, "why").scrollIntoView({ block: "start" });
    const { ledger } = this.open;
    const { level, percent, rules_version } = ledger.scorecard;
    const hundredths = Number(percent.replace(".", ""));
    const kept = await keep(() =>
      ledger.submit({ over: this.digest, level, percent: hundredths, rules_version }),
    );
    if (!kept) return undefined;
    snack(stageWords(audit) ?? _("ส่งผลแล้ว"), () => this.#recall());
    return slot(this, "stage").scrollIntoView({ block: "center" });
  }

  async #recall() {
    const { ledger } = this.open;
    const before = lastWord(walk.vault, this.audit.id)?.change.value;
    if (!(await keep(() => ledger.submit(null)))) return;
    const again = () => keep(() => ledger.submit(before));
    snack(_("เรียกคืนแล้ว"), before ? again : null, _("ส่งตามเดิม"));
  }
}
customElements.define("submit-page", SubmitPage);
