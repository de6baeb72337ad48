// A server in memory that keeps what it is told and can be made to misbehave on the road.
import { createHash } from "node:crypto";
import { AUDIT, PACK } from "./device.mjs";

/** @param {Uint8Array | string} bytes */
export const sum = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** @param {any} body @param {number} [status] */
const json = (body, status = 200) => Response.json(body, { status });

/** @param {number} status @param {string} code */
const problem = (status, code) =>
  json(
    { type: "about:blank", title: code, status, code, detail: { th: "ไม่ได้", en: "no" } },
    status,
  );

export class FakeServer {
  /** @type {string[]} the lines in the server's order */
  kept = [];
  /** @type {Map<string, string>} id to line, held ones */
  held = new Map();
  /** @type {Map<string, {chunks: Map<number, Uint8Array>, whole: Uint8Array | null}>} */
  photos = new Map();
  /** @type {string[]} method and path of every request that arrived */
  requests = [];
  /** @type {number[]} lines per push */
  pushes = [];
  key = "secret";
  pack = JSON.stringify({ format: 1, audit: { id: AUDIT }, edition: {} });
  /** @type {any} */
  scorecard = null;
  /** Ids refused into quarantine. @type {Set<string>} */
  holds = new Set();
  /** Photos that will never do. @type {Set<string>} */
  spoilt = new Set();
  /**
   * Called for each request: return a response to give instead, "drop" to let the server act and
   * lose its answer, "dead" to lose the request.
   * @type {(request: string, path: string, init: any) => Response | "drop" | "dead" | undefined}
   */
  road = () => undefined;

  /** @type {any} */
  fetch = async (/** @type {string} */ path, /** @type {any} */ init = {}) => {
    const request = `${init.method ?? "GET"} ${path.split("?")[0]}`;
    this.requests.push(request);
    const fate = this.road(request, path, init);
    if (fate === "dead") throw new TypeError("Failed to fetch");
    if (fate instanceof Response) return fate;
    const answer = await this.#answer(request, new URL(path, "http://server"), init);
    if (fate === "drop") throw new TypeError("Failed to fetch");
    return answer;
  };

  /** @param {string} request @param {URL} url @param {any} init */
  async #answer(request, url, init) {
    if (!init.headers.get("Authorization")?.endsWith(`.${this.key}`))
      return problem(401, "key.unknown");
    const now = new Date().toISOString();
    if (request === "GET /api/sync/audits") {
      return json({
        person: {},
        audits: [{ id: AUDIT, head: this.kept.length }],
        release: "1",
        now,
      });
    }
    if (request === "POST /api/sync/prepare") return json({ pack: sum(this.pack) });
    if (request.startsWith("GET /api/packs/")) return new Response(this.pack);
    if (request === "POST /api/sync/push") return json(this.#push(JSON.parse(init.body), now));
    if (request === "GET /api/sync/pull") return json(this.#pull(url.searchParams));
    if (request === "POST /api/photos/status") {
      const { sha256s } = JSON.parse(init.body);
      return json({
        photos: Object.fromEntries(
          sha256s.map((/** @type {string} */ sha) => [sha, this.#have(sha)]),
        ),
      });
    }
    const put = request.match(/^PUT \/api\/photos\/(\w+)\/(\d+)$/);
    if (put)
      return this.#put(put[1], Number(put[2]), url.searchParams, new Uint8Array(init.body));
    return problem(404, "not-found");
  }

  /** @param {any} body @param {string} now */
  #push({ device, changes, from, upto }, now) {
    if (changes.length) this.pushes.push(changes.length);
    const results = changes.map((/** @type {string} */ line) => {
      const { id } = JSON.parse(line);
      if (this.holds.has(id)) {
        this.held.set(id, line);
        return [id, "held", null, { code: "audit.closed", th: "ปิดแล้ว", en: "closed" }];
      }
      this.held.delete(id);
      const at = this.kept.indexOf(line);
      if (at >= 0) return [id, "known", at + 1];
      this.kept.push(line);
      return [id, "kept", this.kept.length];
    });
    const have = new Set(
      [...this.kept, ...this.held.values()]
        .map((line) => JSON.parse(line))
        .filter((change) => change.device === device)
        .map((change) => change.n),
    );
    const want = [];
    for (let n = from; n <= upto; n += 1) if (!have.has(n)) want.push([n, n]);
    return { results, want, now };
  }

  /** @param {URLSearchParams} query */
  #pull(query) {
    const after = Number(query.get("after"));
    const limit = 100;
    const changes = this.kept
      .slice(after, after + limit)
      .map((line, i) => [after + i + 1, line]);
    const next = Math.max(after, after + changes.length);
    const scorecard = { ...(this.scorecard ?? {}), head: this.kept.length };
    return {
      changes,
      next,
      more: next < this.kept.length,
      pack: PACK,
      stage: "open",
      scorecard,
    };
  }

  /** @param {string} sha */
  #have(sha) {
    const photo = this.photos.get(sha);
    if (this.spoilt.has(sha))
      return { refused: { code: "photo.not-an-image", th: "ไม่ใช่ภาพ", en: "no image" } };
    return photo?.whole ? "all" : [...(photo?.chunks.keys() ?? [])];
  }

  /** @param {string} sha @param {number} i @param {URLSearchParams} query @param {Uint8Array} body */
  #put(sha, i, query, body) {
    if (!this.kept.some((line) => line.includes(sha))) return problem(404, "photo.unknown");
    if (sum(body) !== query.get("sum") || body.length > 262_144)
      return problem(400, "photo.sum");
    if (sha.startsWith("bad")) {
      this.spoilt.add(sha);
      return problem(422, "photo.not-an-image");
    }
    const photo = this.photos.get(sha) ?? { chunks: new Map(), whole: null };
    this.photos.set(sha, photo);
    photo.chunks.set(i, body);
    const total = Number(query.get("total"));
    if (photo.chunks.size === total) {
      const whole = Buffer.concat(
        Array.from({ length: total }, (_, at) => photo.chunks.get(at) ?? Buffer.of()),
      );
      if (sum(whole) === sha) photo.whole = whole;
    }
    return json({ sha256: sha, have: this.#have(sha) });
  }
}
