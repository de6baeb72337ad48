// An origin private file system and Web Locks in memory, as strict as the browser's where it matters:
// one access handle per file, short or refused writes when the disk is full, names that must exist.

/** @param {string} name @param {string} [message] */
const fault = (name, message = name) => new DOMException(message, name);

class Disk {
  /** Bytes that fit; the rest is refused. */
  quota = Number.POSITIVE_INFINITY;
  /** Whether a full disk writes what fits ("short") or throws ("throw"). @type {"throw" | "short"} */
  manner = "throw";
  /** @type {Set<FileHandle>} */
  files = new Set();
  /** Told of each file that is opened for reading. */
  onRead = () => {};

  get used() {
    let sum = 0;
    for (const file of this.files) sum += file.bytes.length;
    return sum;
  }
}

class SyncHandle {
  /** @param {FileHandle} file */
  constructor(file) {
    this.file = file;
    this.open = true;
  }

  #check() {
    if (!this.open) throw fault("InvalidStateError", "the handle is closed");
  }

  getSize() {
    this.#check();
    return this.file.bytes.length;
  }

  /** @param {Uint8Array} to @param {{at: number}} options */
  read(to, { at }) {
    this.#check();
    const part = this.file.bytes.subarray(at, at + to.length);
    to.set(part);
    return part.length;
  }

  /** @param {Uint8Array} from @param {{at: number}} options */
  write(from, { at }) {
    this.#check();
    const { disk } = this.file;
    const growth = Math.max(0, at + from.length - this.file.bytes.length);
    const room = disk.quota - disk.used;
    let fits = from;
    if (growth > room) {
      if (disk.manner === "throw") throw fault("QuotaExceededError");
      fits = from.subarray(0, Math.max(0, from.length - (growth - room)));
    }
    const bytes = new Uint8Array(Math.max(this.file.bytes.length, at + fits.length));
    bytes.set(this.file.bytes);
    bytes.set(fits, at);
    this.file.bytes = bytes;
    return fits.length;
  }

  /** @param {number} size */
  truncate(size) {
    this.#check();
    const bytes = new Uint8Array(size);
    bytes.set(this.file.bytes.subarray(0, size));
    this.file.bytes = bytes;
  }

  flush() {
    this.#check();
  }

  close() {
    this.open = false;
    this.file.handle = null;
  }
}

class FileHandle {
  #bytes = new Uint8Array(0);
  written = Date.now();
  /** @type {SyncHandle | null} */
  handle = null;

  /** @param {Disk} disk */
  constructor(disk) {
    this.disk = disk;
    disk.files.add(this);
  }

  get bytes() {
    return this.#bytes;
  }

  set bytes(bytes) {
    this.#bytes = bytes;
    this.written = Date.now();
  }

  async createSyncAccessHandle() {
    await null;
    if (this.handle) throw fault("NoModificationAllowedError");
    this.handle = new SyncHandle(this);
    return this.handle;
  }

  async getFile() {
    await null;
    this.disk.onRead();
    return new File([this.bytes.slice()], "file", { lastModified: this.written });
  }

  get text() {
    return new TextDecoder().decode(this.bytes);
  }

  /** Nobody has it open. @param {Disk} disk */
  copy(disk) {
    const other = new FileHandle(disk);
    other.bytes = this.bytes;
    other.written = this.written;
    return other;
  }
}

class DirectoryHandle {
  /** @type {Map<string, any>} */
  children = new Map();

  /** @param {Disk} disk */
  constructor(disk) {
    this.disk = disk;
  }

  /** @param {string} name @param {{create?: boolean}} [options] */
  async getDirectoryHandle(name, { create = false } = {}) {
    return this.#child(name, create, () => new DirectoryHandle(this.disk));
  }

  /** @param {string} name @param {{create?: boolean}} [options] */
  async getFileHandle(name, { create = false } = {}) {
    return this.#child(name, create, () => new FileHandle(this.disk));
  }

  /** @param {string} name @param {boolean} create @param {() => any} make */
  async #child(name, create, make) {
    await null;
    if (!this.children.has(name)) {
      if (!create) throw fault("NotFoundError");
      this.children.set(name, make());
    }
    return this.children.get(name);
  }

  async *entries() {
    yield* this.children.entries();
  }

  /** @param {Disk} disk @returns {DirectoryHandle} */
  copy(disk) {
    const other = new DirectoryHandle(disk);
    for (const [name, child] of this.children) other.children.set(name, child.copy(disk));
    return other;
  }
}

/** What navigator.storage offers, and the disk under it for the test to bend. */
export class FakeStorage {
  disk = new Disk();
  root = new DirectoryHandle(this.disk);
  granted = false;

  /** @param {() => void} told */
  set onRead(told) {
    this.disk.onRead = told;
  }

  /** Every file was written so much earlier. @param {number} milliseconds */
  age(milliseconds) {
    for (const file of this.disk.files) file.written -= milliseconds;
  }

  async getDirectory() {
    return this.root;
  }

  /** What would be found if the phone went out now. */
  copy() {
    const other = new FakeStorage();
    other.root = this.root.copy(other.disk);
    return other;
  }

  async persisted() {
    return this.granted;
  }

  async persist() {
    this.granted = true;
    return true;
  }

  /** A file by its path, for looking and for harm. @param {string} path @returns {FileHandle} */
  file(path) {
    /** @type {any} */
    let here = this.root;
    for (const name of path.split("/")) here = here.children.get(name);
    return here;
  }
}

/** navigator.locks: one holder per name, or several that share it; the others in order. */
export class FakeLocks {
  /** @type {Map<string, Promise<any>>} */
  #last = new Map();
  /** @type {Map<string, number>} */
  #held = new Map();

  /**
   * @param {string} name
   * @param {any} options
   * @param {any} [work]
   */
  async request(name, options, work = options) {
    const { ifAvailable = false, mode = "exclusive" } =
      typeof options === "object" ? options : {};
    if (ifAvailable && this.#held.get(name)) return work(null);
    const before = this.#last.get(name) ?? Promise.resolve();
    this.#held.set(name, (this.#held.get(name) ?? 0) + 1);
    const mine = before.then(() => work({ name }));
    // Those who share do not wait for one another; nothing here waits for them but asks.
    if (mode === "exclusive")
      this.#last.set(
        name,
        mine.catch(() => {}),
      );
    try {
      return await mine;
    } finally {
      this.#held.set(name, (this.#held.get(name) ?? 1) - 1);
    }
  }
}
