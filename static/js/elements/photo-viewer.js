// A photo as a picture and in words, wherever its bytes are: small in a list, or large, to swipe,
// caption and take out with a reason.

import { onTap, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { placeWords } from "../photos/place.js";
import { shownPhotos } from "../photos/showing.js";
import { fetchPicture } from "../sync/pictures.js";
import { PhotoState } from "./photo-state.js";
import { keep, snack } from "./snack.js";
import { personName, size } from "./speak.js";
import { mayWrite } from "./stage.js";
import { walk } from "./walk.js";

/**
 * A photo as an address for an image, to be revoked: the device's own copy, else the server's
 * picture; null where neither can be had now.
 * @param {string} sha @param {200 | 2048} side @returns {Promise<string | null>}
 */
export const photoAddress = async (sha, side) => {
  const { vault } = walk;
  const own = side === 200 ? await vault.thumb(sha).catch(() => null) : null;
  if (own) return URL.createObjectURL(own);
  const whole = await vault.photo(sha).catch(() => null);
  // A HEIC is here because this browser cannot open it; the server can.
  if (whole && whole.type !== "image/heic")
    return URL.createObjectURL(new Blob([whole.bytes], { type: whole.type }));
  const blob = await fetchPicture(vault, sha, side);
  return blob && URL.createObjectURL(blob);
};

/**
 * What became of a photo and where it came from, in words; null where there is nothing to say.
 * @param {any} value of the photo's change @param {boolean} [short] only what everybody must know
 */
export const markWords = (value, short = false) => {
  const words = [
    value.of?.how === "masked" ? _("ปิดบังแล้ว") : null,
    value.of?.how === "annotated" ? _("วาดบนสำเนา") : null,
    value.source === "library" ? _("เลือกจากคลังภาพ") : null,
    value.source === "frame" && !short ? _("ถ่ายมุมเดิมในแอป") : null,
    value.position && !short ? placeWords(value.position) : null,
  ];
  return words.filter(Boolean).join(" · ") || null;
};

/**
 * The editor, fetched from the phone's own shelf when it is first asked for.
 * @param {Open} open @param {Criterion} criterion @param {import("../domain/fold.js").Photo} photo
 * @param {"masked" | "annotated"} how @returns {Promise<string | null>} id of the new photo's change
 */
export const openMarker = async (open, criterion, photo, how) => {
  const { markPhoto } = await import("./photo-marker.js");
  const id = await markPhoto(open, criterion, photo, how);
  if (id)
    snack(how === "masked" ? _("ปิดบังแล้ว ทุกคนเห็นเฉพาะภาพที่ปิดบัง") : _("เก็บภาพที่วาดไว้ข้างภาพเดิมแล้ว"));
  return id;
};

/** Fill a small picture if it is empty and the photo can be had now. @param {HTMLImageElement} image */
export const fill = async (image) => {
  const { sha = "", state } = image.dataset;
  if (state) return;
  image.dataset.state = "asking";
  const address = await photoAddress(sha, 200);
  image.dataset.state = "";
  if (!address) return;
  const done = (/** @type {string} */ told) => {
    URL.revokeObjectURL(address);
    image.dataset.state = told;
  };
  image.addEventListener("load", () => done("shown"), { once: true });
  image.addEventListener("error", () => done(""), { once: true });
  image.dataset.state = "asking";
  image.src = address;
};

/** A small picture that fills itself. @param {string} sha */
export const thumbImage = (sha) => {
  const image = document.createElement("img");
  image.alt = "";
  image.width = 112;
  image.height = 112;
  image.className = "thumb-image";
  image.dataset.sha = sha;
  fill(image);
  return image;
};

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../domain/fold.js").Photo} Photo */

/**
 * What a photo was drawn on, as far back as it is shown; itself where it is no drawing.
 * @param {Photo} photo @param {Photo[]} all @returns {Photo}
 */
const sourceOf = (photo, all) => {
  const { of } = photo.value;
  const rest = all.filter((one) => one !== photo);
  const source =
    of?.how === "annotated" ? rest.find((one) => one.value.sha256 === of.sha256) : undefined;
  return source ? sourceOf(source, rest) : photo;
};

/** @param {Open} open @param {Criterion} criterion @param {string} id the photo to begin with */
export const showPhotos = (open, criterion, id) => {
  const photos = () => shownPhotos(open.ledger.state, criterion.code);
  const dialog = /** @type {HTMLDialogElement} */ (stamp("viewer"));
  const image = /** @type {HTMLImageElement} */ (slot(dialog, "image"));
  const caption = /** @type {HTMLInputElement} */ (slot(dialog, "caption"));
  const writable = mayWrite(open.pack, criterion.code);
  let at = Math.max(
    0,
    photos().findIndex((photo) => photo.id === id),
  );
  let address = "";

  const draw = () => {
    const all = photos();
    if (!all.length) return dialog.close();
    at = (at + all.length) % all.length;
    const photo = all[at];
    const taken = photo.value.taken_at ?? photo.made_at;
    say(dialog, {
      count: _("ภาพที่ {n} จาก {m} ของข้อ {code}", {
        n: at + 1,
        m: all.length,
        code: criterion.code,
      }),
      facts: `${personName(photo.author, open.pack)} · ${dateTime(taken)} · ${size(photo.value.bytes)}`,
      marks: markWords(photo.value),
      away: null,
    });
    slot(dialog, "state").replaceChildren(new PhotoState(photo.value.sha256));
    caption.value = photo.caption[0]?.value ?? "";
    caption.disabled = !writable;
    slot(dialog, "remove-form").hidden = true;
    for (const name of ["remove-open", "mask", "draw"]) slot(dialog, name).hidden = !writable;
    for (const name of ["before", "after"]) slot(dialog, name).hidden = all.length < 2;
    image.alt =
      caption.value || _("ภาพที่ {n} ของข้อ {code}", { n: at + 1, code: criterion.code });
    image.removeAttribute("src");
    photoAddress(photo.value.sha256, 2048).then((found) => {
      if (photos()[at]?.id !== photo.id || !dialog.isConnected)
        return URL.revokeObjectURL(found ?? "");
      URL.revokeObjectURL(address);
      address = found ?? "";
      if (found) image.src = found;
      else say(dialog, { away: _("ภาพนี้ไม่ได้อยู่ในเครื่องนี้ เปิดดูได้เมื่อติดต่อเซิร์ฟเวอร์ได้") });
    });
  };

  const saveCaption = async () => {
    const photo = photos()[at];
    const text = caption.value.trim().slice(0, 500);
    if (photo && text !== (photo.caption[0]?.value ?? ""))
      await keep(() => open.ledger.caption(photo.id, text));
  };
  const turn = (/** @type {number} */ step) => {
    saveCaption();
    at += step;
    draw();
  };
  const remove = async () => {
    const photo = photos()[at];
    const typed = /** @type {HTMLInputElement} */ (slot(dialog, "reason-typed")).value.trim();
    const picked = dialog.querySelector("input[type=radio]:checked");
    const reason = typed || (picked instanceof HTMLInputElement ? picked.value : "");
    say(dialog, { problem: reason ? null : _("เลือกหรือพิมพ์เหตุผลก่อนนำภาพออก") });
    if (!reason || !(await keep(() => open.ledger.removePhoto(photo.id, reason)))) return;
    dialog.close();
    snack(_("นำภาพออกจากข้อ {code} แล้ว", { code: criterion.code }), () =>
      keep(async () => {
        const again = await open.ledger.addPhoto(criterion.code, photo.value);
        const words = photo.caption[0]?.value;
        if (words && again.entry) await open.ledger.caption(again.entry.change.id, words);
        return again;
      }),
    );
  };

  const mark = async (/** @type {"masked" | "annotated"} */ how) => {
    const shown = photos()[at];
    if (!shown) return;
    await saveCaption();
    // A drawing shows the same faces: what is covered is what it was drawn on.
    const photo = how === "masked" ? sourceOf(shown, photos()) : shown;
    const id = await openMarker(open, criterion, photo, how);
    if (!dialog.isConnected) return;
    const place = photos().findIndex((one) => one.id === id);
    if (place >= 0) at = place;
    draw();
  };

  onTap(dialog, "mask", () => mark("masked"));
  onTap(dialog, "draw", () => mark("annotated"));
  onTap(dialog, "close", () => dialog.close());
  onTap(dialog, "before", () => turn(-1));
  onTap(dialog, "after", () => turn(1));
  onTap(dialog, "remove-open", () => {
    slot(dialog, "remove-form").hidden = false;
    slot(dialog, "remove").scrollIntoView({ block: "nearest" });
    slot(dialog, "remove-form").querySelector("input")?.focus();
  });
  onTap(dialog, "remove", remove);
  caption.addEventListener("change", saveCaption);
  const gone = new AbortController();
  const { signal } = gone;
  addEventListener("pagehide", saveCaption, { signal });
  document.addEventListener("visibilitychange", saveCaption, { signal });
  addEventListener("hashchange", () => dialog.close(), { signal });
  dialog.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  });
  let from = 0;
  image.addEventListener("pointerdown", (event) => {
    from = event.clientX;
  });
  image.addEventListener("pointerup", (event) => {
    const moved = event.clientX - from;
    if (Math.abs(moved) > 48) turn(moved < 0 ? 1 : -1);
  });
  dialog.addEventListener("close", () => {
    saveCaption();
    gone.abort();
    URL.revokeObjectURL(address);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  draw();
};
