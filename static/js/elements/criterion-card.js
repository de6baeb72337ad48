// One criterion, whole: heading, guidance, answers, photos, figures, note, history; and the page of
// one, where the thumb turns to the one before and the one after.

import { draw, Live, mood, say, slot, stamp } from "../helpers/dom.js";
import { date } from "../helpers/time.js";
import { _, language } from "../helpers/words.js";
import { surveysOf } from "../sync/surveys.js";
import { tasksOf } from "../sync/tasks.js";
import { AnswerGroup } from "./answer-group.js";
import { setFrame, wayBack } from "./frame.js";
import { HistoryList } from "./history-list.js";
import { MeasureField } from "./measure-field.js";
import { NoteField } from "./note-field.js";
import { PhotoStrip } from "./photo-strip.js";
import { othersWords } from "./section-holder.js";
import { answerWords, points } from "./speak.js";
import { returned, returnsOf, whyLocked } from "./stage.js";
import { submitWords } from "./submit-card.js";
import { criteriaOf, inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

/** Kinds of evidence that are kept with a criterion. */
const PIECES = ["photo", "document", "video", "link"];

export class CriterionCard extends Live {
  /** @param {Open} open @param {Criterion} criterion @param {"h1" | "h2" | "h3"} heading */
  constructor(open, criterion, heading) {
    super();
    this.open = open;
    this.criterion = criterion;
    this.heading = heading;
  }

  connectedCallback() {
    const { open, criterion } = this;
    const body = stamp("criterion");
    const section = criteriaOf(open.pack).find((one) => one.criterion === criterion)?.section;
    const official = criterion.provenance.status === "official";
    const name = document.createElement(this.heading);
    name.textContent = inLang(criterion.title);
    name.id = slot(body, "title").id;
    slot(body, "title").replaceWith(name);
    const worth = {
      gate: _("เกณฑ์บังคับ"),
      scored: _("{n} คะแนน", { n: points(criterion.points) }),
      advisory: _("ไม่คิดคะแนน"),
    };
    say(body, {
      code: criterion.code,
      worth: worth[criterion.kind],
      "source-words": official ? officialNo(criterion) : _("ร่าง ยังไม่เทียบฉบับทางการ"),
      guidance: inLang(criterion.guidance) || _("ไม่มีคำแนะนำสำหรับข้อนี้"),
      evidence: criterion.evidence.length
        ? _("หลักฐานที่ควรดู: {list}", { list: criterion.evidence.map(evidenceWords).join(", ") })
        : null,
      before: this.#before(),
      holder: section && othersWords(open, section.code),
      locked: whyLocked(open.pack.audit, criterion.code),
    });
    slot(body, "locked-box").hidden = slot(body, "locked").hidden;
    this.#sentBack(slot(body, "sent-back"));
    this.#tasks(slot(body, "tasks"));
    this.#carried(slot(body, "carried"));
    this.#surveys(slot(body, "surveys"));
    this.#pieces(slot(body, "pieces"), slot(body, "photos"));
    mood(slot(body, "source"), official ? "told" : "waiting");
    draw(body, "source", official ? "shield-check" : "pencil");
    const parts = criterion.parts.length ? criterion.parts : [null];
    slot(body, "answers").append(
      ...parts.map((part) => new AnswerGroup(open, criterion, part)),
    );
    const measures = criterion.measurements.map(
      (one) => new MeasureField(open, criterion, one),
    );
    slot(body, "measures").append(...measures);
    slot(body, "measure-box").hidden = !measures.length;
    slot(body, "photos").append(new PhotoStrip(open, criterion));
    slot(body, "note").append(new NoteField(open, criterion.code));
    slot(body, "history").append(new HistoryList(open, criterion));
    this.replaceChildren(body);
  }

  /** What a reviewer said of it, fetched from the phone's own shelf where there is such a word. @param {HTMLElement} place */
  async #sentBack(place) {
    if (!returnsOf(this.open.pack.audit, this.criterion.code).length) return;
    const { SentBackNote } = await import("./sent-back.js");
    place.replaceChildren(new SentBackNote(this.open, this.criterion));
  }

  /** What the office said in the round before, to be confirmed. @param {HTMLElement} place */
  async #carried(place) {
    if (!this.open.pack.carried) return;
    const { CarriedAnswer } = await import("./carried-answer.js");
    place.replaceChildren(new CarriedAnswer(this.open, this.criterion));
  }

  /** What the office promised to improve here, as far as the server told. @param {HTMLElement} place */
  async #tasks(place) {
    const { id } = this.open.pack.audit;
    const draw = async () => {
      if (place.firstChild || !tasksOf(walk.vault, id, this.criterion.code).length) return;
      const { TaskNotes } = await import("./task-notes.js");
      place.replaceChildren(new TaskNotes(id, this.criterion.code));
    };
    this.hear(walk.vault, "records", draw);
    await draw();
  }

  /** Documents, videos and links: before the photos where they are asked for first. @param {HTMLElement} place @param {HTMLElement} photos */
  async #pieces(place, photos) {
    const asked = this.criterion.evidence.find((kind) => PIECES.includes(kind));
    if (asked && asked !== "photo") photos.before(place);
    const { EvidenceList } = await import("./evidence-list.js");
    place.replaceChildren(new EvidenceList(this.open, this.criterion));
  }

  /** Surveys of the office that can be evidence here, as far as the server told. @param {HTMLElement} place */
  async #surveys(place) {
    const { id } = this.open.pack.audit;
    const draw = async () => {
      if (place.firstChild || !surveysOf(walk.vault, id, this.criterion.code).length) return;
      const { SurveyOffer } = await import("./survey-offer.js");
      place.replaceChildren(new SurveyOffer(this.open, this.criterion));
    };
    this.hear(walk.vault, "records", draw);
    await draw();
  }

  /** What the office said of itself, where it did. */
  #before() {
    const { previous } = this.open.pack;
    const { criterion } = this;
    const value = previous?.answers[criterion.code];
    if (!previous || value === undefined || value === null) return null;
    const told =
      typeof value === "object" && !Array.isArray(value)
        ? Object.entries(value)
            .map(([part, one]) => `${part} ${answerWords(one, criterion, part)}`)
            .join(", ")
        : answerWords(value, criterion);
    const note = previous.notes[criterion.code];
    const made = /** @type {any} */ (previous).made_on;
    const day = made ? ` (${date(made)})` : "";
    return _("{label}: {value}{note}", {
      label: `${inLang(previous.label)}${day}`,
      value: told,
      note: note ? ` — ${note}` : "",
    });
  }
}
customElements.define("criterion-card", CriterionCard);

/** What the official form calls it. @param {Criterion} criterion */
const officialNo = (criterion) =>
  (language() === "en" ? criterion.official_no_en : criterion.official_no) ?? _("ฉบับทางการ");

/** @param {string} kind */
const evidenceWords = (kind) =>
  ({
    photo: _("ภาพถ่าย"),
    document: _("เอกสาร"),
    video: _("วิดีโอ"),
    link: _("ลิงก์เว็บไซต์หรือระบบ"),
    interview: _("สัมภาษณ์"),
    measurement: _("ค่าที่วัดได้"),
    data: _("ข้อมูลสถิติ"),
  })[kind] ?? kind;

export class CriterionPage extends Live {
  /** @param {Open} open @param {string} code */
  constructor(open, code) {
    super();
    this.open = open;
    this.code = code;
    this.className = "page";
  }

  connectedCallback() {
    const { pack } = this.open;
    const all = criteriaOf(pack);
    const at = all.findIndex((one) => one.criterion.code === this.code);
    const { section, criterion } = all[at];
    const home = `#/audit/${pack.audit.id}`;
    const address = (/** @type {(typeof all)[number] | undefined} */ one) =>
      one && `${home}/${one.section.code}/${one.criterion.code}`;
    const before = address(all[at - 1]);
    const after = address(all[at + 1]);
    this.append(new CriterionCard(this.open, criterion, "h1"));
    setFrame({
      title: `${criterion.code} ${inLang(criterion.title)}`,
      bar: inLang(pack.audit.office.name),
      back: wayBack(pack.audit.id) ?? {
        href: `${home}/${section.code}`,
        words: inLang(section.title),
      },
      thumb: {
        before: before ? { href: before, words: _("ก่อนหน้า") } : null,
        middle: wayBack(pack.audit.id) ?? {
          href: home,
          words: _("ดูทุกข้อ {n}/{m}", { n: at + 1, m: all.length }),
        },
        after:
          this.#nextReturned(all, home) ??
          (after
            ? { href: after, words: _("ถัดไป") }
            : { href: `${home}/level`, words: _("สรุปผล") }),
      },
    });
  }

  /** From one that was sent back to the next, and from the last to handing in. @param {ReturnType<typeof criteriaOf>} all @param {string} home */
  #nextReturned(all, home) {
    const codes = returned(this.open.pack.audit).map(({ criterion }) => criterion);
    const at = codes.indexOf(this.code);
    if (at < 0) return null;
    const next = all.find(({ criterion }) => criterion.code === codes[at + 1]);
    return next
      ? { href: `${home}/${next.section.code}/${next.criterion.code}`, words: _("ถัดไป") }
      : { href: `${home}/submit`, words: submitWords(this.open) };
  }
}
customElements.define("criterion-page", CriterionPage);
