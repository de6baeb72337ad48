// The page that checks a certificate on this device: what to check stands in the address.

import { draw, mood, say, slot } from "../helpers/dom.js";
import { wakeMenus } from "../helpers/menus.js";
import { date } from "../helpers/time.js";
import { _, language } from "../helpers/words.js";
import { asked } from "./certificate.js";
import { refresh } from "./contact.js";
import { install } from "./install.js";
import { rememberLanguage } from "./language.js";
import { wakeLookup } from "./lookup.js";
import { whatIsHeld } from "./store.js";
import { judge } from "./verdict.js";
import { because, headline, lastDay, level, look, moment, standing } from "./words.js";

const OWN = /^(\/en)?\/v\/offline$/;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const here = language() === "en" ? "/en/v/offline" : "/v/offline";

const now = () => Math.floor(Date.now() / 1000);

/** What the address asks: behind "#" on this page's own address, else its path or its question. */
const question = () => {
  const behind = decodeURIComponent(location.hash.slice(1));
  if (behind || OWN.test(location.pathname)) return behind;
  const [typed] = new URLSearchParams(location.search).values();
  return typed ?? location.pathname.replace(/^(\/en)?\/v\/?/i, "");
};

/** @param {import("./verdict.js").Verdict} verdict */
const tell = (verdict) => {
  const [colour, picture] = look(verdict);
  const panel = slot(main, "verdict");
  mood(panel, colour);
  draw(panel, "picture", picture);
  const [thai, english] = [verdict.told?.officeTh, verdict.told?.officeEn];
  say(panel, {
    headline: headline(verdict),
    office: language() === "en" ? english : thai,
    "office-also": language() === "en" ? thai : null,
    why: because(verdict),
  });
  const since = standing(verdict, now());
  const place = slot(main, "since");
  place.hidden = !since;
  if (since) {
    mood(place, since.mood);
    draw(place, "since-picture", since.mood === "waiting" ? "triangle-alert" : "history");
    say(place, { "since-words": since.text });
  }
  facts(verdict.told);
};

/** @param {import("./certificate.js").Told | null} told */
const facts = (told) => {
  const list = slot(main, "facts");
  list.hidden = !told;
  if (!told) return;
  const { name, picture, colour } = level(told.level);
  const badge = slot(list, "level");
  badge.className = `level level-${colour}`;
  draw(badge, "level-picture", picture);
  say(list, {
    number: told.number,
    "level-name": name,
    until: lastDay(told.expires),
    issued: date(told.issued * 1000),
    issuer: told.issuer,
    edition: told.edition,
  });
};

/** A number says nothing by itself; only the register knows it. @param {string} number */
const tellNumber = (number) => {
  const panel = slot(main, "verdict");
  mood(panel, "waiting");
  draw(panel, "picture", "wifi-off");
  say(panel, {
    headline: _("เลขที่ {number} ต้องตรวจผ่านเครือข่าย", { number }),
    office: null,
    "office-also": null,
    why: _("เลขที่อย่างเดียวไม่มีลายเซ็นให้ตรวจ หากไม่มีเครือข่าย ให้ใช้รหัสในคิวอาร์บนใบรับรอง"),
  });
  slot(main, "since").hidden = true;
  facts(null);
};

let turn = 0;

const show = async () => {
  turn += 1;
  const mine = turn;
  const wanted = asked(question());
  const held = await whatIsHeld().catch(() => ({ keys: [], list: null }));
  const verdict = wanted.kind === "code" ? await judge(wanted.code, held, now()) : null;
  if (mine !== turn) return; // asked something else meanwhile
  slot(main, "result").hidden = wanted.kind === "nothing";
  if (verdict) tell(verdict);
  if (wanted.kind === "number") tellNumber(wanted.number);
  const name = nameOf(wanted);
  slot(main, "online").setAttribute("href", `${language() === "en" ? "/en" : ""}/v/${name}`);
  const other = document.querySelector("[data-language]");
  if (other instanceof HTMLAnchorElement) other.hash = name;
  say(main, {
    known: held.list
      ? _("เครื่องนี้มีบัญชีสถานะ ณ วันที่ {when}", { when: moment(held.list.issued) })
      : _("เครื่องนี้ยังไม่มีบัญชีสถานะ เปิดหน้านี้หนึ่งครั้งเมื่อมีเครือข่ายเพื่อรับมา"),
  });
};

/** The number or code that stands in an address. @param {import("./certificate.js").Asked} wanted */
const nameOf = (wanted) =>
  wanted.kind === "number" ? wanted.number : wanted.kind === "code" ? wanted.code : "";

/** Ask about another one; the address keeps it, so that "back" works. @param {string} text */
const ask = (text) => {
  const name = nameOf(asked(text));
  if (OWN.test(location.pathname)) location.hash = name;
  else location.assign(`${here}#${name}`);
};

const start = async () => {
  wakeMenus();
  rememberLanguage();
  install();
  wakeLookup(main, ask);
  addEventListener("hashchange", async () => {
    await show();
    slot(main, "headline").focus();
  });
  addEventListener("online", async () => (await refresh()) && show());
  await show();
  if (await refresh()) await show();
};

start();
