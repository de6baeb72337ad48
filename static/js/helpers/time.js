// Time as people here say it: Bangkok hours, the Buddhist Era in Thai, the Christian in English.

import { _, language } from "./words.js";

/** @typedef {string | number | Date} Moment */

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {"date" | "short" | "time"} shape */
const format = (shape) => {
  const locale = language() === "en" ? "en-GB" : "th-TH-u-ca-buddhist-nu-latn";
  const key = locale + shape;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, {
      timeZone: "Asia/Bangkok",
      ...(shape === "time"
        ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
        : { day: "numeric", month: shape === "date" ? "long" : "short" }),
      ...(shape === "date" ? { year: "numeric" } : {}),
    });
    formats.set(key, made);
  }
  return made;
};

/** A bare day such as "2026-11-24" is that day in Bangkok, whatever the phone believes. @param {Moment} moment */
const when = (moment) =>
  typeof moment === "string" && moment.length === 10
    ? new Date(`${moment}T12:00:00+07:00`)
    : new Date(moment);

/** "13 มกราคม 2565" or "13 January 2022". @param {Moment} moment */
export const date = (moment) => {
  const parts = format("date").formatToParts(when(moment));
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value;
  return `${part("day")} ${part("month")} ${part("year")}`;
};

/** "14.05 น." or "14:05". @param {Moment} moment */
export const time = (moment) => {
  const clock = format("time").format(when(moment));
  return language() === "en" ? clock : `${clock.replace(":", ".")} น.`;
};

/** "13 มกราคม 2565 14.05 น." @param {Moment} moment */
export const dateTime = (moment) => `${date(moment)} ${time(moment)}`;

/**
 * How long ago, in the roughest words that are still true.
 * @param {Moment} moment
 * @param {Moment} [now]
 */
export const ago = (moment, now = Date.now()) => {
  const minutes = Math.floor((when(now).getTime() - when(moment).getTime()) / 60_000);
  // A clock that was ahead: how long ago nobody knows.
  if (minutes < -5) return date(moment);
  if (minutes < 1) return _("เมื่อครู่นี้");
  if (minutes < 60) return _("{n} นาทีที่แล้ว", { n: minutes });
  if (minutes < 24 * 60) return _("{n} ชั่วโมงที่แล้ว", { n: Math.floor(minutes / 60) });
  if (minutes < 7 * 24 * 60) return _("{n} วันที่แล้ว", { n: Math.floor(minutes / 1440) });
  return date(moment);
};
