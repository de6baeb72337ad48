// Why a reviewer sent this criterion back, and what was submitted then.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { beforeLines } from "./before.js";
import { returned, returnsOf } from "./stage.js";
import { inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */

export class SentBackNote extends Live {
  /** @param {Open} open @param {Criterion} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
  }

  connectedCallback() {
    const { audit } = this.open.pack;
    const { code } = this.criterion;
    const now = returned(audit).some((one) => one.criterion === code);
    this.replaceChildren(
      ...returnsOf(audit, code).map((back, i) => {
        const note = stamp("sent-back");
        note.classList.toggle("is-waiting", now && i === 0);
        say(note, {
          title: now && i === 0 ? _("ผู้ทบทวนส่งข้อนี้กลับ") : _("ผู้ทบทวนเคยส่งข้อนี้กลับ"),
          reason: back.reason,
          by: `${inLang(back.by)} · ${dateTime(back.at)}`,
        });
        const fold = /** @type {HTMLDetailsElement} */ (slot(note, "fold"));
        const lines = beforeLines(this.open, this.criterion, back);
        fold.hidden = !lines.length;
        fold.open = now && i === 0;
        slot(note, "before").append(...lines);
        return note;
      }),
    );
  }
}
customElements.define("sent-back-note", SentBackNote);
