// The way to the submission, on the page of the visit and where everything was looked over.

import { draw, Live, mood, say, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { personName } from "./speak.js";
import { leadOf, returned, stageWords, standing } from "./stage.js";
import { walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

const WALKING = ["open", "returned"];

/** An office that assesses itself. @param {Open} open */
export const isSelf = ({ pack }) => pack.audit.kind === "self";

/** What handing in is called now. @param {Open} open */
export const submitWords = ({ pack }) =>
  pack.audit.kind === "self"
    ? _("ส่งผลการประเมินตนเอง")
    : returned(pack.audit).length
      ? _("ส่งผลที่แก้แล้ว")
      : _("ส่งผลการตรวจ");

/** What the page is called: handing in, or what came of it. @param {Open} open */
export const pageWords = (open) =>
  WALKING.includes(standing(open.pack.audit))
    ? submitWords(open)
    : isSelf(open)
      ? _("ผลการประเมินตนเอง")
      : _("ผลการตรวจ");

/** Colours and pictures of where it stands. @param {string} stage @returns {["" | "met" | "waiting" | "told", string]} */
export const stageLook = (stage) =>
  /** @type {Record<string, any>} */ ({
    open: ["", "send"],
    returned: ["waiting", "undo-2"],
    waiting: ["waiting", "cloud-upload"],
    recalling: ["waiting", "cloud-upload"],
    submitted: ["met", "circle-check"],
    in_review: ["told", "hourglass"],
    proposed: ["told", "hourglass"],
    decided: ["met", "shield-check"],
    appealed: ["told", "hourglass"],
  })[stage] ?? ["told", "lock"];

/** Who hands in, where it is somebody else. @param {Open} open @param {string} lead */
const leadWords = (open, lead) => {
  const name = personName(lead, open.pack);
  return isSelf(open)
    ? _("{name} เป็นหัวหน้าหน่วยงานและเป็นผู้ส่ง", { name })
    : _("{name} เป็นหัวหน้าคณะและเป็นผู้ส่ง", { name });
};

export class SubmitCard extends Live {
  /** @param {Open} open */
  constructor(open) {
    super();
    this.open = open;
  }

  connectedCallback() {
    const card = stamp("submit-card");
    card.setAttribute("href", `#/audit/${this.open.pack.audit.id}/submit`);
    this.replaceChildren(card);
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.hear(walk.vault, "records", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { audit } = this.open.pack;
    const { counts } = this.open.ledger.scorecard;
    const stage = standing(audit);
    const walking = WALKING.includes(stage);
    const lead = leadOf(audit);
    const blank = counts.criteria - counts.answered;
    const card = /** @type {HTMLElement} */ (this.firstElementChild);
    say(card, {
      title: pageWords(this.open),
      count:
        stage === "open"
          ? blank
            ? _("ยังไม่ตอบ {n} ข้อ", { n: blank })
            : _("ตอบครบแล้ว ลงชื่อแล้วส่ง")
          : stageWords(audit),
      more: walking && lead && lead !== walk.person.id ? leadWords(this.open, lead) : null,
    });
    const [colour, picture] = stageLook(stage);
    draw(card, "picture", picture);
    mood(card, colour === "met" ? "met" : "");
  }
}
customElements.define("submit-card", SubmitCard);
