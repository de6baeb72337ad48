// Documents, videos and links of one criterion: added, taken out with a reason, and where each is.

import { hostOf, isVideo, linkOf, TYPES } from "../domain/files.js";
import { draw, Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { mostOf, storeFile } from "../photos/attaching.js";
import { busy } from "./photo-hold.js";
import { photoWords } from "./photo-state.js";
import { keep, snack, whisper } from "./snack.js";
import { personName, size } from "./speak.js";
import { mayWrite } from "./stage.js";
import { walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../domain/fold.js").Piece} Piece */
/** @typedef {"attachment" | "link"} Kind */

const AT_SERVER = new Set(["received", "archived", "remote"]);

export class EvidenceList extends Live {
  /** A second tap while the first is kept is the same tap. */
  #busy = false;

  /** @param {Open} open @param {Criterion} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
    /** What is on screen, by change. @type {Map<string, HTMLElement>} */ this.shown =
      new Map();
  }

  connectedCallback() {
    this.replaceChildren(stamp("evidence"));
    this.shown.clear();
    const { endings } = mostOf(this.open.pack);
    const input = /** @type {HTMLInputElement} */ (slot(this, "file"));
    const taken = endings.length ? endings : Object.keys(TYPES);
    input.accept = taken.map((ending) => `.${ending}`).join(",");
    this.hear(input, "change", () => {
      const files = [...(input.files ?? [])];
      this.#store(files).finally(() => {
        input.value = "";
      });
    });
    onTap(this, "link-open", () => this.#openLink(Boolean(slot(this, "link-form").hidden)));
    onTap(this, "link-keep", () => this.#keepLink());
    this.hear(slot(this, "link-form"), "keydown", (event) => {
      if (/** @type {KeyboardEvent} */ (event).key === "Enter") this.#keepLink();
    });
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.hear(walk.vault, "photos", () => this.#draw());
    this.hear(walk.courier, "state", () => this.#draw());
    this.#draw();
  }

  /** @returns {[Kind, Piece][]} */
  get pieces() {
    const { attachments, links } = this.open.ledger.state;
    const { code } = this.criterion;
    const standing = (/** @type {Piece[] | undefined} */ all, /** @type {Kind} */ kind) =>
      (all ?? [])
        .filter(({ removed }) => !removed)
        .map((one) => /** @type {[Kind, Piece]} */ ([kind, one]));
    return [...standing(attachments[code], "attachment"), ...standing(links[code], "link")];
  }

  /** @param {File[]} files */
  async #store(files) {
    const done = busy();
    const refused = [];
    say(this, { problem: null });
    for (const [i, file] of files.entries()) {
      say(this, {
        working: _("กำลังเก็บไฟล์ {n} จาก {m} ไว้ในเครื่อง", { n: i + 1, m: files.length }),
      });
      try {
        const { code } = this.criterion;
        const { duplicate } = await storeFile(walk.vault, this.open.ledger, code, file);
        if (duplicate) snack(_("มีไฟล์นี้ในข้อนี้แล้ว"));
        else whisper(_("เก็บไฟล์ไว้ในเครื่องแล้ว"));
      } catch (error) {
        refused.push(/** @type {Error} */ (error).message);
      }
    }
    say(this, { working: null, problem: refused.join(" ") || null });
    done();
  }

  /** @param {boolean} open */
  #openLink(open) {
    slot(this, "link-form").hidden = !open;
    slot(this, "link-open").setAttribute("aria-expanded", String(open));
    if (open) slot(this, "url").focus();
  }

  async #keepLink() {
    const url = /** @type {HTMLInputElement} */ (slot(this, "url"));
    const title = /** @type {HTMLInputElement} */ (slot(this, "link-title"));
    const link = linkOf(url.value);
    const { code } = this.criterion;
    const again = this.pieces.some(([, { value }]) => value.url === link);
    const why = again ? _("มีลิงก์นี้ในข้อนี้แล้ว") : _("พิมพ์ที่อยู่เว็บไซต์ที่ขึ้นต้นด้วย https:// หรือ http://");
    const bad = !link || again;
    say(this, { "link-problem": bad ? why : null });
    url.setAttribute("aria-invalid", String(bad));
    if (!link || again) return url.focus();
    const value = { url: link, title: title.value.trim() };
    if (!(await this.#keep(() => this.open.ledger.addLink(code, value)))) return undefined;
    url.value = "";
    title.value = "";
    this.#openLink(false);
    return slot(this, "link-open").focus();
  }

  /** @param {Parameters<typeof keep>[0]} deed @returns {Promise<boolean>} whether it was kept */
  async #keep(deed) {
    if (this.#busy) return false;
    this.#busy = true;
    const kept = await keep(deed);
    this.#busy = false;
    return kept;
  }

  #draw() {
    const { pieces } = this;
    const writable = mayWrite(this.open.pack, this.criterion.code);
    slot(this, "acts").hidden = !writable;
    const list = slot(this, "list");
    const standing = new Set(pieces.map(([, { id }]) => id));
    for (const [id, item] of this.shown)
      if (!standing.has(id)) {
        item.remove();
        this.shown.delete(id);
      }
    for (const [kind, piece] of pieces) {
      let item = this.shown.get(piece.id);
      if (!item) {
        item = this.#item(kind, piece);
        this.shown.set(piece.id, item);
        list.append(item);
      }
      slot(item, "remove-open").hidden = !writable;
      if (kind === "attachment") this.#where(item, piece);
    }
    list.hidden = pieces.length === 0;
    this.hidden = !writable && pieces.length === 0;
  }

  /** @param {Kind} kind @param {Piece} piece */
  #item(kind, piece) {
    const item = stamp("piece");
    const { value } = piece;
    const link = /** @type {HTMLAnchorElement} */ (slot(item, "away"));
    const by = personName(piece.author, this.open.pack);
    if (kind === "link") {
      link.href = value.url;
      link.target = "_blank";
      say(item, {
        away: value.title || value.url,
        name: null,
        facts: _("ลิงก์ไปยัง {host} · {who}", { host: hostOf(value.url), who: by }),
        state: null,
      });
      draw(item, "picture", "link");
    } else {
      link.href = `/attachments/${value.sha256}`;
      link.download = value.name;
      say(item, { facts: `${size(value.bytes)} · ${by}` });
      draw(item, "picture", isVideo(value.type) ? "film" : "file-text");
    }
    slot(item, "remove-name").textContent = value.name ?? (value.title || value.url);
    onTap(item, "remove-open", () => {
      slot(item, "remove-form").hidden = false;
      slot(item, "reason").focus();
    });
    onTap(item, "stay", () => {
      slot(item, "remove-form").hidden = true;
      slot(item, "remove-open").focus();
    });
    onTap(item, "remove", () => this.#remove(kind, piece, item));
    return item;
  }

  /** Where a file is, in words; its name is a way to it only where the server has it. @param {HTMLElement} item @param {Piece} piece */
  #where(item, { value }) {
    const there = AT_SERVER.has(walk.vault.photoState(value.sha256));
    const words = fileWords(value.sha256);
    say(item, {
      away: there ? value.name : null,
      name: there ? null : value.name,
      state: words,
    });
  }

  /** @param {Kind} kind @param {Piece} piece @param {HTMLElement} item */
  async #remove(kind, { id, value }, item) {
    const box = /** @type {HTMLInputElement} */ (slot(item, "reason"));
    const reason = box.value.trim();
    say(item, { "reason-problem": reason ? null : _("บอกเหตุผลก่อนนำออก") });
    box.setAttribute("aria-invalid", String(!reason));
    if (!reason) return box.focus();
    const { ledger } = this.open;
    if (!(await this.#keep(() => ledger.withdraw(kind, id, reason)))) return undefined;
    const { code } = this.criterion;
    // Whoever puts a file back sends its bytes: only the phone that has them can.
    const back =
      kind === "link"
        ? () => ledger.addLink(code, value)
        : walk.vault.here.has(value.sha256) && (() => ledger.addFile(code, value));
    snack(
      kind === "link" ? _("นำลิงก์ออกแล้ว") : _("นำไฟล์ออกแล้ว"),
      back ? () => keep(back) : null,
    );
    return undefined;
  }
}
customElements.define("evidence-list", EvidenceList);

/** @param {string} sha */
const fileWords = (sha) => {
  const state = walk.vault.photoState(sha);
  if (state === "remote") return _("แนบจากเครื่องอื่น");
  if (state === "lost") return _("หายจากเครื่อง กรุณาแนบใหม่");
  return photoWords(sha);
};
