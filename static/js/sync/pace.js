// When to go: soon after a change, now and then while something waits, later after a failure.

const EVERY = 30_000;
const QUIET = 25_000;
const LONGEST = 60_000;
export const SOON = 1_000;

/** Milliseconds that no wrong clock disturbs. */
export const clock = () => performance.now();

const visible = () => typeof document === "undefined" || document.visibilityState === "visible";

export class Pace {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #off = new AbortController();
  #tries = 0;
  #notBefore = 0;
  #heard = Number.NEGATIVE_INFINITY;
  #go;
  #waits;
  #random;

  /** @param {() => void} go @param {() => boolean} waits whether something waits @param {() => number} random */
  constructor(go, waits, random) {
    this.#go = go;
    this.#waits = waits;
    this.#random = random;
  }

  /** Listen for reasons to go, and go. @param {() => void} offline @returns {AbortSignal} when it is over */
  start(offline) {
    const { signal } = this.#off;
    const soon = () => this.soon(SOON);
    if (typeof document !== "undefined") {
      addEventListener("online", soon, { signal });
      addEventListener("offline", offline, { signal });
      document.addEventListener("visibilitychange", () => visible() && soon(), { signal });
    }
    const tick = setInterval(() => {
      if (this.#waits() || (visible() && clock() - this.#heard > QUIET)) this.soon(0);
    }, EVERY);
    signal.addEventListener("abort", () => clearInterval(tick));
    this.soon(0);
    return signal;
  }

  stop() {
    this.#off.abort();
    this.rest();
  }

  /** No need to go by oneself: somebody goes now. */
  rest() {
    clearTimeout(this.#timer);
  }

  /** The server was heard. */
  heard() {
    this.#heard = clock();
  }

  /** @param {number} wait */
  soon(wait) {
    this.rest();
    if (this.#off.signal.aborted) return;
    this.#timer = setTimeout(this.#go, Math.max(wait, this.#notBefore - clock()));
  }

  /** All went. */
  well() {
    this.#tries = 0;
  }

  /** @param {number} [asked] how long the server asks to be left alone */
  later(asked = 0) {
    this.#notBefore = clock() + asked;
    if (!this.#waits()) return;
    this.soon(Math.min(LONGEST, 500 * 2 ** this.#tries) * (0.5 + this.#random() / 2));
    this.#tries += 1;
  }

  /** Nothing stands in the way of going. */
  free() {
    this.#notBefore = 0;
  }
}
