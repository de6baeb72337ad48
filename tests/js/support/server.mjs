// A server in memory that keeps what it is told and can be made to misbehave on the road.
import { createHash, createPublicKey, verify } from "node:crypto";
import { AUDIT, PACK } from "./device.mjs";
import { FakeLog } from "./log.mjs";

/** @param {Uint8Array | string} bytes */
export const sum = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Whether a signature in its wire form is this key's. @param {import("node:crypto").KeyObject} key @param {string} text @param {string} sig */
const signs = (key, text, sig) =>
  verify(
    "sha256",
    Buffer.from(text),
    { key, dsaEncoding: "ieee-p1363" },
    Buffer.from(sig, "base64url"),
  );

/** @param {string} code */
const why = (code) => ({ code, th: "พักไว้", en: "held" });

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
  /** Knows signatures, the log and backups; one of an earlier release refuses every word of them. */
  modern = true;
  log = new FakeLog();
  /** Signing keys by kid. @type {Map<string, {device: string, key: import("node:crypto").KeyObject, revoked: boolean}>} */
  keys = new Map();
  /** Stopped devices of the person whose device calls: the one that follows may sign for them. @type {Set<string>} */
  earlier = new Set();
  /** Photos in a verified backup. @type {Set<string>} */
  archived = new Set();
  /** What was asked about photos. @type {any[]} */
  statuses = [];
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
    if (request === "GET /log/checkpoint" && this.modern)
      return new Response(this.log.told(null).checkpoint);
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
    const caller = init.headers.get("Authorization").slice("Device ".length).split(".")[0];
    const body = typeof init.body === "string" ? JSON.parse(init.body) : null;
    if (!this.modern && body && ["signatures", "seen", "archived"].some((name) => name in body))
      return problem(422, "request.invalid");
    if (request === "POST /api/devices/signing-keys" && this.modern)
      return this.#enrol(caller, body);
    if (request === "POST /api/sync/push") return json(this.#push(body, now, caller));
    if (request === "GET /api/sync/pull") return json(this.#pull(url.searchParams));
    if (request === "POST /api/photos/status") {
      this.statuses.push(body);
      const told = (/** @type {string} */ sha) =>
        body.archived && this.archived.has(sha) && this.photos.get(sha)?.whole
          ? "archived"
          : this.#have(sha);
      return json({
        photos: Object.fromEntries(
          body.sha256s.map((/** @type {string} */ sha) => [sha, told(sha)]),
        ),
      });
    }
    const put = request.match(/^PUT \/api\/photos\/(\w+)\/(\d+)$/);
    if (put)
      return this.#put(put[1], Number(put[2]), url.searchParams, new Uint8Array(init.body));
    return problem(404, "not-found");
  }

  /** @param {string} device @param {{spki: string, proof: string}} body */
  #enrol(device, { spki, proof }) {
    const der = Buffer.from(spki, "base64");
    const kid = sum(der).slice(0, 32);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const known = this.keys.get(kid);
    if (known && known.device !== device) return problem(409, "signing-key.taken");
    if (!signs(key, `gecc signing key\n${device}\n${kid}\n`, proof))
      return problem(422, "signing-key.proof");
    if (known?.revoked) return problem(409, "signing-key.taken");
    this.keys.set(kid, { device, key, revoked: false });
    if (!known) this.log.add(`gecc/1 key\n${kid}\n${device}\n`);
    return json({ kid, enrolled_at: new Date().toISOString() }, known ? 200 : 201);
  }

  /** Why a line is held, if it is. @param {string} line @param {any} pair @param {string} caller */
  #hold(line, pair, caller) {
    const change = JSON.parse(line);
    const { id, device, n } = change;
    const carried = device !== caller && !this.earlier.has(device);
    if (this.holds.has(id)) return "audit.closed";
    if (!this.modern) return null;
    const kept = this.kept.map((each) => JSON.parse(each));
    const same = (/** @type {any} */ other) =>
      other.device === device && other.audit === change.audit;
    const at = kept.findIndex((other) => same(other) && other.n === n);
    if (at >= 0) return "change.number-taken";
    const enrolled = [...this.keys.values()].some((key) => key.device === device);
    if (!pair) return change.v > 1 || enrolled || carried ? "change.unsigned" : null;
    const key = this.keys.get(pair[0]);
    const may = key?.device === device || (!carried && key?.device === caller);
    if (!key || !may) return "change.unknown-key";
    if (key.revoked) return "change.key-revoked";
    if (!signs(key.key, line, pair[1])) return "change.signature";
    const before = kept.findIndex((other) => same(other) && other.n === n - 1);
    if (change.v > 1 && before >= 0 && sum(this.kept[before]) !== change.prev)
      return "change.chain";
    const after = kept.find((other) => same(other) && other.n === n + 1);
    return after?.v > 1 && after.prev !== sum(line) ? "change.chain" : null;
  }

  /** @param {any} body @param {string} now @param {string} caller */
  #push({ device, changes, signatures, from, upto, seen = null }, now, caller) {
    if (changes.length) this.pushes.push(changes.length);
    /** @type {[string, number][]} */
    const leaves = [];
    const results = changes.map((/** @type {string} */ line, /** @type {number} */ i) => {
      const { id, audit } = JSON.parse(line);
      const at = this.kept.indexOf(line);
      if (at >= 0) return [id, "known", at + 1];
      const code = this.#hold(line, signatures?.[i], caller);
      if (code) {
        this.held.set(id, line);
        return [id, "held", null, why(code)];
      }
      this.held.delete(id);
      this.kept.push(line);
      const entry = `gecc/1 change\n${audit}\n${this.kept.length}\n${now}\n${sum(line)}\n`;
      leaves.push([id, this.log.add(entry)]);
      return [id, "kept", this.kept.length];
    });
    const have = new Set(
      [...this.kept, ...this.held.values()]
        .map((line) => JSON.parse(line))
        .filter((change) => change.device === device)
        .map((change) => change.n),
    );
    const want = [];
    for (let n = from; n <= upto && device === caller; n += 1)
      if (!have.has(n)) want.push([n, n]);
    return { results, want, now, ...(this.modern && { log: this.log.told(seen, leaves) }) };
  }

  /** The server as it is now, to be put back later. */
  copy() {
    return {
      kept: [...this.kept],
      held: new Map(this.held),
      photos: new Map(
        [...this.photos].map(([sha, { chunks, whole }]) => [
          sha,
          { chunks: new Map(chunks), whole },
        ]),
      ),
      keys: new Map([...this.keys].map(([kid, key]) => [kid, { ...key }])),
      archived: new Set(this.archived),
      log: this.log.copy(),
    };
  }

  /** @param {ReturnType<FakeServer["copy"]>} copy @param {string} [reason] declared as a new epoch, or not at all */
  restore(copy, reason) {
    const { epoch } = this.log;
    Object.assign(this, copy);
    if (reason) this.log.begin(reason, epoch + 1);
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
      ...(this.modern && { log: this.log.told(this.#seen(query.get("seen"))) }),
    };
  }

  /** @param {string | null} text */
  #seen(text) {
    const [epoch, size] = (text ?? "").split(".").map(Number);
    return text ? { epoch, size } : null;
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
