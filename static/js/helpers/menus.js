// @ts-check
/** Menus and the choice of look, the same on every page. */

/** Close a menu on a tap elsewhere and on Escape; mark and keep the chosen look. */
export const wakeMenus = () => {
  const menus = () =>
    /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu"));
  addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const choice = target.closest("[data-theme-choice]");
    if (choice instanceof HTMLElement) chooseTheme(choice.dataset.themeChoice ?? "");
    for (const menu of menus()) {
      const inside = menu.contains(target) && !target.closest("a.menu-item");
      if (menu.open && !inside) menu.open = false;
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  markTheme();
};

/** @param {string} theme "" for the system's own */
const chooseTheme = (theme) => {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Nothing can be remembered here; the choice lasts for this page.
  }
  dispatchEvent(new Event("theme"));
  markTheme();
};

const markTheme = () => {
  const chosen = document.documentElement.dataset.chosenTheme ?? "";
  for (const each of document.querySelectorAll("[data-theme-choice]"))
    each.setAttribute(
      "aria-pressed",
      String(/** @type {HTMLElement} */ (each).dataset.themeChoice === chosen),
    );
};
