// The pages behind an address. All but the first come from the phone's own shelf when first shown,
// so that opening the walk reads no more than the list needs.

import { VisitList } from "./visit-list.js";
import { criteriaOf, openAudit } from "./walk.js";

/** @typedef {import("./walk.js").Open} Open */

const auditPage = () => import("./audit-page.js");
const checksPage = () => import("./checks-page.js");
const criterionPage = () => import("./criterion-card.js");
const levelPage = () => import("./level-page.js");
const outboxPage = () => import("./outbox-page.js");
const receiptPage = () => import("./receipt-page.js");
const sectionPage = () => import("./section-page.js");
const submitPage = () => import("./submit-page.js");

/** Those that somebody on the walk opens next, fetched while nobody waits for them. */
export const fetchPages = () =>
  Promise.allSettled([auditPage, sectionPage, criterionPage, outboxPage].map((get) => get()));

/**
 * The page that an address names; null where it names none.
 * @param {string} address as in `#/audit/<id>/<section>/<criterion>`
 * @returns {Promise<HTMLElement | null>} rejected where the page itself cannot be had now
 */
export const pageAt = async (address) => {
  const [kind, audit, section, criterion] = address.replace(/^#\/?/, "").split("/");
  if (kind === "") return new VisitList();
  if (kind === "outbox") return new (await outboxPage()).OutboxPage();
  const open = kind === "audit" ? openAudit(audit) : null;
  if (!open) return null;
  return (
    (await namedPage(open, section)) ??
    (await sectionAt(open, section, criterion)) ??
    new (await auditPage()).AuditPage(open)
  );
};

/** @param {Open} open @param {string} name */
const namedPage = async (open, name) => {
  if (name === "level") return new (await levelPage()).LevelPage(open);
  if (name === "checks") return new (await checksPage()).ChecksPage(open);
  // An office that assesses itself gives nobody a receipt.
  if (name === "receipt" && open.pack.audit.kind === "visit")
    return new (await receiptPage()).ReceiptPage(open);
  return name === "submit" ? new (await submitPage()).SubmitPage(open) : null;
};

/** @param {Open} open @param {string} code @param {string} criterion */
const sectionAt = async (open, code, criterion) => {
  const told = open.pack.edition.sections.find((one) => one.code === code);
  if (!told) return null;
  const known = criteriaOf(open.pack).some((one) => one.criterion.code === criterion);
  const { mode, SectionPage } = await sectionPage();
  if (!known) return new SectionPage(open, told);
  return mode() === "all"
    ? new SectionPage(open, told, criterion)
    : new (await criterionPage()).CriterionPage(open, criterion);
};
