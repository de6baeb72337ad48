// Who has signed what is found, who still has to, and the way to sign.

import { newest } from "../domain/fold.js";
import { draw, mood, onTap, say, slot, stamp } from "../helpers/dom.js";
import { dateTime } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { inkOf } from "./ink.js";
import { askSignature } from "./sign-dialog.js";
import { keep, snack } from "./snack.js";
import { leadOf } from "./stage.js";
import { inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** `next`: nothing but signatures is missing. @typedef {{digest: string, again: boolean, writable: boolean, next: boolean}} How */

/** The one who signs for an office that assesses itself, where it is this person. @param {Open} open */
const headHere = ({ pack: { audit } }) =>
  audit.kind === "self" && leadOf(audit) === walk.person.id ? walk.person.id : null;

/** The signature that counts in a register; of two heads each has their own. @param {Open} open @param {string} register */
export const signatureIn = (open, register) => {
  const last = newest(open.ledger.standing(register), headHere(open));
  return last?.value ? { ...last.value, made_at: last.mark.made_at } : null;
};

/** Everybody whose signature matters here: the office, the lead, oneself, and whoever signed. @param {Open} open */
export const signers = (open) => {
  const { audit } = open.pack;
  const office = {
    whose: /** @type {const} */ ("office"),
    id: null,
    register: "signature office",
  };
  if (audit.kind === "self") return [office];
  const lead = leadOf(audit);
  const known = audit.people.map(({ id }) => id);
  const wrote = Object.keys(open.ledger.state.registers).flatMap((register) =>
    register.startsWith("signature assessor ") ? [register.slice(19)] : [],
  );
  const people = [...new Set([lead, ...known, ...wrote])].filter((id) => id !== null);
  const shown = people.filter(
    (id) =>
      id === lead || id === walk.person.id || signatureIn(open, `signature assessor ${id}`),
  );
  return [
    office,
    ...shown.map((id) => ({
      whose: /** @type {const} */ ("assessor"),
      id,
      register: `signature assessor ${id}`,
    })),
  ];
};

/** What a signer is called. @param {Open} open @param {string | null} id null: the office */
export const signerWords = (open, id) =>
  id === null
    ? open.pack.audit.kind === "self"
      ? _("หัวหน้าหน่วยงาน")
      : _("ผู้แทนสำนักงาน")
    : id === leadOf(open.pack.audit)
      ? _("หัวหน้าคณะผู้ตรวจประเมิน")
      : _("ผู้ตรวจประเมิน");

/** @param {Open} open @param {How} how */
export const signatureCards = (open, how) =>
  signers(open)
    .filter(({ id, register }) => how.writable || !needless(open, id, register))
    .map((signer) => card(open, signer, how));

/** Oneself, whose signature nothing waits for, once it can no longer be given. @param {Open} open @param {string | null} id @param {string} register */
const needless = (open, id, register) =>
  id !== null && id !== leadOf(open.pack.audit) && !signatureIn(open, register);

/** @param {Open} open @param {ReturnType<typeof signers>[number]} signer @param {How} how */
const card = (open, { whose, id, register }, { digest, again, writable, next }) => {
  const made = stamp("signature");
  made.dataset.register = register;
  const signed = signatureIn(open, register);
  const covers = signed?.over === digest;
  // What the office signed with the first submission stands for what is corrected after it.
  const stands = signed !== null && !covers && again && whose === "office";
  const self = open.pack.audit.kind === "self";
  const mine = self ? headHere(open) !== null : id === null || id === walk.person.id;
  say(made, {
    whose: signerWords(open, id),
    "state-words": !signed
      ? _("ยังไม่ลงชื่อ")
      : covers
        ? _("ลงชื่อแล้ว")
        : stands
          ? _("ลายมือชื่อเดิมยังใช้ได้")
          : _("คำตอบเปลี่ยนหลังลงชื่อ"),
    name: signed
      ? [signed.name, signed.post].filter(Boolean).join(" · ")
      : nameOf(open, self ? leadOf(open.pack.audit) : id),
    when: signed ? dateTime(signed.made_at) : null,
    told: stands
      ? _("สำนักงานลงชื่อไว้กับผลที่ส่งครั้งแรก ไม่ต้องลงชื่อใหม่สำหรับข้อที่แก้")
      : signed && !covers
        ? _("ลายมือชื่อนี้กำกับคำตอบชุดก่อน ต้องลงชื่อใหม่")
        : null,
    "sign-words": signed ? _("ลงชื่อใหม่") : _("ลงชื่อ"),
  });
  const state = !signed ? "" : covers || stands ? "met" : "waiting";
  mood(slot(made, "state"), state);
  draw(
    made,
    "state-picture",
    !signed ? "pencil" : covers || stands ? "circle-check" : "triangle-alert",
  );
  if (signed) slot(made, "ink").append(inkOf(signed));
  slot(made, "ink").classList.toggle("is-past", Boolean(signed && !covers && !stands));
  const button = slot(made, "sign");
  button.hidden = !mine || !writable;
  button.classList.toggle("button-main", next && !covers && !stands);
  onTap(made, "sign", () => sign(open, whose, digest, signed));
  return made;
};

/** @param {Open} open @param {string | null} id */
const nameOf = ({ pack }, id) =>
  inLang(pack.audit.people.find((one) => one.id === id)?.name) || null;

/** @param {Open} open @param {"office" | "assessor"} whose @param {string} digest @param {any} signed */
const sign = (open, whose, digest, signed) => {
  const { ledger } = open;
  const { counts } = ledger.scorecard;
  const id = whose === "office" ? null : walk.person.id;
  const register = id === null ? "signature office" : `signature assessor ${id}`;
  const self = open.pack.audit.kind === "self";
  const before = newest(ledger.standing(register), headHere(open))?.value ?? null;
  const photos = Object.values(ledger.state.photos).flat();
  const told = {
    n: counts.answered,
    m: counts.criteria,
    photos: photos.filter(({ removed }) => !removed).length,
    code: digest.slice(0, 12),
  };
  askSignature(
    {
      title: _("{who}ลงชื่อ", { who: signerWords(open, id) }),
      statement: self
        ? _(
            "รับรองว่าหน่วยงานประเมินตนเองตามจริง {n} จาก {m} ข้อ ภาพ {photos} ภาพ รหัสตรวจสอบ {code} การลงชื่อไม่ใช่การรับรองระดับ",
            told,
          )
        : id === null
          ? _(
              "รับทราบผลการตรวจที่บันทึกไว้ {n} จาก {m} ข้อ ภาพ {photos} ภาพ รหัสตรวจสอบ {code} การลงชื่อไม่ใช่การรับรองระดับ",
              told,
            )
          : _(
              "รับรองว่าตรวจและบันทึกตามจริง {n} จาก {m} ข้อ ภาพ {photos} ภาพ รหัสตรวจสอบ {code}",
              told,
            ),
      name: signed?.name ?? nameOf(open, self ? walk.person.id : id) ?? "",
      post: signed?.post ?? (id === null && !self ? "" : signerWords(open, id)),
    },
    async (made) => {
      const kept = await keep(() => ledger.sign(whose, { ...made, over: digest }));
      if (kept) snack(_("ลงชื่อแล้ว"), () => keep(() => ledger.sign(whose, before)));
    },
  );
};
