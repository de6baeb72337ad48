// @ts-check
// The public form when the network fails: answers wait on this device and go by themselves. Each
// carries the id it was given, so that one sent twice counts once. Without this script the form
// works as any form does.

const KEY = "survey-waiting";
const TRY_EVERY = 20_000;

/** @typedef {{to: string, fields: [string, string][]}} Waiting */

/** @returns {Waiting[]} what waits on this device */
const waiting = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
};

/** @param {Waiting[]} all @returns {boolean} whether the device keeps it */
const keep = (all) => {
  try {
    if (all.length) localStorage.setItem(KEY, JSON.stringify(all));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
};

/** @param {"kept" | "sent" | "late" | "full"} what */
const tell = (what) => {
  const place = document.querySelector("[data-told]");
  const words = document.querySelector("[data-words]");
  if (!(place instanceof HTMLElement) || !(words instanceof HTMLElement)) return;
  place.textContent = words.dataset[what] ?? "";
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
};

/** @param {Waiting} one @returns {Promise<Response | null>} null where there is no network */
const send = async (one) => {
  try {
    return await fetch(one.to, { method: "POST", body: new URLSearchParams(one.fields) });
  } catch {
    return null;
  }
};

/** The server has heard it and will say the same another time. @param {Response} answer */
const settled = (answer) => answer.ok || [404, 410, 422].includes(answer.status);

let going = false;

/** Send what waits, one after the other; what cannot go now waits on. */
const flush = async () => {
  if (going || !waiting().length) return;
  going = true;
  try {
    for (const one of waiting()) {
      const answer = await send(one);
      if (!answer || !settled(answer)) return;
      keep(waiting().filter((each) => JSON.stringify(each) !== JSON.stringify(one)));
      tell(answer.ok ? "sent" : "late");
    }
  } finally {
    going = false;
  }
};

/** @param {HTMLFormElement} form */
const wake = (form) => {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (!(button instanceof HTMLButtonElement) || button.disabled) return;
    button.disabled = true;
    const fields = /** @type {[string, string][]} */ (
      [...new FormData(form)].map(([name, value]) => [name, String(value)])
    );
    const one = { to: form.action, fields };
    const answer = await send(one);
    button.disabled = false;
    // What the server says goes on its own page; the same answer again is one answer.
    if (answer?.ok) location.assign(answer.url);
    else if (answer && settled(answer)) form.submit();
    else if (keep([...waiting(), one])) anew(form);
    else tell("full");
  });
};

/** An empty form for whoever comes next, with an id of its own. @param {HTMLFormElement} form */
const anew = (form) => {
  form.reset();
  const field = form.elements.namedItem("answer");
  if (field instanceof HTMLInputElement) field.value = crypto.randomUUID();
  tell("kept");
};

const form = document.querySelector("form[data-survey]");
if (form instanceof HTMLFormElement && "randomUUID" in crypto) wake(form);
addEventListener("online", flush);
setInterval(flush, TRY_EVERY);
flush();
