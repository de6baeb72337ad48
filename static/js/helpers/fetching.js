// Fetching that gives up: a network that hangs is treated like none.

/** @param {string} url @param {RequestInit} [init] @param {number} [limit] milliseconds */
export const fetchTimeout = (url, init = {}, limit = 8000) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(limit) });
