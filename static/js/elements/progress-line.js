// "ตอบแล้ว 3 จาก 14 ข้อ" with a bar beside the words.

import { say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";

/** @param {number} answered @param {number} total */
export const progressLine = (answered, total) => {
  const line = stamp("progress");
  const bar = /** @type {HTMLProgressElement} */ (slot(line, "bar"));
  bar.max = Math.max(total, 1);
  bar.value = answered;
  say(line, {
    words:
      answered === total
        ? _("ครบ {m} ข้อ", { m: total })
        : _("ตอบแล้ว {n} จาก {m} ข้อ", { n: answered, m: total }),
  });
  return line;
};
