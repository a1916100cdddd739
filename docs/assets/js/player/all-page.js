/**
 * What the view of all orders has of its page: canvases with as many dots as the screen has, the
 * sheet's colours and fonts, and places for words.
 */

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

/**
 * @param {HTMLElement} panel
 * @param {string} name
 */
export function canvasOf(panel, name) {
  return /** @type {HTMLCanvasElement} */ (panel.querySelector(`[data-all=${name}]`));
}

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
}

/** @type {import("./all-head.js").Sheet} */
export function sheet(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const drawn = /** @type {unknown} */ (canvas.getContext("2d"));
  const to = /** @type {CanvasRenderingContext2D} */ (drawn);
  return { to, done: () => canvas.transferToImageBitmap() };
}

/**
 * Give a canvas the dots of its place on the screen; what was drawn is gone.
 * @param {HTMLCanvasElement} canvas
 */
export function fit(canvas) {
  canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
  canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
  contextOf(canvas).setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
}

/**
 * Give back what a canvas takes.
 * @param {HTMLCanvasElement} canvas
 */
export function empty(canvas) {
  for (const name of ["width", "height"]) canvas.removeAttribute(name);
}

/**
 * Write into a place that the panel names.
 * @param {HTMLElement} panel
 * @param {string} name
 * @param {string} text
 */
export function put(panel, name, text) {
  write(panel.querySelector(`[data-all=${name}]`), text);
}

/**
 * @param {Element | null | undefined} place
 * @param {string} text
 */
export function write(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}
