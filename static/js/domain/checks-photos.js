// Photos as evidence: taken when, where, used once, and where their bytes are.

import { finding } from "./finding.js";

/** @typedef {import("./finding.js").Bare} Bare */
/** @typedef {import("./finding.js").Held} Held */
/** @typedef {import("./finding.js").Place} Place */
/** @typedef {{code: string, photo: import("./fold.js").Photo}} Shown */
/** @typedef {{lat: number, lon: number, accuracy: number | null, age?: number}} Position */

/** Beyond what the phone itself is unsure of: a plot of land, a car park, the building next door. */
const NEAR = 300;
/** What a phone that does not say how sure it is may be off by. */
const UNSURE = 500;
/** A position older than this, in seconds, is of where the phone was before. */
const STALE = 600;
/** From so many photos on, most of them say where the visit is. */
const ENOUGH = 3;
/** Two clocks of one phone may differ by this. */
const LENIENT = 600_000;

/** @param {Held} held @param {import("./edition.js").Criterion[]} criteria @returns {Bare[]} */
export const photoChecks = (held, criteria) => {
  const { state, where } = held;
  const shown = criteria.flatMap(({ code }) =>
    (state.photos[code] ?? [])
      .filter((photo) => !photo.removed)
      .map((photo) => ({ code, photo })),
  );
  const unsent = criteria.flatMap(({ code }) => {
    const n = shown.filter(
      (one) => one.code === code && where[one.photo.value.sha256] === "here",
    ).length;
    return n ? [finding("photo-unsent", code, { n })] : [];
  });
  return [
    ...shown.flatMap(({ code, photo }) => {
      const state = where[photo.value.sha256];
      if (state !== "lost" && state !== "refused") return [];
      return [finding(`photo-${state}`, code, {}, photo.id, photo.id)];
    }),
    ...usedTwice(shown),
    ...shown.flatMap((one) => takenWhen(one, held)),
    ...takenFar(shown, held),
    ...unsent,
  ];
};

/** The same picture, by its bytes, its original or what it was masked from. @param {Shown[]} shown @returns {Bare[]} */
const usedTwice = (shown) => {
  /** @type {Map<string, string>} */
  const first = new Map();
  return shown.flatMap(({ code, photo }) => {
    const { sha256, original, of } = photo.value;
    /** @type {string[]} */
    const names = [sha256, original?.sha256, of?.sha256].filter(Boolean);
    const other = names
      .map((name) => first.get(name))
      .find((found) => found !== undefined && found !== code);
    for (const name of names) if (!first.has(name)) first.set(name, code);
    return other === undefined
      ? []
      : [finding("photo-twice", code, { other }, photo.id, photo.id)];
  });
};

/**
 * The earliest and the latest moment a camera's time may mean: one without an offset is Bangkok's,
 * or a clock that was never set from Greenwich's. Null for what is no time at all.
 * @param {string | null} told @returns {[number, number] | null}
 */
const moments = (told) => {
  const read = told?.match(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/);
  if (!read) return null;
  const wall = new Date(`${read[1]}Z`);
  // Some engines read 31 February as 3 March; a camera that says so says nothing.
  if (Number.isNaN(wall.getTime()) || !wall.toISOString().startsWith(read[1])) return null;
  const zones = read[2] ? [read[2], read[2]] : ["+07:00", "Z"];
  const [from, to] = zones.map((zone) => Date.parse(`${read[1]}${zone}`));
  return Number.isNaN(from) ? null : [from, to];
};

/** @param {number} moment its day in Bangkok */
const dayOf = (moment) => new Date(moment + 7 * 3_600_000).toISOString().slice(0, 10);

/** @param {Shown} shown @param {Held} held @returns {Bare[]} */
const takenWhen = ({ code, photo }, { audit, now }) => {
  const taken = photo.value.taken_at;
  const read = moments(taken);
  if (!read) return [];
  const [from, to] = read;
  const added = Date.parse(photo.made_at);
  if (from > Math.min(added, now) + LENIENT)
    return [finding("photo-after", code, { taken }, photo.id, photo.id)];
  if (!audit.planned_on) return [];
  // A team that came another day than planned took its photos on that day.
  const day = [audit.planned_on, dayOf(added)].sort()[0];
  return dayOf(to) < day
    ? [finding("photo-before", code, { taken, day }, photo.id, photo.id)]
    : [];
};

/** @param {Shown[]} shown @param {Held} held @returns {Bare[]} */
const takenFar = (shown, { audit }) => {
  const placed = shown.flatMap(({ code, photo }) => {
    /** @type {Position | null} */
    const at = photo.value.position;
    // Of a picture chosen from the library the phone knows only where it was chosen.
    if (!at || photo.value.source === "library" || (at.age ?? 0) > STALE) return [];
    return [{ code, photo, at }];
  });
  const office = audit.office.position;
  if (!office && placed.length < ENOUGH) return [];
  const middle = office ?? {
    lat: median(placed.map(({ at }) => at.lat)),
    lon: median(placed.map(({ at }) => at.lon)),
  };
  return placed.flatMap(({ code, photo, at }) => {
    const metres = Math.floor(distance(middle, at));
    if (metres <= (at.accuracy ?? UNSURE) + NEAR) return [];
    const from = office ? "office" : "others";
    return [finding("photo-far", code, { metres, from }, photo.id, photo.id)];
  });
};

/** @param {number[]} numbers */
const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** Metres between two places, as the crow flies. @param {Place} a @param {Place} b */
export const distance = (a, b) => {
  const radians = Math.PI / 180;
  const north = Math.sin(((b.lat - a.lat) * radians) / 2);
  const east = Math.sin(((b.lon - a.lon) * radians) / 2);
  const chord =
    north * north + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * east * east;
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(chord)));
};
