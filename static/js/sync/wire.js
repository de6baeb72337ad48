// Requests to our server, and the difference between its answer and somebody else's.

const LIMIT = 20_000;

/** Fetching that gives up: a network that hangs is treated like none. @param {string} url @param {RequestInit} init @param {number} limit milliseconds */
export const fetchTimeout = (url, init, limit) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(limit) });

/** A chunk or a pack over the slowest line that still is one, 25 kbit/s. */
export const LONG = 90_000;

/**
 * No answer of ours: "silent" (no network, too slow, cut), "stranger" (a captive portal, a proxy)
 * or "trouble" (our server, in difficulty or busy).
 */
export class NoContact extends Error {
  name = "NoContact";
  /** How long the server asks to be left alone, in milliseconds. */
  wait = 0;

  /** @param {"silent" | "stranger" | "trouble"} why @param {number} [status] @param {any} [problem] */
  constructor(why, status = 0, problem = null) {
    super(`${why} ${status}`);
    this.why = why;
    this.status = status;
    this.code = problem?.code ?? why;
    this.detail = problem?.detail ?? null;
  }
}

/** The server answered, and the answer is no. */
export class Refused extends Error {
  name = "Refused";

  /** @param {number} status @param {{code: string, detail?: any}} problem application/problem+json */
  constructor(status, { code, detail = null }) {
    super(code);
    this.status = status;
    this.code = code;
    /** @type {{th: string, en: string} | null} */
    this.detail = detail;
  }

  /** The key is no longer good for anything; a closed account may still hand in what it did. */
  get signedOut() {
    return this.status === 401 && this.code !== "account.disabled";
  }
}

/** @typedef {RequestInit & {limit?: number}} Init limit: how long it may take, in milliseconds */

export class Wire {
  /** @type {{device: string, key: string} | null} */
  credentials = null;

  /** @param {typeof fetch} fetcher */
  constructor(fetcher) {
    this.fetcher = fetcher;
  }

  /**
   * @param {string} path
   * @param {(body: any) => boolean} ours whether a success carries our own fields
   * @param {Init} [init]
   */
  async ask(path, ours, init = {}) {
    const response = await this.send(path, init);
    const body = await response.json().catch(() => null);
    if (body && ours(body)) return body;
    const cut = !body && /json/.test(response.headers.get("Content-Type") ?? "");
    throw new NoContact(cut ? "silent" : "stranger");
  }

  /** @param {string} path @param {object} body @param {(body: any) => boolean} ours */
  post(path, body, ours) {
    return this.ask(path, ours, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /** @param {string} path @param {Init} [init] @returns {Promise<Response>} a success, perhaps not ours */
  async send(path, { limit = LIMIT, ...init } = {}) {
    const headers = new Headers(init.headers);
    if (this.credentials) {
      const { device, key } = this.credentials;
      headers.set("Authorization", `Device ${device}.${key}`);
    }
    const response = await this.fetcher(path, {
      ...init,
      headers,
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(limit),
    }).catch(() => {
      throw new NoContact("silent");
    });
    if (response.ok) return response;
    const { status } = response;
    const problem = await response.json().catch(() => null);
    const busy = status >= 500 || status === 429 || status === 408;
    // Only our own server says no with a code of ours; anything else is the road, not the goal.
    if (!busy && typeof problem?.code === "string") throw new Refused(status, problem);
    const error = new NoContact(busy ? "trouble" : "stranger", status, problem);
    error.wait = 1000 * Math.min(Number(response.headers.get("Retry-After")) || 0, 600);
    throw error;
  }
}

/** @typedef {{id: string, name: {th: string, en: string}, username: string}} Owner */

/** @param {typeof fetch} [fetcher] @returns {Promise<Owner>} whose session this browser holds */
export const whoIsHere = (fetcher = (input, init) => fetch(input, init)) =>
  new Wire(fetcher).ask("/api/person", (body) => typeof body.username === "string");

/**
 * A new device, or with `device`, one's own, a new key for it.
 * @param {string} label what the person calls this device
 * @param {import("../vault/vault.js").Vault} [vault] the person's vault, to remember it in
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<{device: string, key: string, person: Owner}>}
 */
export const enrol = async (label, vault, fetcher = (input, init) => fetch(input, init)) => {
  const own = vault?.device?.device;
  const { device, key, person } = await new Wire(fetcher).post(
    "/api/devices",
    own ? { label, device: own } : { label },
    (body) => typeof body.device === "string" && typeof body.key === "string",
  );
  await vault?.setRecord("device", JSON.stringify({ device, key, person }));
  return { device, key, person };
};
