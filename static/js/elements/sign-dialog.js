// Signing: who, as what, and by hand or by a typed name, over what is on the screen.

import { onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { SignaturePad } from "./ink.js";

/** @typedef {{name: string, post: string, strokes: import("../domain/strokes.js").Stroke[]}} Signed */

/**
 * @param {{title: string, statement: string, name: string, post: string}} told
 * @param {(signed: Signed) => void} keep
 */
export const askSignature = ({ title, statement, name, post }, keep) => {
  const dialog = /** @type {HTMLDialogElement} */ (stamp("sign"));
  const names = /** @type {HTMLInputElement} */ (slot(dialog, "name"));
  const posts = /** @type {HTMLInputElement} */ (slot(dialog, "post"));
  const pad = new SignaturePad();
  say(dialog, { title, statement });
  names.value = name;
  posts.value = post;
  pad.written = name;
  slot(dialog, "pad").append(pad);
  names.addEventListener("input", () => {
    pad.written = names.value.trim();
  });
  pad.addEventListener("ink", () => say(dialog, { problem: null }));
  const done = () => {
    const signed = { name: names.value.trim(), post: posts.value.trim(), strokes: pad.value };
    names.setAttribute("aria-invalid", String(!signed.name));
    const problem = !signed.name
      ? _("บอกชื่อผู้ลงชื่อก่อน")
      : signed.strokes.length
        ? null
        : _("ยังไม่มีลายมือชื่อ เขียนในกรอบ หรือเลือกพิมพ์ชื่อแทน");
    say(dialog, { problem });
    if (!signed.name) return names.focus();
    if (problem) return slot(dialog, "typed").focus();
    dialog.close();
    keep(signed);
  };
  onTap(dialog, "keep", done);
  onTap(dialog, "close", () => dialog.close());
  const gone = new AbortController();
  addEventListener("hashchange", () => dialog.close(), { signal: gone.signal });
  dialog.addEventListener("close", () => {
    gone.abort();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
};
