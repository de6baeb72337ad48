// The walk: open the store of whoever is here, then show what the address says.

import { setFrame } from "./elements/frame.js";
import { arrive, hasLeft, sessionOwed, whoHolds, whoIsAtThisPhone } from "./elements/here.js";
import { fetchPages, pageAt } from "./elements/pages.js";
import { wakeStrip } from "./elements/saved-state.js";
import { snack } from "./elements/snack.js";
import { unsentWords } from "./elements/speak.js";
import { ground as groundOf } from "./elements/stage.js";
import { wakeUpdates } from "./elements/update-prompt.js";
import { enrolHere, openAudit, openWalk, walk } from "./elements/walk.js";
import { showHolders } from "./elements/way-out.js";
import { say, show, slot, stamp } from "./helpers/dom.js";
import { wakeMenus } from "./helpers/menus.js";
import { _ } from "./helpers/words.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const PLACE = "walk-place";
/** Pages that draw themselves whatever becomes of the audit. */
const ALIVE = ["submit", "receipt"];
let shown = false;

let stood = "";

/** What the view stands on: which pack, and what of its audit may be written to. */
const ground = () => {
  const [, , audit = "", page = ""] = location.hash.split("/");
  const open = openAudit(audit);
  if (!open) return "";
  return ALIVE.includes(page) ? open.sha : `${open.sha} ${groundOf(open.pack.audit)}`;
};

const route = async () => {
  stood = ground();
  const address = location.hash;
  const next = await pageAt(address).catch(unfetched);
  // Somebody went on while it came.
  if (next === undefined || location.hash !== address) return;
  if (!next) return location.replace("#/");
  show(next, shown);
  shown = true;
  remember();
};

/** Only on a phone that has not yet fetched the whole release. @returns {undefined} */
const unfetched = () => {
  snack(_("หน้านี้ยังโหลดมาไม่ถึงเครื่อง งานที่เก็บไว้ยังอยู่ครบ"), route, _("ลองอีกครั้ง"));
};

const remember = () => {
  localStorage.setItem(PLACE, location.hash);
  const other = byId("bar").querySelector("[data-slot=language]");
  if (other instanceof HTMLAnchorElement) other.hash = location.hash;
};

/** A screen instead of the walk, with its reason. @param {string} name @param {Record<string, string | null>} words */
const instead = (name, words = {}) => {
  const screen = stamp(name);
  say(screen, words);
  setFrame({ title: screen.querySelector("h1")?.textContent ?? "", back: null });
  show(screen, false);
  // Unsent work gets out of this phone also when its owner cannot get in; told once, with its button.
  showHolders(screen, () => true).then(
    (any) => any && "left" in words && say(screen, { left: null }),
  );
};

const signedOut = () => {
  const left = JSON.parse(localStorage.getItem("walk-left") ?? "null");
  const words = left && unsentWords(left.changes, left.photos);
  instead("signed-out", {
    left: left
      ? _("งานของ {name} ยังอยู่ในเครื่องนี้ครบ: {what} เข้าสู่ระบบด้วยชื่อเดิมเพื่อส่งต่อ", {
          name: left.name,
          what: words,
        })
      : null,
  });
  const link = document.querySelector("#main a[href^='/sign-in']");
  if (sessionOwed() && link instanceof HTMLAnchorElement) link.href += "&other=1";
  // The question may have been lost on the road, or answered in another tab meanwhile.
  const ask = async () => {
    if (!document.hidden && (await whoHolds())) location.reload();
  };
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", ask);
};

/** @param {string} code why there is no store */
const noStore = (code) => {
  const reasons = /** @type {Record<string, string>} */ ({
    "no-opfs": _("เบราว์เซอร์นี้ไม่มีที่เก็บไฟล์ในเครื่อง หรือเปิดอยู่ในโหมดส่วนตัว"),
    "no-sync-handles": _("เบราว์เซอร์รุ่นนี้เก่าเกินไปสำหรับการเก็บไฟล์ในเครื่อง"),
    "no-locks": _("เบราว์เซอร์รุ่นนี้เก่าเกินไปสำหรับการเก็บไฟล์ในเครื่อง"),
    "no-worker": _("เบราว์เซอร์ไม่ยอมให้โปรแกรมเก็บข้อมูลทำงานเบื้องหลัง"),
    full: _("พื้นที่ในเครื่องเต็ม ลบไฟล์อื่นบางส่วนแล้วเปิดใหม่"),
  });
  instead("no-store", { why: reasons[code] ?? _("เบราว์เซอร์ไม่ยอมให้เก็บข้อมูลในเครื่อง") });
};

let renewed = Number.NEGATIVE_INFINITY;

/** A key that ran out is asked for anew, now and then, when the same person holds a session. */
const renewKey = async () => {
  if (walk.courier.state.problem !== "signed-out" || performance.now() - renewed < 60_000)
    return;
  renewed = performance.now();
  if (await enrolHere()) walk.courier.now();
};

const start = async () => {
  wakeMenus();
  wakeUpdates(byId("update"));
  const person = await whoIsAtThisPhone();
  if (!person) return signedOut();
  try {
    await openWalk(person);
  } catch (error) {
    return noStore(/** @type {any} */ (error).code ?? "");
  }
  if (hasLeft(walk.vault) || (!walk.vault.device && !(await enrolHere()))) return signedOut();
  await arrive(walk.vault, person);
  localStorage.removeItem("walk-left");
  navigator.storage?.persist?.().catch(() => false);
  walk.courier.addEventListener("state", renewKey);
  walk.courier.start();
  wakeStrip(byId("strip"));
  slot(byId("bar"), "outbox").hidden = false;
  if (location.hash === "#/resume") location.replace(localStorage.getItem(PLACE) || "#/");
  addEventListener("hashchange", route);
  const moved = () => ground() !== stood && route();
  walk.courier.addEventListener("state", moved);
  walk.vault.addEventListener("records", moved);
  // A page from the browser's memory missed what happened since, perhaps a signing out.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("placed", remember);
  await route();
  fetchPages();
  (await import("./verify/contact.js")).keepFresh();
};

start();
