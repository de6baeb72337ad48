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
  /** @type {Promise<IDBDatabase> | null} */
  #open = null;

  /** @param {string} name @param {IDBFactory} factory */
  constructor(name, factory) {
    this.#name = name;
    this.#factory = factory;
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
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest | void} ask
   * @returns {Promise<any>}
   */
  async #run(mode, ask, again = true) {
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
        return this.#run(mode, ask, false);
      throw error;
    }
  }
}
