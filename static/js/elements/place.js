// Where the phone is, when the person allows it; and whether a photo is being worked on.

/** @typedef {{lat: number, lon: number, accuracy: number}} Position */

let refused = false;

/** The place within four seconds, or null: a photo never waits longer for it. @returns {Promise<Position | null>} */
export const place = () =>
  new Promise((resolve) => {
    if (refused || !navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
      (error) => {
        refused = error.code === error.PERMISSION_DENIED;
        resolve(null);
      },
      { timeout: 4000, maximumAge: 120_000, enableHighAccuracy: false },
    );
  });

let working = 0;

/** Say that a photo is being worked on; call the answer when it is done. */
export const busy = () => {
  const change = (/** @type {number} */ by) => {
    working += by;
    dispatchEvent(new Event("busy"));
  };
  change(1);
  return () => change(-1);
};

/** Nothing is being worked on, so the app may be updated. */
export const idle = () => working === 0;
