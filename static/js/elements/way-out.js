// The way out: unsent work as a file, without network and without signing in. Whoever holds the phone
// sees names and counts, no content.

import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _, language } from "../helpers/words.js";
import { Vault } from "../vault/vault.js";
import { size, unsentWords } from "./speak.js";
import { walk } from "./walk.js";

/** @typedef {{id: string, name: string, changes: number, photos: number, files?: number}} Holder */

/** Loaded when somebody needs it: a walk that goes well never does. */
const outfile = async () => await import("../sync/outfile.js");

/**
 * Do something with a person's vault; the one that is open anyway stays open.
 * @template T
 * @param {string} id @param {(vault: Vault) => Promise<T>} work
 */
const withVault = async (id, work) => {
  if (walk.vault?.person === id) return work(walk.vault);
  const vault = await Vault.open(id);
  try {
    await vault.ready;
    return await work(vault);
  } finally {
    vault.close();
  }
};

/** @param {Vault} vault */
const nameIn = (vault) => {
  const owner = /** @type {any} */ (vault.device?.person);
  const here = JSON.parse(vault.record("here") || "null");
  return owner?.name?.[language()] || owner?.name?.th || here?.name || _("ไม่ทราบชื่อ");
};

/** Everybody whose unsent work is on this phone. @param {(id: string) => boolean} wanted @returns {Promise<Holder[]>} */
const holders = async (wanted) => {
  const { unsentWork } = await outfile();
  const found = [];
  for (const id of (await Vault.people()).filter(wanted)) {
    const one = await withVault(id, async (vault) => {
      const { entries, photos } = unsentWork(vault);
      return { id, name: nameIn(vault), changes: entries.length, photos: photos.size };
    }).catch(() => null);
    if (one && one.changes + one.photos > 0) found.push(one);
  }
  return found;
};

/**
 * Show whose unsent work is on this phone, in a screen's slots "others" and "other-people".
 * @param {HTMLElement} screen @param {(id: string) => boolean} wanted
 * @returns {Promise<boolean>} whether there is any
 */
export const showHolders = async (screen, wanted) => {
  const found = await holders(wanted);
  if (!screen.isConnected) return false;
  slot(screen, "others").hidden = !found.length;
  slot(screen, "other-people").replaceChildren(
    ...found.map((holder) => new WayOut(holder, false)),
  );
  return found.length > 0;
};

/** One person's unsent work and the button that makes a file of it. */
export class WayOut extends Live {
  #address = "";

  /** @param {Holder} holder @param {boolean} own */
  constructor(holder, own) {
    super();
    this.holder = holder;
    this.own = own;
  }

  connectedCallback() {
    const { name, changes, photos, files } = this.holder;
    this.replaceChildren(stamp("way-out"));
    say(this, {
      name: this.own ? null : name,
      counts: unsentWords(changes, photos, files),
      "make-about": this.own ? null : _("ของ {name}", { name }),
    });
    onTap(this, "make", () => this.#make());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    URL.revokeObjectURL(this.#address);
  }

  /** @param {Holder} holder it has grown or shrunk since */
  set counted(holder) {
    this.holder = holder;
    say(this, { counts: unsentWords(holder.changes, holder.photos, holder.files) });
  }

  async #make() {
    const button = /** @type {HTMLButtonElement} */ (slot(this, "make"));
    button.disabled = true;
    slot(this, "ready").hidden = true;
    say(this, { problem: null, making: _("กำลังทำไฟล์") });
    try {
      const { writeOutfile } = await outfile();
      const made = await withVault(this.holder.id, (vault) =>
        writeOutfile(vault, {
          onStep: (n, m) =>
            m && say(this, { making: _("กำลังทำไฟล์ ภาพที่ {n} จาก {m}", { n, m }) }),
        }),
      );
      this.#offer(made);
    } catch (error) {
      say(this, { problem: whyNoFile(/** @type {any} */ (error).code) });
    }
    say(this, { making: null });
    button.disabled = false;
  }

  /** @param {import("../sync/outfile.js").Outfile} made */
  #offer({ file, changes, photos, missing }) {
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(file);
    const what = unsentWords(changes, photos);
    const box = stamp("way-out-ready");
    slot(this, "ready").replaceChildren(box);
    slot(this, "ready").hidden = false;
    say(box, {
      file: file.name,
      holds: _("ไฟล์พร้อมแล้ว ขนาด {size} มีงานที่{what}", { size: size(file.size), what }),
      missing: missing.length
        ? _("อ่านจากเครื่องไม่ได้ {n} ภาพ จึงไม่อยู่ในไฟล์นี้", { n: missing.length })
        : null,
    });
    const download = /** @type {HTMLAnchorElement} */ (slot(box, "download"));
    download.href = this.#address;
    download.download = file.name;
    const shares = navigator.canShare?.({ files: [file] }) ?? false;
    slot(box, "share").hidden = !shares;
    download.classList.toggle("button-main", !shares);
    const done = (/** @type {string} */ where) => {
      say(box, { where });
      slot(box, "next").hidden = false;
    };
    onTap(box, "download", () =>
      done(_("บันทึกไว้ในโฟลเดอร์ดาวน์โหลดของเครื่องนี้แล้ว เมื่อ {when}", { when: dateTime(Date.now()) })),
    );
    onTap(box, "share", () =>
      navigator.share({ files: [file], title: file.name }).then(
        () => done(_("ส่งต่อไฟล์ไปยังแอปที่คุณเลือกแล้ว เมื่อ {when}", { when: dateTime(Date.now()) })),
        (error) =>
          error.name === "AbortError" ||
          say(box, { where: _("แอปที่เลือกรับไฟล์ไม่ได้ กดดาวน์โหลดแทน") }),
      ),
    );
    (shares ? slot(box, "share") : download).focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }
}
customElements.define("way-out", WayOut);

/** @param {unknown} code */
const whyNoFile = (code) =>
  code === "too-large"
    ? _("งานที่ยังไม่ส่งใหญ่กว่า 4 กิกะไบต์ ไฟล์เดียวเก็บไม่พอ ส่งบางส่วนเมื่อมีสัญญาณก่อน แล้วทำไฟล์อีกครั้ง")
    : code === "nothing"
      ? _("ไม่มีงานที่ยังไม่ส่งแล้ว จึงไม่ต้องทำไฟล์")
      : _("ทำไฟล์ไม่สำเร็จ งานในเครื่องยังอยู่ครบ ปิดแอปอื่นแล้วลองใหม่");
