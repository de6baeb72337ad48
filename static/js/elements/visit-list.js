// My visits: what state each is in on this phone, in words, and the way to take it along.

import { draw, Live, mood, onTap, say, slot, stamp } from "../helpers/dom.js";
import { ago, date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { held, spoilt, unsent } from "../sync/outbox.js";
import { prepare } from "../sync/prepare.js";
import { setFrame } from "./frame.js";
import { VisitReceipt } from "./receipts.js";
import { HealthNotice, sentWords } from "./saved-state.js";
import { stageWords, standing, whyLocked } from "./stage.js";
import { stageLook } from "./submit-card.js";
import { audits, inLang, openAudit, unlisted, walk } from "./walk.js";

/** @typedef {import("./walk.js").Audit} Audit */

export class VisitCard extends Live {
  /** @param {Audit} audit */
  constructor(audit) {
    super();
    this.audit = audit;
    this.working = false;
  }

  connectedCallback() {
    const { audit } = this;
    this.replaceChildren(stamp("visit"));
    say(this, {
      kind: audit.kind === "self" ? _("ประเมินตนเอง") : _("ลงพื้นที่ตรวจ"),
      day: audit.planned_on
        ? date(audit.planned_on)
        : audit.kind === "self"
          ? null
          : _("ยังไม่กำหนดวัน"),
      office: inLang(audit.office.name),
      about:
        audit.kind === "self"
          ? _("สำนักงานของคุณตอบเกณฑ์เดียวกับผู้ตรวจ ช่วยกันตอบได้หลายคน แม้ไม่มีสัญญาณ แล้วหัวหน้าส่ง")
          : null,
      "enter-words": audit.kind === "self" ? _("เปิดแบบประเมินตนเอง") : _("เปิดงานตรวจ"),
      round: _("ปีงบประมาณ พ.ศ. {year}", { year: audit.round.fiscal_year }),
    });
    slot(this, "receipt").append(new VisitReceipt(audit.id));
    onTap(this, "prepare", () => this.#prepare());
    // The courier tells of everything the vault does.
    this.hear(walk.courier, "state", () => this.#draw());
    this.hear(walk.vault, "records", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const open = openAudit(this.audit.id);
    const { vault } = walk;
    const only = [this.audit.id];
    const left = unsent(vault, only);
    const aside = held(vault, only).length;
    const bad = spoilt(vault, only).length;
    const touched = vault.entries(this.audit.id).some((entry) => entry.own);
    /** @type {[string, "" | "met" | "waiting" | "held" | "told", string]} */
    const [words, state, picture] =
      left.changes || left.photos
        ? [sentWords(left, aside, bad), "waiting", "cloud-upload"]
        : bad || aside
          ? [sentWords(left, aside, bad), "held", "triangle-alert"]
          : !open
            ? [_("ยังไม่เตรียม"), "", "cloud-off"]
            : touched
              ? [sentWords(left, aside, bad), "met", "circle-check"]
              : [_("พร้อมใช้ออฟไลน์"), "told", "smartphone"];
    const badge = slot(this, "state");
    say(badge, { "state-words": words });
    mood(badge, state);
    draw(badge, "state", picture);
    const counts = open?.ledger.scorecard.counts;
    const stage = standing(this.audit);
    const stageTold = stage === "closed" ? null : stageWords(this.audit);
    const [colour, sign] = stageLook(stage);
    mood(slot(this, "stage"), colour);
    draw(this, "stage", sign);
    slot(this, "stage-box").hidden = !stageTold;
    say(this, {
      progress: counts
        ? _("ตอบแล้ว {n} จาก {m} ข้อ", { n: counts.answered, m: counts.criteria })
        : null,
      closed: stageTold ? null : whyLocked(this.audit),
      "stage-words": stageTold,
      "prepare-words": open ? _("เตรียมใหม่") : _("เตรียมใช้ออฟไลน์"),
    });
    slot(this, "enter").hidden = !open;
    slot(this, "enter").setAttribute("href", `#/audit/${this.audit.id}`);
    const prepare = /** @type {HTMLButtonElement} */ (slot(this, "prepare"));
    prepare.classList.toggle("button-main", !open);
    prepare.classList.toggle("button-quiet", Boolean(open));
    prepare.disabled = this.working;
    prepare.hidden = unlisted(this.audit.id);
  }

  async #prepare() {
    if (this.working) return;
    this.working = true;
    say(this, { problem: null });
    const list = slot(this, "steps");
    list.replaceChildren();
    list.hidden = false;
    this.#draw();
    // The worker keeps the pages; on the very first visit it may still be at it.
    await Promise.race([
      navigator.serviceWorker?.ready,
      new Promise((resolve) => setTimeout(resolve, 15_000)),
    ]);
    const { ready } = await prepare(walk.courier, this.audit.id, (step) => {
      const line = stamp("step");
      const state = step.ok ? "circle-check" : step.needed ? "circle-x" : "info";
      const detail = step.ok ? "" : step.detail && ` (${step.detail})`;
      say(line, { words: step.words + detail });
      draw(line, "picture", state);
      list.append(line);
    });
    this.working = false;
    say(this, {
      problem: ready ? null : _("เตรียมยังไม่สำเร็จ ของเดิมในเครื่องยังอยู่ครบ ลองใหม่เมื่อมีสัญญาณ"),
    });
    this.#draw();
  }
}
customElements.define("visit-card", VisitCard);

/** Stages in which somebody on this phone has something to do. */
const TO_DO = new Set(["open", "returned", "waiting", "recalling"]);

/** What is to be done first, as it was told; then what is over, the newest first. @param {Audit[]} all */
const inOrder = (all) => {
  const waits = (/** @type {Audit} */ audit) => TO_DO.has(standing(audit));
  return [...all.filter(waits), ...all.filter((audit) => !waits(audit)).reverse()];
};

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
    const all = inOrder(audits());
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
