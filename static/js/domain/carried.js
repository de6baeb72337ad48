// What an office said of itself in the round before, offered to be confirmed in this one. Pure.
// Blank until somebody says it anew; app/audits/rules/carrying.py says what may be carried.

import { criteriaOf, targetOf } from "./edition.js";

/** @typedef {import("./fold.js").State} State */
/** @typedef {{round: {th: string, en: string}, answers: Record<string, any>, notes: Record<string, string>}} Carried */

/**
 * The answers of a criterion that stand blank and could be confirmed: `[["R1/1.1", 2]]`.
 * @param {Carried | null | undefined} carried @param {State} state
 * @param {{code: string, kind: string, parts: {code: string}[]}} criterion
 * @returns {[string, any][]}
 */
export const waitsIn = (carried, state, criterion) => {
  if (!carried) return [];
  const parts = criterion.kind === "scored" ? criterion.parts : [null];
  return parts.flatMap((part) => {
    const target = targetOf(/** @type {any} */ (criterion), part?.code ?? "");
    const value = carried.answers[target];
    const standing = state.registers[`answer ${target}`] ?? [];
    const blank = standing.every((one) => one.value === null);
    return value === undefined || !blank ? [] : [[target, value]];
  });
};

/**
 * What would stand if everything that waits were confirmed.
 * @param {Carried | null | undefined} carried @param {State} state
 * @param {import("./edition.js").Edition} edition
 * @returns {State}
 */
export const confirmed = (carried, state, edition) => {
  const registers = { ...state.registers };
  for (const criterion of criteriaOf(edition))
    for (const [target, value] of waitsIn(carried, state, criterion))
      registers[`answer ${target}`] = [{ value, changes: [] }];
  return { ...state, registers };
};
