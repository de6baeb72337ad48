/**
 * `node tests/js/merkle.mjs` answers lines of JSON one by one, for the comparison of the two
 * languages: `{"older","newer","proof"}`, `{"leaf","index","log","proof"}` or `{"note","vkeys"}`.
 */

import { createInterface } from "node:readline";
import {
  checkSignature,
  parseCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from "../../static/js/domain/merkle.js";

/** @param {any} asked */
const answer = async (asked) => {
  if ("note" in asked) {
    return [parseCheckpoint(asked.note), await checkSignature(asked.note, asked.vkeys)];
  }
  if ("older" in asked) return verifyConsistency(asked.older, asked.newer, asked.proof);
  return verifyInclusion(asked.leaf, asked.index, asked.log, asked.proof);
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
