// The page's own templates, cloned and filled with text: data never becomes markup.

let stamped = 0;

/**
 * A fresh copy of the one element in `<template id="t-…">`. A `$` in ids and the attributes that
 * name them becomes a number of its own, so that copies never share an id.
 * @param {string} name
 * @returns {HTMLElement}
 */
export const stamp = (name) => {
  const template = document.getElementById(`t-${name}`);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`no template ${name}`);
  const copy = /** @type {HTMLElement} */ (
    document.importNode(/** @type {Element} */ (template.content.firstElementChild), true)
  );
  stamped += 1;
  for (const each of [copy, ...copy.querySelectorAll("*")])
    for (const attribute of ["id", "for", "aria-labelledby", "aria-describedby", "name"]) {
      const value = each.getAttribute(attribute);
      if (value?.includes("$"))
        each.setAttribute(attribute, value.replaceAll("$", `${stamped}`));
    }
  return copy;
};

/**
 * The element marked `data-slot="name"` in or at root.
 * @param {Element} root @param {string} name @returns {HTMLElement}
 */
export const slot = (root, name) => {
  const selector = `[data-slot="${name}"]`;
  const found = root.matches(selector) ? root : root.querySelector(selector);
  if (!(found instanceof HTMLElement || found instanceof SVGElement))
    throw new Error(`no slot ${name}`);
  return /** @type {HTMLElement} */ (found);
};

/**
 * Write words into slots; null or "" hides the slot.
 * @param {Element} root @param {Record<string, string | null | undefined>} words
 */
export const say = (root, words) => {
  for (const [name, text] of Object.entries(words)) {
    const place = slot(root, name);
    place.hidden = !text;
    // Equal words are left alone: a live region must not speak twice.
    if (text && place.textContent !== text) place.textContent = text;
  }
};

/** Point an icon at another drawing of the sprite. @param {Element} root @param {string} name @param {string} picture */
export const draw = (root, name, picture) => {
  const use = slot(root, name).querySelector("use") ?? slot(root, name);
  const sprite = (use.getAttribute("href") ?? "").split("#")[0];
  use.setAttribute("href", `${sprite}#${picture}`);
};

/**
 * Give an element exactly one of the state classes.
 * @param {Element} element @param {"met" | "unmet" | "partly" | "waiting" | "held" | "told" | ""} state
 */
export const mood = (element, state) => {
  for (const each of ["met", "unmet", "partly", "waiting", "held", "told"])
    element.classList.toggle(`is-${each}`, each === state);
};

/** @param {Element} root @param {string} name @param {(event: Event) => void} act */
export const onTap = (root, name, act) => slot(root, name).addEventListener("click", act);

/** Show a view and let a screen reader hear its heading. @param {HTMLElement} view @param {boolean} focus */
export const show = (view, focus) => {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  main.replaceChildren(view);
  scrollTo(0, 0);
  const heading = main.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  if (focus) heading.focus({ preventScroll: true });
};

/** An element that listens while it is on the page and stops when it leaves. */
export class Live extends HTMLElement {
  #gone = new AbortController();

  /** @param {EventTarget} target @param {string} type @param {(event: Event) => void} act */
  hear(target, type, act) {
    target.addEventListener(type, act, { signal: this.#gone.signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#gone = new AbortController();
  }
}
