// A photo that may still be covered does not leave the phone.

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
