// The second keeper: one IndexedDB store of the journal's lines, version 1 for ever.

const STORE = "lines";
const GONE = new Set([
  "InvalidStateError",
  "UnknownError",
  "AbortError",
  "TransactionInactiveError",
]);

export class Mirror {
  #name;
  #factory;
  #patience;
  /** @type {Promise<IDBDatabase> | null} */
  #open = null;
  #stuck = false;

  /** @param {string} name @param {IDBFactory} factory @param {number} patience milliseconds */
  constructor(name, factory, patience) {
    this.#name = name;
    this.#factory = factory;
    this.#patience = patience;
  }

  /** Every line that is kept. @returns {Promise<string[]>} */
  all() {
    return this.#run("readonly", (store) => store.getAll());
  }

  /** @param {string} key @returns {Promise<string | undefined>} */
  get(key) {
    return this.#run("readonly", (store) => store.get(key));
  }

  /** Resolves when the transaction is complete, not before. @param {[string, string][]} pairs key and line */
  put(pairs) {
    return this.#run("readwrite", (store) => {
      for (const [key, line] of pairs) store.put(line, key);
    });
  }

  async close() {
    const open = this.#open;
    this.#open = null;
    (await open)?.close();
  }

  #database() {
    this.#open ??= new Promise((resolve, reject) => {
      const request = this.#factory.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        // iOS drops the connection in the background; the next call opens a new one.
        database.onclose = () => {
          this.#open = null;
        };
        database.onversionchange = () => {
          this.#open = null;
          database.close();
        };
        resolve(database);
      };
    });
    return this.#open;
  }

  /**
   * IndexedDB sometimes never answers; the journal's answer is not held up for it, and nobody
   * waits twice.
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest | void} ask
   * @returns {Promise<any>}
   */
  async #run(mode, ask) {
    if (this.#stuck) throw new DOMException("no answer yet", "TimeoutError");
    const work = this.#try(mode, ask, true);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#stuck = true;
        work
          .catch(() => {})
          .finally(() => {
            this.#stuck = false;
          });
        reject(new DOMException("no answer", "TimeoutError"));
      }, this.#patience);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  /**
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest | void} ask
   * @param {boolean} again
   * @returns {Promise<any>}
   */
  async #try(mode, ask, again) {
    try {
      const database = await this.#database();
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode, { durability: "strict" });
        const request = ask(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = () =>
          reject(transaction.error ?? new DOMException("", "AbortError"));
      });
    } catch (error) {
      this.#open = null;
      if (again && GONE.has(/** @type {Error} */ (error).name))
        return this.#try(mode, ask, false);
      throw error;
    }
  }
}
