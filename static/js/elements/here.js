// Who is at this phone: whose vault opens, and whose never does again until they sign in.
// The vault's own record "here" is the truth, since it survives a kill; localStorage is a shortcut.

import { language } from "../helpers/words.js";
import { fetchTimeout, whoIsHere } from "../sync/wire.js";
import { Vault } from "../vault/vault.js";

/** @typedef {{id: string, name: string}} Person */

const PERSON = "walk-person";
const SIGN_IN = "walk-entered";
const OWED = "walk-sign-out-owed";

/** A mark of the latest sign-in in this browser; the server leaves it where scripts can read. */
const signIn = () => /(?:^|; )entered=([\w-]+)/.exec(document.cookie)?.[1] ?? null;

/** @param {string | null | undefined} text @returns {(Person & {sign?: string | null}) | null} */
const read = (text) => {
  try {
    const person = JSON.parse(text || "null");
    return typeof person?.id === "string" ? person : null;
  } catch {
    return null;
  }
};

/** Who is at this phone; null when nobody is signed in here. @returns {Promise<Person | null>} */
export const whoIsAtThisPhone = async () => {
  const sign = signIn();
  const last = read(localStorage.getItem(PERSON));
  const anew = sign !== null && sign !== localStorage.getItem(SIGN_IN);
  if (last && !anew) return last;
  if (anew) localStorage.removeItem(OWED); // a new sign-in ended the session before it
  return (await whoHolds()) ?? whoWas(sign);
};

/** Whoever holds the session, unless it should have ended. @returns {Promise<Person | null>} */
export const whoHolds = async () => {
  if (sessionOwed()) await endSession();
  if (sessionOwed()) return null;
  const owner = await whoIsHere().catch(() => null);
  return owner && { id: owner.id, name: owner.name[language()] || owner.name.th };
};

/** By the vaults themselves: a kill may have taken the shortcut. @param {string | null} sign */
const whoWas = async (sign) => {
  for (const id of await Vault.people()) {
    const vault = await Vault.open(id).catch(() => null);
    const person = read(vault?.record("here"));
    vault?.close();
    if (person && (!sign || person.sign === sign)) return { id, name: person.name };
  }
  return null;
};

/** Whether this person signed out here; their vault stays shut until they sign in. @param {Vault} vault */
export const hasLeft = (vault) => {
  const left = vault.record("here") === "" && localStorage.getItem(SIGN_IN) === signIn();
  if (left) localStorage.setItem(OWED, "1"); // a kill may have taken the note; owing twice is harmless
  return left;
};

/** From now on this person is here and nobody else. @param {Vault} vault @param {Person} person */
export const arrive = async (vault, person) => {
  const sign = signIn();
  localStorage.setItem(PERSON, JSON.stringify(person));
  if (sign) localStorage.setItem(SIGN_IN, sign);
  const here = JSON.stringify({ ...person, sign });
  if (vault.record("here") === here) return;
  await vault.setRecord("here", here).catch(() => {}); // a full disk keeps nobody out
  for (const id of await Vault.people()) {
    if (id === person.id) continue;
    const other = await Vault.open(id).catch(() => null);
    if (other?.record("here")) await other.setRecord("here", "");
    other?.close();
  }
};

/** Sign out: this phone forgets who it was, the server is told now or when it can be. @param {Vault} vault */
export const leave = async (vault) => {
  localStorage.removeItem(PERSON);
  await vault.setRecord("here", "").catch(() => {});
  await endSession();
};

/** Whether somebody signed out here while the server could not hear it. */
export const sessionOwed = () => localStorage.getItem(OWED) !== null;

/** End the session at the server; without network it stays owed until there is one. */
export const endSession = async () => {
  localStorage.setItem(OWED, "1");
  const answer = await fetchTimeout(
    "/sign-out",
    { method: "POST", redirect: "manual" },
    4000,
  ).catch(() => null);
  // The answer is a redirect to the sign-in page, which "manual" shows as opaque.
  if (answer?.type === "opaqueredirect" || answer?.ok) localStorage.removeItem(OWED);
};
