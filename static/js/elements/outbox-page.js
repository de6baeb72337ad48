// The outbox: what is unsent, how big, since when, what failed and why; and the way out.

import { aboutBrought, withBytes } from "../domain/files.js";
import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { ago, dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { pending } from "../sync/told.js";
import { setFrame } from "./frame.js";
import { leave } from "./here.js";
import { changeWords } from "./history-list.js";
import { RoomBox } from "./room.js";
import { HealthNotice, sentWords } from "./saved-state.js";
import { size, unsentWords } from "./speak.js";
import { stageWords } from "./stage.js";
import { TakeIn } from "./take-in.js";
import { audits, criteriaOf, inLang, openAudit, walk } from "./walk.js";
import { showHolders, WayOut } from "./way-out.js";

/** @typedef {import("../vault/vault.js").Entry} Entry */

export class OutboxPage extends Live {
  connectedCallback() {
    this.className = "page";
    this.replaceChildren(stamp("outbox"));
    setFrame({ title: _("กล่องรอส่ง"), back: { href: "#/", words: _("งานของฉัน") } });
    slot(this, "health-lines").append(new HealthNotice());
    const dialog = /** @type {HTMLDialogElement} */ (slot(this, "leave-dialog"));
    slot(this, "take-in").append(new TakeIn());
    slot(this, "room-here").append(new RoomBox());
    onTap(this, "send", () => walk.courier.sendAll());
    onTap(this, "leave", () => {
      const { changes, photos, files } = walk.courier.state.unsent;
      const what = unsentWords(changes, photos, files);
      say(dialog, {
        "leave-unsent":
          changes || photos
            ? _(
                "ยังมีงานค้างอยู่ในเครื่องนี้: {what} งานจะยังอยู่ครบ และส่งต่อได้เมื่อคุณเข้าสู่ระบบด้วยชื่อเดิมในเครื่องนี้",
                { what },
              )
            : null,
      });
      dialog.showModal();
    });
    onTap(this, "stay", () => dialog.close());
    onTap(this, "leave-now", () => this.#leave());
    this.hear(walk.courier, "state", () => this.#draw());
    this.hear(walk.vault, "health", () => this.#draw());
    this.#draw();
    showHolders(this, (id) => id !== walk.person.id);
  }

  #draw() {
    const { state } = walk.courier;
    const { why, sending, unsent, held, spoilt, failed, lastContact } = state;
    const { problem, paused, mismatch } = state;
    const waiting = unsent.changes + unsent.photos > 0;
    const roads = {
      offline: _("เครื่องนี้ไม่มีสัญญาณ ทำงานต่อได้ตามปกติ จะส่งเองเมื่อมีสัญญาณ"),
      silent: _("ติดต่อเซิร์ฟเวอร์ไม่ได้ ทำงานต่อได้ตามปกติ จะลองส่งใหม่เอง"),
      stranger: _("เครือข่ายนี้ตอบแทนเซิร์ฟเวอร์ อาจต้องเข้าสู่ระบบ Wi-Fi ให้เสร็จก่อน งานยังอยู่ครบ"),
      trouble: _("เซิร์ฟเวอร์ขัดข้องหรือไม่ว่าง งานยังอยู่ครบ จะลองส่งใหม่เอง"),
    };
    say(this, {
      unsent: sentWords(unsent, held.length, spoilt.length),
      size: waiting ? _("ขนาดรวม {size}", { size: size(unsent.bytes) }) : null,
      since:
        waiting && unsent.since
          ? _("ค้างตั้งแต่ {when} ({ago})", {
              when: dateTime(unsent.since),
              ago: ago(unsent.since),
            })
          : null,
      link: why
        ? roads[why]
        : state.online === "yes"
          ? _("ติดต่อเซิร์ฟเวอร์ได้")
          : _("ยังไม่ได้ติดต่อเซิร์ฟเวอร์"),
      contact: lastContact ? _("ติดต่อได้ล่าสุด {ago}", { ago: ago(lastContact) }) : null,
      sending: sending
        ? _("กำลังส่ง {what} {n} จาก {m}", {
            what: loadWords(sending.what),
            n: sending.done,
            m: sending.total,
          })
        : null,
      persisted: walk.vault.health.persisted
        ? _("เบราว์เซอร์สัญญาว่าจะไม่ลบข้อมูลของแอปนี้เอง")
        : _("เบราว์เซอร์ยังไม่สัญญาว่าจะเก็บข้อมูลไว้เสมอ ติดตั้งแอปไว้ที่หน้าจอโฮมจะปลอดภัยกว่า"),
      person: walk.person.name,
      problem: problem ? _("เครื่องนี้ต้องเข้าสู่ระบบอีกครั้งเพื่อส่งต่อ งานที่ค้างยังอยู่ครบ") : null,
      paused: paused ? _("ยังไม่ส่งภาพ เพราะเครื่องเปิดโหมดประหยัดข้อมูล กดส่งตอนนี้เพื่อส่งเลย") : null,
      mismatch: mismatch.length ? _("คะแนนในเครื่องไม่ตรงกับที่เซิร์ฟเวอร์คิด กรุณาแจ้งผู้ดูแลระบบ") : null,
    });
    this.#drawLog();
    this.#drawWayOut();
    slot(this, "sign-in").hidden = !problem;
    slot(this, "send").classList.toggle("button-main", waiting && !problem);
    const spoiltNames = new Set(spoilt.map(({ change }) => change.value.sha256));
    const again = failed.filter(({ what }) => !spoiltNames.has(what));
    this.#list(
      "submissions",
      audits().flatMap((audit) =>
        pending(walk.vault, audit.id)
          ? [
              [
                _("ผลการตรวจ {office}", { office: inLang(audit.office.name) }),
                stageWords(audit) ?? "",
              ],
            ]
          : [],
      ),
    );
    this.#list(
      "failed",
      again.map(({ what, why, at }) => [
        _("{what}: {why}", { what: loadWords(what), why: whyWords(why) }),
        dateTime(at),
      ]),
    );
    this.#list(
      "spoilt",
      spoilt.map((entry) => {
        const reason = walk.vault.photoReason(entry.change.value.sha256);
        return [whereWords(entry), reason ? whyWords(reason) : _("ภาพหรือไฟล์หายจากเครื่องก่อนส่ง")];
      }),
    );
    this.#list(
      "held",
      held.map((entry) => [heldWords(entry), whyWords(entry.reason)]),
    );
  }

  /** What the server's own history says of itself, as far as this phone could check it. */
  #drawLog() {
    const { log } = walk.courier.state;
    const broken = log?.broken;
    const restored = log?.restored;
    say(this, {
      log:
        log && !broken && log.at
          ? _("ตรวจแล้วว่าทะเบียนบนเซิร์ฟเวอร์ไม่ถูกแก้ย้อนหลัง ครั้งล่าสุด {ago}", { ago: ago(log.at) })
          : null,
      "broken-words": broken
        ? _("พบเมื่อ {when} อาจมีผู้แก้หรือลบข้อมูลย้อนหลัง หรือเซิร์ฟเวอร์ถูกสับเปลี่ยน", {
            when: dateTime(broken.at),
          })
        : null,
      "broken-why": broken
        ? _("{what} · ช่วงที่ {epoch} ยาว {size} บรรทัด", {
            what: brokenWords(broken.why),
            epoch: log.epoch,
            size: log.size,
          })
        : null,
      "restored-words": restored
        ? _("เมื่อ {when} เพราะ {reason}", {
            when: dateTime(restored.at),
            reason: restored.reason,
          })
        : null,
    });
    slot(this, "broken").hidden = !broken;
    slot(this, "restored").hidden = !restored;
  }

  /** One's own work to be saved to a file, and whose work is carried here. */
  #drawWayOut() {
    const { id, name } = walk.person;
    const { held, unsent } = walk.courier.state;
    const changes = unsent.changes + held.length;
    const some = changes + unsent.photos > 0;
    const box = slot(this, "own");
    const [shown] = /** @type {WayOut[]} */ ([...box.children]);
    if (some) {
      const holder = { id, name, changes, photos: unsent.photos, files: unsent.files };
      if (shown) shown.counted = holder;
      else box.replaceChildren(new WayOut(holder, true));
    }
    // A file that was just made stays on screen, even where the work went through meanwhile.
    slot(this, "way-out").hidden = !some && !shown;
    /** @type {Map<string, {n: number, m: number}>} */
    const carried = new Map();
    for (const audit of walk.vault.audits())
      for (const entry of walk.vault.entries(audit)) {
        if (!entry.carried) continue;
        const { author, kind, value } = entry.change;
        const one = carried.get(author) ?? { n: 0, m: 0 };
        const waits = withBytes(kind) && walk.vault.photoState(value.sha256) === "here";
        if (waits) one.m += 1;
        if (entry.verdict === null) one.n += 1;
        carried.set(author, one);
      }
    this.#list(
      "carried",
      [...carried].map(([author, { n, m }]) => [
        _("ของ {name}", { name: ownerName(author) }),
        unsentWords(n, m),
      ]),
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

/** What a server did that no honest one does, to be read over the telephone. @param {string} why */
const brokenWords = (why) =>
  ({
    note: _("ใบยืนยันทะเบียนอ่านไม่ได้"),
    epoch: _("เซิร์ฟเวอร์กลับไปใช้ทะเบียนช่วงเก่า"),
    smaller: _("ทะเบียนสั้นกว่าที่เครื่องนี้เคยได้รับ"),
    proof: _("บรรทัดเดิมในทะเบียนถูกเปลี่ยน"),
  })[why] ?? why;

/** Whose work is carried, as the file said or a visit tells. @param {string} id */
const ownerName = (id) => {
  if (id === walk.person.id) return _("คุณเอง จากเครื่องอื่น");
  const told = JSON.parse(walk.vault.record(`carried:${id}`) ?? "null");
  const people = audits().flatMap((one) => one.people);
  return inLang(told ?? people.find((one) => one.id === id)?.name) || _("ผู้ตรวจอีกคน");
};

/** @param {string} audit */
const officeOf = (audit) => inLang(audits().find((one) => one.id === audit)?.office.name);

/** @param {string} what a kind of load, an audit's id, or a photo's hash */
const loadWords = (what) => {
  const loads = /** @type {Record<string, string>} */ ({
    changes: _("คำตอบ"),
    courier: _("การติดต่อเซิร์ฟเวอร์"),
    audits: _("รายการงานตรวจ"),
  });
  return loads[what] ?? (officeOf(what) || _("ภาพ"));
};

/** @param {any} why */
const whyWords = (why) =>
  typeof why === "string" ? why : inLang(why?.th ? why : why?.detail) || (why?.code ?? "");

/** The criterion a change is about; a photo's caption and removal name the photo. @param {Entry} entry */
const codeOf = ({ change: { audit, kind, target } }) => {
  const photo = aboutBrought(kind)
    ? walk.vault.entries(audit).find(({ change }) => change.id === target)?.change.target
    : undefined;
  return photo ?? target.split(" ").at(kind === "resolution" ? 1 : 0) ?? target;
};

/** @param {Entry} entry */
const whereWords = (entry) => {
  const { kind } = entry.change;
  const office = officeOf(entry.change.audit) || _("การตรวจที่ไม่อยู่ในรายการ");
  if (kind === "signature") return _("ลายมือชื่อในผลการตรวจ {office}", { office });
  if (kind === "submission") return _("การส่งผลการตรวจ {office}", { office });
  return _("ข้อ {target} ของ {office}", {
    target: codeOf(entry),
    office,
  });
};

/** @param {Entry} entry */
const heldWords = (entry) => {
  const open = openAudit(entry.change.audit);
  const code = codeOf(entry).split(/[/:]/)[0];
  const one = open && criteriaOf(open.pack).find(({ criterion }) => criterion.code === code);
  if (!one) return whereWords(entry);
  return `${whereWords(entry)} · ${changeWords(entry.change, one.criterion)}`;
};
