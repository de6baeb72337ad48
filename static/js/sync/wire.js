// Requests to our server, and the difference between its answer and somebody else's.

const LIMIT = 20_000;

/** No answer of ours: no network, too slow, a captive portal's page, a server in trouble. */
export class NoContact extends Error {
  name = "NoContact";
}

/** The server answered, and the answer is no. */
export class Refused extends Error {
  /** @param {number} status @param {any} problem application/problem+json, or null */
  constructor(status, problem) {
    super(problem?.title ?? `HTTP ${status}`);
    this.name = "Refused";
    this.status = status;
    /** @type {string} */
    this.code = problem?.code ?? `http.${status}`;
    /** @type {{th: string, en: string} | null} */
    this.detail = problem?.detail ?? null;
  }

  /** The key is no longer good for anything; a closed account may still hand in what it did. */
  get signedOut() {
    return this.status === 401 && this.code !== "account.disabled";
  }
}

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
   * @param {RequestInit} [init]
   */
  async ask(path, ours, init = {}) {
    const response = await this.send(path, init);
    const body = await response.json().catch(() => null);
    if (!body || !ours(body)) throw new NoContact("not our answer");
    return body;
  }

  /** @param {string} path @param {object} body @param {(body: any) => boolean} ours */
  post(path, body, ours) {
    return this.ask(path, ours, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /** @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} a success, perhaps not ours */
  async send(path, init = {}) {
    const headers = new Headers(init.headers);
    if (this.credentials) {
      const { device, key } = this.credentials;
      headers.set("Authorization", `Device ${device}.${key}`);
    }
    let response;
    try {
      response = await this.fetcher(path, {
        ...init,
        headers,
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(LIMIT),
      });
    } catch {
      throw new NoContact("no answer");
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    // Only our own server says no with a code of ours; anything else is the road, not the goal.
    const busy = response.status >= 500 || response.status === 429 || response.status === 408;
    if (busy || typeof problem?.code !== "string") {
      throw new NoContact(`HTTP ${response.status}`);
    }
    throw new Refused(response.status, problem);
  }
}
