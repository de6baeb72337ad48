// The outbox: what is unsent, how big, since when, what failed and why; and the way out.

import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { ago, dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { setFrame } from "./frame.js";
import { leave } from "./here.js";
import { HealthNotice } from "./saved-state.js";
import { size, unsentWords } from "./speak.js";
import { audits, inLang, walk } from "./walk.js";

export class OutboxPage extends Live {
  connectedCallback() {
    this.className = "page";
    const body = stamp("outbox");
    this.replaceChildren(body);
    setFrame({ title: _("กล่องส่งออก"), back: { href: "#/", words: _("งานของฉัน") } });
    slot(body, "health-lines").append(new HealthNotice());
    onTap(body, "send", () => walk.courier.now());
    onTap(body, "leave", () => {
      const dialog = /** @type {HTMLDialogElement} */ (slot(this, "leave-dialog"));
      const { changes, photos } = walk.courier.state.unsent;
      say(dialog, {
        "leave-unsent":
          changes || photos
            ? _(
                "ยังมีงานค้างอยู่ในเครื่องนี้: {what} งานจะยังอยู่ครบ และส่งต่อได้เมื่อคุณเข้าสู่ระบบด้วยชื่อเดิมในเครื่องนี้",
                {
                  what: unsentWords(changes, photos),
                },
              )
            : null,
      });
      dialog.showModal();
    });
    onTap(body, "stay", () =>
      /** @type {HTMLDialogElement} */ (slot(this, "leave-dialog")).close(),
    );
    onTap(body, "leave-now", () => this.#leave());
    this.hear(walk.courier, "state", () => this.#draw());
    this.hear(walk.vault, "health", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { online, sending, unsent, held, failed, lastContact, problem, paused, mismatch } =
      walk.courier.state;
    const waiting = unsent.changes + unsent.photos > 0;
    say(this, {
      unsent: unsentWords(unsent.changes, unsent.photos),
      size: waiting ? _("ขนาดรวม {size}", { size: size(unsent.bytes) }) : null,
      since:
        waiting && unsent.since
          ? _("ค้างตั้งแต่ {when} ({ago})", {
              when: dateTime(unsent.since),
              ago: ago(unsent.since),
            })
          : null,
      link: {
        yes: _("ติดต่อเซิร์ฟเวอร์ได้"),
        no: _("ติดต่อเซิร์ฟเวอร์ไม่ได้ ทำงานต่อได้ตามปกติ จะส่งเองเมื่อมีสัญญาณ"),
        unknown: _("ยังไม่ได้ติดต่อเซิร์ฟเวอร์"),
      }[online],
      contact: lastContact ? _("ติดต่อได้ล่าสุด {ago}", { ago: ago(lastContact) }) : null,
      sending: sending
        ? _("กำลังส่ง {what} {n} จาก {m}", {
            what: sendingWords(sending.what),
            n: sending.done,
            m: sending.total,
          })
        : null,
      persisted: walk.vault.health.persisted
        ? _("เบราว์เซอร์สัญญาว่าจะไม่ลบข้อมูลของแอปนี้เอง")
        : _("เบราว์เซอร์ยังไม่สัญญาว่าจะเก็บข้อมูลไว้เสมอ ติดตั้งแอปไว้ที่หน้าจอหลักจะปลอดภัยกว่า"),
      person: walk.person.name,
      problem: problem ? _("เครื่องนี้ต้องเข้าสู่ระบบอีกครั้งเพื่อส่งต่อ งานที่ค้างยังอยู่ครบ") : null,
      paused: paused ? _("พักการส่งภาพไว้ เพราะเครื่องเปิดโหมดประหยัดข้อมูล") : null,
      mismatch: mismatch.length ? _("คะแนนในเครื่องไม่ตรงกับที่เซิร์ฟเวอร์คิด กรุณาแจ้งผู้ดูแลระบบ") : null,
    });
    slot(this, "sign-in").hidden = !problem;
    this.#list(
      "failed",
      failed.map((/** @type {any} */ one) => [
        _("{what}: {why}", { what: sendingWords(one.what), why: whyWords(one.why) }),
        one.at ? dateTime(one.at) : "",
      ]),
    );
    this.#list(
      "held",
      held.map((/** @type {any} */ one) => [heldWords(one), whyWords(one.reason)]),
    );
  }

  /** @param {string} name @param {[string, string][]} lines */
  #list(name, lines) {
    const box = slot(this, name);
    box.hidden = !lines.length;
    slot(box, "lines").replaceChildren(
      ...lines.map(([what, by]) => {
        const line = stamp("history-line");
        say(line, { what, by });
        return line;
      }),
    );
  }

  async #leave() {
    const { changes, photos } = walk.courier.state.unsent;
    const left = { name: walk.person.name, changes, photos };
    if (changes || photos) localStorage.setItem("walk-left", JSON.stringify(left));
    else localStorage.removeItem("walk-left");
    await leave(walk.vault);
    location.replace(location.pathname);
  }
}
customElements.define("outbox-page", OutboxPage);

/** @param {string} what a kind of load, an audit's id, or a photo's hash */
const sendingWords = (what) => {
  const loads = /** @type {Record<string, string>} */ ({
    changes: _("คำตอบ"),
    photos: _("ภาพ"),
    courier: _("การติดต่อเซิร์ฟเวอร์"),
  });
  const office = inLang(audits().find((one) => one.id === what)?.office.name);
  return loads[what] ?? (office || _("ภาพ"));
};

/** @param {any} why */
const whyWords = (why) =>
  typeof why === "string" ? why : inLang(why?.th ? why : why?.detail) || (why?.code ?? "");

/** @param {any} entry a held change */
const heldWords = (entry) => {
  const change = entry.change ?? entry;
  const audit = audits().find((one) => one.id === change.audit);
  return _("ข้อ {target} ของ {office}", {
    target: change.target ?? "",
    office: inLang(audit?.office.name) || _("การตรวจที่ไม่อยู่ในรายการ"),
  });
};
