// What a receipt of a visit says, as plain values: the page and the picture both come from it.

import { digestOf } from "../domain/content.js";
import { date } from "../helpers/time.js";
import { _ } from "../helpers/words.js";
import { answersTo } from "./criterion-row.js";
import { signatureIn, signers, signerWords } from "./signature-cards.js";
import { answerWords, levelName, points } from "./speak.js";
import { criteriaOf, inLang } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {{whose: string, name: string, post: string, when: string | null, strokes: number[][] | null, note: string | null}} Signer */
/**
 * @typedef {{issuer: string, office: string, facts: [string, string][],
 *   level: {name: string, colour: string}, score: string, percent: string, gates: string,
 *   sections: {title: string, answered: string, score: string}[],
 *   unmet: {code: string, title: string, words: string}[], signers: Signer[], code: string,
 *   made: string}} Receipt
 */

/** @param {Open} open @returns {Promise<Receipt>} */
export const receiptOf = async (open) => {
  const { pack, ledger } = open;
  const { audit } = pack;
  const edition = /** @type {import("../domain/edition.js").Edition} */ (
    /** @type {any} */ (pack.edition)
  );
  const card = ledger.scorecard;
  const digest = await digestOf(ledger.state);
  const level = edition.levels.find(({ code }) => code === card.level);
  const taken = Object.values(ledger.state.photos).flat();
  const photos = taken.filter(({ removed }) => !removed).length;
  const year = _("ปีงบประมาณ พ.ศ. {year}", { year: audit.round.fiscal_year });
  const round = inLang(audit.round.name) || year;
  return {
    issuer: inLang(/** @type {any} */ (pack).settings?.issuer),
    office: inLang(audit.office.name),
    facts: [
      [_("รหัสสำนักงาน"), audit.office.code],
      [_("รอบการตรวจ"), round],
      [_("วันที่ตรวจ"), dayWords(open)],
      [_("คณะผู้ตรวจ"), audit.people.map(({ name }) => inLang(name)).join(", ")],
      [_("เกณฑ์"), inLang(edition.title)],
      [
        _("บันทึกแล้ว"),
        _("{n} จาก {m} ข้อ ภาพหลักฐาน {photos} ภาพ", {
          n: card.counts.answered,
          m: card.counts.criteria,
          photos,
        }),
      ],
    ],
    level: {
      name: level ? levelName(level.code, pack) : _("ยังไม่ถึงระดับใด"),
      colour: level ? (level.colour ?? "teal") : "none",
    },
    score: _("{n}/{m} คะแนน", { n: points(card.earned), m: points(card.possible) }),
    percent: _("ร้อยละ {n}", { n: card.percent }),
    gates: _("เกณฑ์บังคับ {n}/{m} ข้อ", { n: card.gates.met, m: card.gates.total }),
    sections: card.sections.map((told) => ({
      title: inLang(edition.sections.find(({ code }) => code === told.code)?.title),
      answered: `${told.answered} / ${told.total}`,
      score: told.possible ? `${points(told.earned)} / ${points(told.possible)}` : "–",
    })),
    unmet: unmetOf(open),
    signers: signers(open).map(({ id, register }) => signerOf(open, id, register, digest)),
    code: digest.slice(0, 12),
    made: date(Date.now()),
  };
};

/** @param {Open} open @param {string | null} id @param {string} register @param {string} digest @returns {Signer} */
const signerOf = (open, id, register, digest) => {
  const signed = signatureIn(open, register);
  const person = open.pack.audit.people.find((one) => one.id === id);
  return {
    whose: signerWords(open, id),
    name: signed?.name ?? inLang(person?.name),
    post: signed?.post ?? "",
    when: signed ? date(signed.made_at) : null,
    strokes: signed?.strokes ?? null,
    note: signed && signed.over !== digest ? _("คำตอบเปลี่ยนหลังลงชื่อ") : null,
  };
};

/** The days on which something was found; before that, the day that is planned. @param {Open} open */
const dayWords = ({ pack, ledger }) => {
  const found = ledger.changes.filter(({ kind }) => kind === "answer" || kind === "photo");
  const times = found.map(({ made_at }) => made_at).sort();
  const [first, last] = [times[0], times.at(-1)];
  if (!first || !last) return pack.audit.planned_on ? date(pack.audit.planned_on) : "–";
  const days = [...new Set([date(first), date(last)])];
  return days.join(" – ");
};

/** What is not met or has not all of its points, what weighs most first. @param {Open} open */
const unmetOf = (open) => {
  const rows = criteriaOf(open.pack).flatMap(({ criterion }) => {
    if (criterion.kind === "advisory") return [];
    const answers = answersTo(open, criterion);
    const away = answers.every(({ value }) => value !== null && typeof value === "object");
    if (away || answers.some(({ value, torn }) => value === null && !torn)) return [];
    const gate = criterion.kind === "gate";
    const got = answers.reduce((sum, { value }) => sum + (Number(value) || 0), 0);
    const torn = answers.some((one) => one.torn);
    if (!torn && (gate ? answers[0].value === "met" : got * 100 >= criterion.points)) return [];
    const words = torn
      ? _("คำตอบไม่ตรงกัน")
      : gate
        ? answerWords(answers[0].value, criterion)
        : _("{n}/{m} คะแนน", { n: got, m: points(criterion.points) });
    const { code, title } = criterion;
    return [{ code, title: inLang(title), words, weight: gate ? 0 : got ? 2 : 1 }];
  });
  rows.sort((a, b) => a.weight - b.weight);
  return rows.map(({ code, title, words }) => ({ code, title, words }));
};
