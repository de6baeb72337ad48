/**
 * The fewest things that together reach several bounds, exactly: what `ways-up.js` chooses with.
 * The twin is app/scoring/rules/fewest.py; docs/scoring.md tells why the answer is exact.
 */

/**
 * One thing that may be taken: the group it counts in, what it gains, what it costs.
 * @typedef {{group: number, gain: number, effort: number}} Item
 */
/**
 * The most that is gained, by how many are taken and what they cost: `n * width + effort`.
 * @typedef {Map<number, number>} Table
 */
/**
 * What the items of one group can still add: `inside` by position in the group (of a group without
 * a bound with all later groups in it), `later` what the groups after it can add.
 * @typedef {{need: number, start: number, inside: Table[], later: Table}} Group
 */

/**
 * The smallest sets that gain `need` together and `needs[group]` in each group.
 * @param {Item[]} items gains and efforts above 0, a group's side by side, groups rising
 * @param {number[]} needs by group; 0 or less asks for nothing
 * @param {number} need
 * @param {number} most
 * @returns {number[][]} at most so many sets as positions in `items`, all of the smallest size
 *   there is, ordered by effort and then by position; none when everything is too little
 */
export function fewest(items, needs, need, most) {
  const size = sizeOf(items, needs, need);
  if (size === null) return [];
  const search = new Search(items, needs, need, size);
  /** @type {number[][]} */
  const found = [];
  for (const effort of search.efforts()) {
    search.collect(found, most, effort);
    if (found.length === most) break;
  }
  return found;
}

/**
 * How many it takes: in each group its greatest gains to its bound, then the greatest of all.
 * @param {Item[]} items
 * @param {number[]} needs
 * @param {number} need
 * @returns {number | null}
 */
function sizeOf(items, needs, need) {
  /** @type {number[][]} */
  const groups = needs.map(() => []);
  for (const { group, gain } of items) groups[group].push(gain);
  let size = 0;
  let gained = 0;
  /** @type {number[]} */
  const rest = [];
  for (const [group, gains] of groups.entries()) {
    gains.sort(greatestFirst);
    let taken = 0;
    let within = 0;
    for (; within < needs[group]; taken += 1) {
      if (taken === gains.length) return null;
      within += gains[taken];
    }
    size += taken;
    gained += within;
    rest.push(...gains.slice(taken));
  }
  for (const gain of rest.sort(greatestFirst)) {
    if (gained >= need) break;
    size += 1;
    gained += gain;
  }
  return gained >= need ? size : null;
}

/** @param {number} a @param {number} b */
const greatestFirst = (a, b) => b - a;

/** All sets of one size, walked in the order of the items and never into a dead end. */
class Search {
  /** @param {Item[]} items @param {number[]} needs @param {number} need @param {number} size */
  constructor(items, needs, need, size) {
    this.items = items;
    this.need = need;
    this.size = size;
    this.width = items.reduce((sum, item) => sum + item.effort, 1);
    this.before = greatest(items);
    /** @type {Map<number, Group>} */
    this.groups = new Map();
    /** @type {Table} */
    let later = new Map([[0, 0]]);
    let end = items.length;
    while (end > 0) {
      const { group } = items[end - 1];
      const start = items.findIndex((item) => item.group === group);
      const bound = needs[group];
      const nothing = new Map([[0, 0]]);
      const inside = this.#inside(start, end, bound > 0 ? nothing : later, bound);
      const after = bound > 0 ? later : nothing;
      this.groups.set(group, { need: bound, start, inside, later: after });
      later = bound > 0 ? this.#joined(start, inside[0], later, bound) : inside[0];
      end = start;
    }
    this.first = later;
  }

  /** What the sets cost, the least first. */
  efforts() {
    const at = this.size * this.width;
    return [...this.first]
      .filter(([key, gain]) => key >= at && key < at + this.width && gain >= this.need)
      .map(([key]) => key - at)
      .sort((a, b) => a - b);
  }

  /**
   * Add the sets of exactly this effort, in order, until there are `most`.
   * @param {number[][]} found @param {number} most @param {number} effort
   */
  collect(found, most, effort) {
    const left = this.size * this.width + effort;
    this.#walk(found, most, [], { left, within: 0, gained: 0 });
  }

  /**
   * @param {number[][]} found
   * @param {number} most
   * @param {number[]} taken
   * @param {{left: number, within: number, gained: number}} state
   */
  #walk(found, most, taken, state) {
    const { left, gained } = state;
    let { within } = state;
    if (left === 0) {
      found.push(taken);
      return;
    }
    for (
      let i = taken.length ? taken[taken.length - 1] + 1 : 0;
      i < this.items.length;
      i += 1
    ) {
      const { group, gain, effort } = this.items[i];
      const there = /** @type {Group} */ (this.groups.get(group));
      if (i === there.start) within = 0;
      const cost = this.width + effort;
      const next = { left: left - cost, within: within + gain, gained: gained + gain };
      if (left >= cost && this.#reaches(there, i + 1, next)) {
        this.#walk(found, most, [...taken, i], next);
        if (found.length === most) return;
      }
      if (!this.#reaches(there, i + 1, { left, within, gained })) return;
    }
  }

  /**
   * Whether the items from here on can make a whole of what has been taken.
   * @param {Group} there
   * @param {number} at
   * @param {{left: number, within: number, gained: number}} state
   */
  #reaches(there, at, { left, within, gained }) {
    const inside = there.inside[at - there.start];
    for (const [key, after] of there.later) {
      const here = inside.get(left - key);
      if (here === undefined || within + here < there.need) continue;
      if (gained + here + after >= this.need) return true;
    }
    return false;
  }

  /** @param {number} start @param {number} end @param {Table} last @param {number} bound */
  #inside(start, end, last, bound) {
    const tables = [last];
    let newest = last;
    for (let i = end - 1; i >= start; i -= 1) {
      const { gain, effort } = this.items[i];
      const cost = this.width + effort;
      const table = new Map(newest);
      for (const [key, most] of newest) raise(table, key + cost, most + gain);
      newest = bound > 0 ? table : this.#hopeful(i, table);
      tables.push(newest);
    }
    return tables.reverse();
  }

  /**
   * What a group that keeps its bound adds to all that comes after it.
   * @param {number} start @param {Table} inside @param {Table} later @param {number} bound
   */
  #joined(start, inside, later, bound) {
    /** @type {Table} */
    const table = new Map();
    for (const [key, gain] of inside) {
      if (gain < bound) continue;
      for (const [other, after] of later) raise(table, key + other, gain + after);
    }
    return this.#hopeful(start, table);
  }

  /**
   * Without what even the greatest gains before `start` cannot lift to the bound.
   * @param {number} start
   * @param {Table} table
   */
  #hopeful(start, table) {
    const before = this.before[start];
    for (const [key, gain] of table) {
      const missing = this.size - Math.floor(key / this.width);
      const hopeless = missing < 0 || missing >= before.length;
      if (hopeless || gain + before[missing] < this.need) table.delete(key);
    }
    return table;
  }
}

/** @param {Table} table @param {number} key @param {number} gain */
const raise = (table, key, gain) => {
  if ((table.get(key) ?? -1) < gain) table.set(key, gain);
};

/**
 * For each position, the most that 0, 1, 2 … of the items before it gain.
 * @param {Item[]} items
 */
function greatest(items) {
  return [...items, null].map((_item, i) => {
    const gains = items.slice(0, i).map(({ gain }) => gain);
    const sums = [0];
    for (const gain of gains.sort(greatestFirst)) sums.push(sums[sums.length - 1] + gain);
    return sums;
  });
}
