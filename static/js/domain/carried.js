// What an office said of itself in the round before, offered to be confirmed in this one. Pure.
// Blank until somebody says it anew; app/audits/rules/carrying.py says what may be carried.

import { criteriaOf, targetOf } from "./edition.js";

/** @typedef {import("./fold.js").State} State */
/**
 * `figures`: what was measured, by target; a pack made before there were any has none.
 * @typedef {{round: {th: string, en: string}, answers: Record<string, any>,
 *   figures?: Record<string, any>, notes: Record<string, string>}} Carried
 */

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
    return value === undefined || !isBlank(state, `answer ${target}`) ? [] : [[target, value]];
  });
};

/**
 * The figures of a criterion that stand blank and wait with its answers: `[["P08:lux", 300]]`.
 * Who answers anew measures anew, so none waits alone.
 * @param {Carried | null | undefined} carried @param {State} state
 * @param {{code: string, kind: string, parts: {code: string}[], measurements: {key: string}[]}} criterion
 * @returns {[string, any][]}
 */
export const figuresIn = (carried, state, criterion) => {
  if (!carried?.figures || !waitsIn(carried, state, criterion).length) return [];
  const { figures } = carried;
  return criterion.measurements.flatMap(({ key }) => {
    const target = `${criterion.code}:${key}`;
    const waits = figures[target] !== undefined && isBlank(state, `measurement ${target}`);
    return waits ? [/** @type {[string, any]} */ ([target, figures[target]])] : [];
  });
};

/** @param {State} state @param {string} register */
const isBlank = (state, register) =>
  (state.registers[register] ?? []).every((one) => one.value === null);

/**
 * What would stand if everything that waits were confirmed.
 * @param {Carried | null | undefined} carried @param {State} state
 * @param {import("./edition.js").Edition} edition
 * @returns {State}
 */
export const confirmed = (carried, state, edition) => {
  const registers = { ...state.registers };
  for (const criterion of criteriaOf(edition)) {
    for (const [target, value] of waitsIn(carried, state, criterion))
      registers[`answer ${target}`] = [{ value, changes: [] }];
    for (const [target, value] of figuresIn(carried, state, criterion))
      registers[`measurement ${target}`] = [{ value, changes: [] }];
  }
  return { ...state, registers };
};
