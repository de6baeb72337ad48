// Improvement tasks that wait at a criterion: what the office promised, until when, and who.

import { draw, Live, mood, say, stamp } from "../helpers/dom.js";
import { date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { tasksOf } from "../sync/tasks.js";
import { inLang, walk } from "./walk.js";

export class TaskNotes extends Live {
  /** @param {string} audit @param {string} criterion */
  constructor(audit, criterion) {
    super();
    this.audit = audit;
    this.criterion = criterion;
  }

  connectedCallback() {
    this.#draw();
    this.hear(walk.vault, "records", () => this.#draw());
  }

  #draw() {
    const tasks = tasksOf(walk.vault, this.audit, this.criterion);
    const text = JSON.stringify(tasks);
    if (this.dataset.drawn === text) return;
    this.dataset.drawn = text;
    this.replaceChildren(
      ...tasks.map((task) => {
        const note = stamp("task-note");
        const done = task.state === "done";
        mood(note, done ? "told" : "waiting");
        draw(note, "picture", done ? "circle-check" : "hourglass");
        say(note, {
          what: done
            ? _("งานปรับปรุงที่ทำแล้ว รอตรวจรับ: {what}", { what: task.what })
            : _("งานปรับปรุงที่ค้าง: {what}", { what: task.what }),
          by: _("กำหนด {day} ผู้รับผิดชอบ {who}", { day: date(task.due), who: inLang(task.who) }),
        });
        return note;
      }),
    );
  }
}
customElements.define("task-notes", TaskNotes);
