// Which photos of an audit are shown, and in which order. Pure.

/** @typedef {import("../domain/fold.js").State} State */
/** @typedef {import("../domain/fold.js").Photo} Photo */

/**
 * A criterion's photos as everybody sees them: none that was taken out, none that a masked photo
 * stands for (not even when that was taken out since), and each annotated one after its source.
 * @param {State} state @param {string} criterion @returns {Photo[]}
 */
export const shownPhotos = (state, criterion) => {
  const covered = new Set(
    Object.values(state.photos)
      .flat()
      .flatMap(({ value }) =>
        value.of?.how === "masked" && value.of.sha256 !== value.sha256 ? [value.of.sha256] : [],
      ),
  );
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
