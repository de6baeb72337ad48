// Asking a worker, one reply for each question.

/**
 * @typedef {{postMessage(message: any, transfer?: Transferable[]): void, terminate?(): void, close?(): void,
 *   onmessage: ((event: MessageEvent) => void) | null,
 *   onerror?: ((event: ErrorEvent) => void) | null}} Port
 */

/** @param {string} code */
const fault = (code) => Object.assign(new Error(code), { code });

export class Hand {
  #port;
  #last = 0;
  /** Why there will be no more answers. */
  #over = "";
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();

  /** @param {Port} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data: { id, value, error } }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(Object.assign(new Error(error.message), error));
      else waiting?.resolve(value);
    };
    // A module that does not load answers nothing, ever: say so to everyone who waits.
    port.onerror = () => this.#fail("no-worker");
  }

  /**
   * @param {string} op
   * @param {object} [args]
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  ask(op, args = {}, transfer = []) {
    if (this.#over) return Promise.reject(fault(this.#over));
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, op, args }, transfer);
    });
  }

  close() {
    this.#fail("closed");
    (this.#port.terminate ?? this.#port.close)?.call(this.#port);
  }

  /** @param {string} code */
  #fail(code) {
    this.#over = code;
    for (const { reject } of this.#waiting.values()) reject(fault(code));
    this.#waiting.clear();
  }
}
