// A checklist of one gate and one point, and the scorecard a server would send for it.
import { score } from "../../../static/js/domain/scoring.js";
import { AUDIT } from "./device.mjs";
import { sum } from "./server.mjs";

const words = (/** @type {string} */ text) => ({ th: text, en: text });
const criterion = {
  title: words("x"),
  guidance: null,
  official_no: null,
  official_no_en: null,
  tier: "basic",
  parts: [],
  measurements: [],
  evidence: ["photo"],
  min_photos: 0,
  not_applicable: false,
  shared_facility: false,
  effort: 3,
  feeds: [],
  provenance: { status: "composed", sources: [], note: null },
};
const step = (/** @type {number} */ points) => ({ points, title: null });

/** @type {any} */
export const edition = {
  format: 1,
  slug: "tiny",
  edition: "1",
  sha256: "e".repeat(64),
  title: words("Tiny"),
  status: "draft",
  owner: words("x"),
  tiers: [{ code: "basic", name: words("x") }],
  levels: [
    {
      code: "BASIC",
      name: words("b"),
      min: 70,
      gates: true,
      section_min: {},
      criteria_met: [],
      colour: "blue",
    },
  ],
  sources: {},
  sections: [
    {
      code: "S",
      title: words("S"),
      kind: "scored",
      groups: [
        {
          code: "S",
          title: null,
          criteria: [
            { ...criterion, code: "G1", kind: "gate", points: 0 },
            {
              ...criterion,
              code: "Q1",
              kind: "scored",
              points: 100,
              parts: [
                {
                  code: "",
                  title: null,
                  points: 100,
                  composed: true,
                  steps: [step(0), step(100)],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

export const pack = { format: 1, audit: { id: AUDIT }, edition, settings: {} };
const text = JSON.stringify(pack);
export const packRecord = { text, sha: sum(text) };

/** @param {Record<string, any>} answers */
export const serverCard = (answers) => score(edition, answers);
