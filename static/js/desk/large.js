// @ts-check
// Photos in full size over the page. Without script each is a link to the same picture.

/** Make the photos of a page open large. */
export const wakeLarge = () => {
  const box = /** @type {HTMLDialogElement | null} */ (document.getElementById("large"));
  const links = /** @type {HTMLAnchorElement[]} */ ([
    ...document.querySelectorAll("[data-large]"),
  ]);
  let shown = -1;

  /** @param {number} place */
  const show = (place) => {
    const link = links[place];
    const picture = box?.querySelector("[data-large-picture]");
    const words = box?.querySelector("[data-large-words]");
    if (!box || !link || !(picture instanceof HTMLImageElement) || !words) return;
    shown = place;
    const small = link.querySelector("img");
    picture.src = link.href;
    picture.alt = small?.alt ?? "";
    words.textContent = `${link.dataset.large}/${links.length} ${picture.alt}`;
    if (!box.open) box.showModal();
  };

  for (const [place, link] of links.entries())
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(place);
    });
  for (const button of document.querySelectorAll("[data-large-step]"))
    button.addEventListener("click", () => {
      const by = Number(/** @type {HTMLElement} */ (button).dataset.largeStep);
      show((shown + by + links.length) % links.length);
    });
  box?.addEventListener("close", () => links[shown]?.focus());

  return {
    isOpen: () => box?.open ?? false,
    /** The photo with this number, counted from one. @param {number} number */
    open: (number) => show(links.findIndex((link) => link.dataset.large === `${number}`)),
    /** What a key does while a photo is open; whether it did anything. @param {string} key */
    press: (key) => {
      if (key === "ArrowRight" || key === "j") show((shown + 1) % links.length);
      else if (key === "ArrowLeft" || key === "k")
        show((shown - 1 + links.length) % links.length);
      else if (/^[1-9]$/.test(key)) show(links.findIndex((link) => link.dataset.large === key));
      else if (key === "s") star(links[shown]);
      else return false;
      return true;
    },
  };
};

/** Choose an open photo for the report, or leave it out again. @param {Element | undefined} link */
const star = (link) => {
  const button = link?.closest("figure")?.querySelector("[data-star] button");
  if (button instanceof HTMLButtonElement) button.click();
};
