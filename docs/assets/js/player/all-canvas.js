/** The canvases: as many dots as the screen has, and no more. */

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
