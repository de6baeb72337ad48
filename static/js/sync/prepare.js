// Ready for a place without network: each piece is read back before it is called ready.

import { sha256 } from "../helpers/bytes.js";
import { _ } from "../helpers/words.js";
import { keepPrevious } from "./previous.js";
import { LONG } from "./wire.js";

/** @typedef {import("./courier.js").Courier} Courier */
/**
 * @typedef {"pack" | "store" | "changes" | "slots" | "previous" | "persist" | "shell" | "previous" | "check" | "ready"} Name
 * @typedef {{step: Name, words: string, ok: boolean, needed: boolean, detail: string}} Step
 */

const SLOTS = 60;
const KEEPING = 60_000;
/** Not having it does not stop a visit. */
const WISHES = new Set(["previous", "persist"]);

/** @param {Name} step */
const words = (step) =>
  ({
    pack: _("ดาวน์โหลดแบบตรวจและตรวจความถูกต้อง"),
    store: _("เก็บแบบตรวจไว้ในเครื่อง"),
    changes: _("ดึงคำตอบที่มีอยู่แล้ว"),
    slots: _("เตรียมที่เก็บภาพถ่าย"),
    previous: _("ดาวน์โหลดภาพจากการตรวจครั้งก่อน"),
    persist: _("ขอให้เครื่องไม่ลบข้อมูลเอง"),
    shell: _("ตรวจว่าทุกหน้าจอเปิดได้โดยไม่มีสัญญาณ"),
    check: _("ทดลองบันทึกและอ่านกลับ"),
    ready: _("พร้อมใช้งานโดยไม่มีสัญญาณ"),
  })[step];

/**
 * @param {Courier} courier
 * @param {string} audit
 * @param {(step: Step) => void} [onStep]
 * @returns {Promise<{ready: boolean, failed: Name | null, pack: string | null}>}
 */
export const prepare = async (courier, audit, onStep = () => {}) => {
  const { vault, wire } = courier;
  wire.credentials = vault.device;
  let sha = "";
  let text = "";
  /** @type {[Name, () => Promise<string | boolean>][]} a step is well unless it throws or is false */
  const steps = [
    [
      "pack",
      async () => {
        const body = await wire.post("/api/sync/prepare", { audit }, (b) =>
          /^[0-9a-f]{64}$/.test(b.pack),
        );
        sha = body.pack;
        const bytes = await (
          await wire.send(`/api/packs/${sha}`, { limit: LONG })
        ).arrayBuffer();
        text = new TextDecoder().decode(bytes);
        return (await sha256(bytes)) === sha && sha.slice(0, 12);
      },
    ],
    [
      "store",
      async () => {
        await vault.setRecord(`pack:${sha}`, text);
        return vault.record(`pack:${sha}`) === text;
      },
    ],
    [
      "changes",
      async () => {
        await courier.pull(audit);
        return String(vault.entries(audit).length);
      },
    ],
    [
      "slots",
      async () => {
        const { free, ballast } = await vault.makeSlots(SLOTS);
        return ballast && free >= SLOTS && String(free);
      },
    ],
    // They can be fetched again, and a visit goes well without them.
    ["previous", () => keepPrevious(vault, JSON.parse(text))],
    ["persist", () => vault.persist()],
    [
      "shell",
      async () => {
        let missing = await missingFiles();
        if (missing.length) {
          await keepShell();
          missing = await missingFiles();
        }
        if (missing.length) throw new Error(missing.join(" "));
        return true;
      },
    ],
    [
      "check",
      async () => {
        const { journal, mirror } = await vault.selfTest();
        if (journal && mirror) return true;
        throw new Error(journal ? "IndexedDB" : "OPFS");
      },
    ],
    [
      "ready",
      async () => {
        const at = new Date().toISOString();
        await vault.setRecord(`prepared:${audit}`, JSON.stringify({ pack: sha, at }));
        return true;
      },
    ],
  ];
  for (const [step, work] of steps) {
    const needed = !WISHES.has(step);
    let ok = false;
    let detail = "";
    try {
      const result = await work();
      ok = result !== false;
      if (typeof result === "string") detail = result;
    } catch (error) {
      detail = /** @type {Error} */ (error).message;
    }
    onStep({ step, words: words(step), ok, needed, detail });
    if (!ok && needed) return { ready: false, failed: step, pack: null };
  }
  return { ready: true, failed: null, pack: sha };
};

/** Have the worker keep the walk: a phone that first came to check a certificate has only that. */
export const keepShell = async () => {
  const registration = await navigator.serviceWorker?.getRegistration();
  const { port1, port2 } = new MessageChannel();
  const kept = new Promise((resolve) => {
    port1.onmessage = resolve;
    // An older worker does not answer.
    setTimeout(resolve, registration?.active ? KEEPING : 0);
  });
  registration?.active?.postMessage("walk", [port2]);
  await kept;
  port1.close();
};

/** The files of this release that the cache does not answer for. @returns {Promise<string[]>} */
const missingFiles = async () => {
  const block = document.querySelector('script[type="application/json"]#shell-files');
  if (!block?.textContent) throw new Error("#shell-files");
  /** @type {string[]} */
  const files = JSON.parse(block.textContent);
  const page = location.pathname;
  const missing = [];
  for (const url of new Set([page, ...files])) {
    const kept = await caches.match(url, { ignoreSearch: url === page });
    if (!kept?.ok) missing.push(url);
  }
  return missing;
};
