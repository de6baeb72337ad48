// My visits, each with its state in words and the way to take it along.

import { Live, say, slot, stamp } from "../helpers/dom.js";
import { ago } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { setFrame } from "./frame.js";
import { HealthNotice } from "./saved-state.js";
import { VisitCard } from "./visit-card.js";
import { audits, walk } from "./walk.js";

export class VisitList extends Live {
  key = "";

  connectedCallback() {
    this.className = "page";
    this.replaceChildren(stamp("home"));
    slot(this, "health-lines").append(new HealthNotice());
    setFrame({ title: _("งานตรวจของฉัน"), back: null });
    this.hear(walk.courier, "state", () => this.#draw());
    this.hear(walk.vault, "records", () => this.#draw());
    this.#draw();
    walk.courier.now();
  }

  #draw() {
    const all = audits();
    const list = slot(this, "list");
    const key = JSON.stringify(all);
    say(this, {
      told: walk.courier.state.lastContact
        ? _("รายการล่าสุดจากเซิร์ฟเวอร์: {ago}", { ago: ago(walk.courier.state.lastContact) })
        : null,
    });
    slot(this, "empty").hidden = all.length > 0;
    // Cards draw themselves; the list is made anew only when its members changed, and not while
    // one of them is being prepared.
    const cards = /** @type {VisitCard[]} */ ([...list.children]);
    if (this.key === key || cards.some((card) => card.working)) return;
    this.key = key;
    list.replaceChildren(...all.map((audit) => new VisitCard(audit)));
  }
}
customElements.define("visit-list", VisitList);
