// What is being worked on: a photo that may still be covered does not leave the phone, and the app
// is not updated meanwhile.

import { walk } from "./walk.js";

/** How many hold each photo. @type {Map<string, number>} */
const held = new Map();

/** Hold a photo back. @param {string} sha @returns {() => void} let go; once is enough */
export const holdPhoto = (sha) => {
  const { courier } = walk;
  held.set(sha, (held.get(sha) ?? 0) + 1);
  courier.pause(sha);
  let over = false;
  return () => {
    if (over) return;
    over = true;
    const left = (held.get(sha) ?? 1) - 1;
    if (left) held.set(sha, left);
    else {
      held.delete(sha);
      courier.resume(sha);
    }
  };
};

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
