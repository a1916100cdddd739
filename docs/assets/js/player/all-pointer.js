/** Wheel, drag, hover and click on the canvas and on its map. */

/**
 * @typedef {object} Uses
 * @property {(px: number) => boolean} scroll Whether there was anything to scroll.
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {(x: number, y: number) => void} click
 * @property {(share: number) => void} travel To a share of the whole, from 0 to 1.
 * @property {() => void} arrive
 */

const LINE_PX = 16;
const STILL_PX = 6; // A press that moves less is a click.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLCanvasElement} map
 * @param {AbortSignal} signal
 * @param {Uses} uses
 */
export function connectPointer(canvas, map, signal, uses) {
  drag(canvas, signal, uses);
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) return; // The reader zooms.
      const px = event.deltaY * (event.deltaMode === 1 ? LINE_PX : 1);
      if (uses.scroll(px)) event.preventDefault(); // At its ends the page scrolls on.
    },
    { signal, passive: false },
  );
  canvas.addEventListener("pointerleave", () => uses.leave(), { signal });
  const share = (/** @type {PointerEvent} */ event) =>
    Math.min(Math.max(event.offsetY / Math.max(map.clientHeight, 1), 0), 1);
  map.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      map.setPointerCapture(event.pointerId);
      uses.travel(share(event));
    },
    { signal },
  );
  map.addEventListener(
    "pointermove",
    (event) => {
      if (map.hasPointerCapture(event.pointerId)) uses.travel(share(event));
    },
    { signal },
  );
  map.addEventListener("lostpointercapture", () => uses.arrive(), { signal });
}

/**
 * A finger drags the drawing, and the page where the drawing ends; a mouse only points.
 * @param {HTMLCanvasElement} canvas
 * @param {AbortSignal} signal
 * @param {Uses} uses
 */
function drag(canvas, signal, uses) {
  /** @type {{ id: number, x: number, y: number, last: number } | null} */
  let held = null;
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      held = { id: event.pointerId, x: event.clientX, y: event.clientY, last: event.clientY };
      if (event.pointerType === "touch") canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (held?.id === event.pointerId && event.pointerType === "touch") {
        const px = held.last - event.clientY;
        held.last = event.clientY;
        if (px && !uses.scroll(px)) scrollBy(0, px);
      } else uses.hover(event.offsetX, event.offsetY);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      const was = held;
      held = null;
      if (was?.id !== event.pointerId) return;
      if (Math.hypot(event.clientX - was.x, event.clientY - was.y) < STILL_PX) {
        uses.click(event.offsetX, event.offsetY);
      }
    },
    { signal },
  );
  canvas.addEventListener("pointercancel", () => (held = null), { signal });
}
