// Files written whole or not at all, and room set aside for answers.

/**
 * @typedef {{read(to: AllowSharedBufferSource, options: {at: number}): number,
 *   write(from: AllowSharedBufferSource, options: {at: number}): number, truncate(size: number): void,
 *   getSize(): number, flush(): void, close(): void}} Sync
 */

const BALLAST = 4 * 1024 * 1024;
/** Some forty photos of the usual size. */
export const RESERVE = 16 * 1024 * 1024;
const STEP = 1024 * 1024;
export const BREAK = 10;

/** @param {FileSystemFileHandle} file @returns {Promise<Sync>} */
export const openSync = (file) => /** @type {any} */ (file).createSyncAccessHandle();

/** @param {unknown} error */
export const isFull = (error) => /** @type {Error} */ (error)?.name === "QuotaExceededError";

/** All of it or nothing: what was begun is cut off again. @param {Sync} handle @param {number} at @param {Uint8Array<ArrayBuffer>} bytes */
export const writeAll = (handle, at, bytes) => {
  try {
    if (handle.write(bytes, { at }) !== bytes.length) {
      throw new DOMException("short write", "QuotaExceededError");
    }
    handle.flush();
  } catch (error) {
    handle.truncate(at);
    throw error;
  }
};

/** Room set aside for answers, for the day when photos have filled the phone. */
export class Ballast {
  #home;
  /** Whether it is laid. */
  laid = false;

  /** @param {FileSystemDirectoryHandle} home */
  constructor(home) {
    this.#home = home;
  }

  async drop() {
    if (!this.laid) return false;
    this.laid = false;
    const file = await this.#home.getFileHandle("ballast");
    const handle = await openSync(file);
    handle.truncate(0);
    handle.flush();
    handle.close();
    return true;
  }

  async lay() {
    if (this.laid) return true;
    const handle = await openSync(await this.#home.getFileHandle("ballast", { create: true }));
    try {
      if (handle.getSize() < BALLAST) writeAll(handle, 0, new Uint8Array(BALLAST).fill(BREAK));
      this.laid = true;
    } catch (error) {
      if (!isFull(error)) throw error;
      handle.truncate(0);
    } finally {
      handle.close();
    }
    return this.laid;
  }
}

/**
 * Room laid up for the next photos. Only what was really written is known to fit: what browsers say of
 * their room may be made up (Chrome from 138 on).
 */
export class Reserve {
  #home;

  /** @param {FileSystemDirectoryHandle} home */
  constructor(home) {
    this.#home = home;
  }

  /** As much as fits, up to RESERVE. @returns {Promise<number>} bytes that lie there */
  lay() {
    return this.#open((handle) => {
      let size = handle.getSize();
      try {
        for (; size < RESERVE; size += STEP)
          writeAll(handle, size, new Uint8Array(STEP).fill(BREAK));
      } catch (error) {
        if (!isFull(error)) throw error;
      }
      return Math.min(size, RESERVE);
    });
  }

  /** Give so many bytes of it up, or all there are. @param {number} bytes @returns {Promise<boolean>} whether there were any */
  give(bytes) {
    return this.#open((handle) => {
      const size = handle.getSize();
      handle.truncate(Math.max(0, size - bytes));
      handle.flush();
      return size > 0;
    });
  }

  /** @template T @param {(handle: Sync) => T} work */
  async #open(work) {
    const handle = await openSync(await this.#home.getFileHandle("reserve", { create: true }));
    try {
      return work(handle);
    } finally {
      handle.close();
    }
  }
}
