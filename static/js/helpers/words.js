// Words for people. The key is the Thai sentence itself; an English page brings a map.

/** @returns {Record<string, string>} */
const load = () => {
  if (typeof document === "undefined") return {};
  const block = document.querySelector('script[type="application/json"]#words');
  return block?.textContent ? JSON.parse(block.textContent) : {};
};

/** @type {Record<string, string> | undefined} */
let words;

/**
 * The sentence in the page's language, its `{names}` filled in.
 * @param {string} thai
 * @param {Record<string, string | number>} [values]
 */
export const _ = (thai, values = {}) => {
  words ??= load();
  return (words[thai] ?? thai).replace(/\{(\w+)\}/g, (all, name) =>
    name in values ? String(values[name]) : all,
  );
};

/** The page's language. @returns {"th" | "en"} */
export const language = () =>
  typeof document !== "undefined" && document.documentElement.lang.startsWith("en")
    ? "en"
    : "th";
