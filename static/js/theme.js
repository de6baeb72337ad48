// @ts-check
// Chosen look before the first paint: a small classic script in the head, because inline
// scripts are not allowed. Values: "" (as the system), "light", "dark", "field".
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = "";
    try {
      chosen = localStorage.getItem("theme") ?? "";
    } catch {
      // Storage is closed (private mode): the system's choice stands.
    }
    root.dataset.theme = chosen || (dark.matches ? "dark" : "light");
    root.dataset.chosenTheme = chosen;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("theme", apply);
})();
