/**
 * Shows what a word of the glossary means beside the link to it, while the link has the focus or
 * the pointer is on it or on what is shown. Escape puts it away. `site.js` brings this with the
 * first word that somebody comes near; without it each word is a link like any other.
 */

const TERMS = "a[href*='glossary/#']";
const FILE = new URL("../terms.json", import.meta.url);
const ID = "tg-term-said";
const AWAY_MS = 150; // Long enough to move the pointer from the word to what is shown.
const MARGIN_PX = 8;

/** @type {Promise<Map<string, string>> | null} */
let coming = null;
/** @type {HTMLAnchorElement | null} */
let link = null;
let leaving = 0;

const box = document.createElement("div");
box.id = ID;
box.className = ID;
box.role = "tooltip";

/** Definitions by anchor. Nobody vouches for a file: what is no text is left out. */
const definitions = () =>
  (coming ??= fetch(FILE)
    .then((response) => response.json())
    .then((found) => new Map(Object.entries(found).filter(([, text]) => typeof text === "string")))
    .catch(() => {
      coming = null; // The next word tries again.
      return new Map();
    }));

/** Put the box under the word, or above it where there is no room; never beyond the window. */
const place = () => {
  if (!link) return;
  const lines = [...link.getClientRects()];
  const at = lines[0] ?? link.getBoundingClientRect();
  const low = lines.at(-1) ?? at;
  const from = (box.offsetParent ?? document.body).getBoundingClientRect();
  const right = document.documentElement.clientWidth - MARGIN_PX;
  const left = Math.max(MARGIN_PX, Math.min(at.left, right - box.offsetWidth));
  const isBelow = low.bottom + box.offsetHeight + MARGIN_PX <= innerHeight;
  const top = isBelow ? low.bottom : at.top - box.offsetHeight;
  box.style.left = `${left - from.left}px`;
  box.style.top = `${top - from.top}px`;
};

const hide = () => {
  clearTimeout(leaving);
  link?.removeAttribute("aria-describedby");
  link = null;
  box.remove();
};

/** @param {HTMLAnchorElement} term */
const show = async (term) => {
  clearTimeout(leaving);
  if (term === link) return;
  hide();
  link = term;
  const text = (await definitions()).get(decodeURIComponent(term.hash.slice(1)));
  if (link !== term || !text) return;
  box.textContent = text;
  (term.closest("article") ?? document.body).append(box); // A part of the page, as the word is.
  term.setAttribute("aria-describedby", ID);
  place();
};

/**
 * The word that an event is about, if it is about one.
 * @param {Event} event
 */
const termOf = ({ target }) =>
  target instanceof Element
    ? /** @type {HTMLAnchorElement | null} */ (target.closest(TERMS))
    : null;

/** @param {Event} event */
const come = (event) => {
  const term = termOf(event);
  if (term) void show(term);
  else if (event.target === box) clearTimeout(leaving);
};

/** @param {Event} event */
const leave = (event) => {
  if (!link || (termOf(event) !== link && event.target !== box)) return;
  clearTimeout(leaving);
  leaving = window.setTimeout(() => {
    if (!link?.matches(":focus-visible")) hide();
  }, AWAY_MS);
};

const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = new URL("../css/terms.css", import.meta.url).href;
sheet.addEventListener("load", place);
document.head.append(sheet);

for (const touch of ["pointerover", "focusin"]) addEventListener(touch, come);
for (const end of ["pointerout", "focusout"]) addEventListener(end, leave);
addEventListener("resize", hide);
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !box.isConnected) return;
    event.stopPropagation(); // It puts away this, and nothing behind it.
    hide();
  },
  { capture: true },
);

// The word that brought this script.
const first = document.querySelector(`${TERMS}:is(:hover, :focus-visible)`);
if (first instanceof HTMLAnchorElement) void show(first);
