/** The page's colours and fonts, for a canvas; again whenever they change. */

/** @typedef {import("./all-types.js").Look} Look */

const NAMES = /** @type {const} */ ([
  ...["bg", "tint", "ink", "ink2", "rail", "rule", "event", "command", "reply", "fault"],
  ...["sans", "mono"],
]);
const QUERIES = [
  "(prefers-color-scheme: dark)",
  "(prefers-contrast: more)",
  "(forced-colors: active)",
];

/**
 * @param {Element} element
 * @returns {Look}
 */
export function readLook(element) {
  const style = getComputedStyle(element);
  const found = NAMES.map((name) => [name, style.getPropertyValue(`--tg-${name}`).trim()]);
  return /** @type {Look} */ (Object.fromEntries(found));
}

/**
 * @param {AbortSignal} signal
 * @param {() => void} change
 */
export function watchLook(signal, change) {
  for (const query of QUERIES) matchMedia(query).addEventListener("change", change, { signal });
  const observer = new MutationObserver(change);
  observer.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
