/**
 * The shape of a compiled edition, as `gecc edition show --json` prints it and packs carry it.
 * Types only; app/checklists/rules/edition.py is where each is explained.
 *
 * @typedef {{th: string, en: string}} Text
 * @typedef {"gate" | "scored" | "advisory"} Kind
 * @typedef {{points: number, title: Text | null}} Step
 * @typedef {{code: string, title: Text | null, points: number, composed: boolean,
 *   source: string | null, steps: Step[]}} Part
 * @typedef {{key: string, label: Text, unit: string, unit_en: string,
 *   op: ">=" | "<=" | "between" | "count" | "=" | null,
 *   value: boolean | number | number[] | null, per: string | null,
 *   table: {up_to: number, min: number}[] | null, source: string | null}} Measurement
 * @typedef {{status: "official" | "composed", sources: string[], note: string | null,
 *   note_en: string | null}} Provenance
 * @typedef {{code: string, title: Text, guidance: Text | null, official_no: string | null,
 *   official_no_en: string | null,
 *   kind: Kind, tier: string, points: number, parts: Part[], measurements: Measurement[],
 *   evidence: string[], min_photos: number, not_applicable: boolean, shared_facility: boolean,
 *   effort: number, feeds: string[], provenance: Provenance}} Criterion
 * @typedef {{code: string, title: Text | null, criteria: Criterion[]}} Group
 * @typedef {{code: string, title: Text, kind: Kind, groups: Group[]}} Section
 * @typedef {{code: string, name: Text, min: number, gates: boolean,
 *   section_min: Record<string, number>, criteria_met: string[], colour: string | null}} Level
 * @typedef {{format: 1, slug: string, edition: string, sha256: string, title: Text,
 *   status: "draft" | "official", owner: Text, validity_years: number | null,
 *   no_level: Text | null, tiers: {code: string, name: Text}[], levels: Level[],
 *   evidence_kinds: {code: string, name: Text}[],
 *   sources: Record<string, {what: string, where: string, confidence: string}>,
 *   sections: Section[]}} Edition
 */

/**
 * Every criterion of an edition, in its order.
 * @param {Edition} edition
 * @returns {Criterion[]}
 */
export function criteriaOf(edition) {
  return edition.sections.flatMap((section) => section.groups.flatMap((g) => g.criteria));
}

/**
 * How a change and a scorecard name a part: `Q1.1`, or `R1/1.1` for a named one.
 * @param {Criterion} criterion
 * @param {string} part
 * @returns {string}
 */
export function targetOf(criterion, part) {
  return part === "" ? criterion.code : `${criterion.code}/${part}`;
}
