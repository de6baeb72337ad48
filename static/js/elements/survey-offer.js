// A survey whose figures are fixed, offered as evidence at its criterion: one tap attaches the file
// that the server made, without sending it again, without network too.

import { Live, onTap, say, slot, stamp } from "../helpers/dom.js";
import { _ } from "../helpers/words.js";
import { surveysOf } from "../sync/surveys.js";
import { keep, snack } from "./snack.js";
import { mayWrite } from "./stage.js";
import { inLang, walk } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */
/** @typedef {import("./walk.js").Criterion} Criterion */
/** @typedef {import("../sync/surveys.js").Offer} Offer */

const FEW = 30;

export class SurveyOffer extends Live {
  /** A second tap while the first is kept is the same tap. */
  #busy = false;

  /** @param {Open} open @param {Criterion} criterion */
  constructor(open, criterion) {
    super();
    this.open = open;
    this.criterion = criterion;
  }

  connectedCallback() {
    this.hear(walk.vault, "records", () => this.#draw());
    this.hear(this.open.ledger, "change", () => this.#draw());
    this.#draw();
  }

  /** The change that attached a survey's file here, if it stands. @param {Offer} offer */
  #attached({ file }) {
    const all = this.open.ledger.state.attachments?.[this.criterion.code] ?? [];
    return all.find((one) => !one.removed && one.value.sha256 === file.sha256);
  }

  #draw() {
    const { open, criterion } = this;
    const offers = surveysOf(walk.vault, open.pack.audit.id, criterion.code);
    const writable = mayWrite(open.pack, criterion.code);
    const used = offers.map((offer) => Boolean(this.#attached(offer)));
    const text = JSON.stringify([offers, used, writable]);
    if (this.dataset.drawn === text) return;
    this.dataset.drawn = text;
    this.replaceChildren(
      ...offers.map((offer, i) => {
        const card = stamp("survey-offer");
        say(card, {
          title: inLang(offer.title),
          figures: _("ผู้ตอบ {n} คน · ร้อยละ {percent} · ค่าเฉลี่ย {mean} จาก 5", {
            n: offer.n,
            percent: offer.percent,
            mean: offer.mean,
          }),
          few: offer.n < FEW ? _("ผู้ตอบน้อยกว่า 30 คน ใช้อ้างอิงได้จำกัด") : null,
          used: used[i] ? _("ใช้เป็นหลักฐานของข้อนี้แล้ว") : null,
        });
        slot(card, "use").hidden = used[i] || !writable;
        onTap(card, "use", () => this.#use(offer));
        return card;
      }),
    );
  }

  /** @param {Offer} offer */
  async #use(offer) {
    if (this.#busy || this.#attached(offer)) return;
    this.#busy = true;
    const { ledger } = this.open;
    const { sha256 } = offer.file;
    const done = await keep(async () => {
      // The server made it and told so: nothing of it waits here to be sent.
      await walk.vault.markPhoto(sha256, "received");
      return ledger.addFile(this.criterion.code, offer.file);
    });
    this.#busy = false;
    if (!done) return;
    snack(_("แนบผลสำรวจเป็นหลักฐานแล้ว"), () => {
      const attached = this.#attached(offer);
      if (attached)
        keep(() => ledger.withdraw("attachment", attached.id, _("เลิกใช้ผลสำรวจเป็นหลักฐาน")));
    });
  }
}
customElements.define("survey-offer", SurveyOffer);
