/**
 * Scoring at the door: answers as they travel, checked and tallied. The phone itself tallies what
 * `reading.js` makes of its own changes and does not load this.
 */

import { parseAnswers } from "./answers.js";
import { tally } from "./tally.js";

export { BadAnswers, parseAnswers } from "./answers.js";
export { tally } from "./tally.js";

/**
 * The scorecard of answers as they travel: `{"P01": "met", "R1": {"1.1": 2}}`.
 * @param {import("./edition.js").Edition} edition
 * @param {Record<string, unknown>} answers
 * @param {Record<string, unknown>} [photos]
 * @returns {import("./tally.js").Scorecard}
 * @throws {import("./answers.js").BadAnswers} for what the edition does not have
 */
export function score(edition, answers, photos = {}) {
  return tally(edition, parseAnswers({ answers, photos }, edition));
}
