// Which photos of an audit are shown, and in which order. Pure.

/** @typedef {import("../domain/fold.js").State} State */
/** @typedef {import("../domain/fold.js").Photo} Photo */

/**
 * The names of photos that a masked one stands for, and of what was drawn on those: a copy shows
 * the same faces.
 * @param {State} state @returns {Set<string>}
 */
const coveredIn = (state) => {
  const made = Object.values(state.photos)
    .flat()
    .flatMap(({ value: { sha256, of } }) =>
      of && of.sha256 !== sha256 ? [{ sha256, how: of.how, source: of.sha256 }] : [],
    );
  const covered = new Set(
    made.filter(({ how }) => how === "masked").map(({ source }) => source),
  );
  for (let before = -1; before < covered.size; ) {
    before = covered.size;
    for (const { sha256, how, source } of made)
      if (how === "annotated" && covered.has(source)) covered.add(sha256);
  }
  return covered;
};

/**
 * A criterion's photos as everybody sees them: none that was taken out, none that a masked photo
 * stands for (not even when that was taken out since), and each annotated one after its source.
 * @param {State} state @param {string} criterion @returns {Photo[]}
 */
export const shownPhotos = (state, criterion) => {
  const covered = coveredIn(state);
  const all = (state.photos[criterion] ?? []).filter(
    (photo) => !photo.removed && !covered.has(photo.value.sha256),
  );
  /** @param {Photo} photo @returns {Photo | undefined} */
  const sourceOf = ({ value }) =>
    value.of?.how === "annotated"
      ? all.find((one) => one.value.sha256 === value.of.sha256)
      : undefined;
  const first = all.filter((photo) => !sourceOf(photo));
  /** @param {Photo} photo @returns {Photo[]} */
  const withDrawn = (photo) => [
    photo,
    ...all.filter((one) => one !== photo && sourceOf(one) === photo).flatMap(withDrawn),
  ];
  const listed = first.flatMap(withDrawn);
  return [...listed, ...all.filter((photo) => !listed.includes(photo))];
};
