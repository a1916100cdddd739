/** The stage, a page within this one, on which both runs are moved; see `stage.js`. */

const STAGE = new URL("../../../playground/stage/", import.meta.url).href;
const OF_WINDOW = 0.9;
const LEAST_PX = 320;
const BORDERS_PX = 2;

/**
 * @param {HTMLElement} place
 * @param {string} title
 * @param {AbortSignal} signal
 */
export function connect(place, title, signal) {
  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  let isReady = false;
  /** What it is told once it listens. @type {object | null} */
  let waiting = null;

  const tell = (/** @type {object} */ message) => {
    frame?.contentWindow?.postMessage(message, location.origin);
  };
  const hear = (/** @type {MessageEvent} */ { data, source, origin }) => {
    if (!frame || source !== frame.contentWindow || origin !== location.origin) return;
    if (data?.type === "ready") {
      isReady = true;
      if (waiting) tell(waiting);
      waiting = null;
    }
    if (data?.type !== "height" || !(data.px > 0)) return;
    const most = Math.max(LEAST_PX, innerHeight * OF_WINDOW);
    frame.style.height = `${Math.min(most, Math.ceil(data.px) + BORDERS_PX)}px`;
  };
  addEventListener("message", hear, { signal });
  signal.addEventListener("abort", () => place.replaceChildren());
  return {
    hide: () => (place.hidden = true),
    /** @param {string} step Its anchor. */
    go: (step) => {
      tell({ type: "go", step });
      place.scrollIntoView({ block: "nearest" });
    },
    /**
     * @param {string} html
     * @param {Record<string, string>} columns
     * @param {string} step Where to stand.
     */
    show: (html, columns, step) => {
      place.hidden = false;
      const message = { type: "show", html, columns, step };
      if (isReady) return tell(message);
      waiting = message;
      if (frame) return;
      frame = document.createElement("iframe");
      frame.className = "tg-pg-stage";
      frame.title = title;
      frame.src = STAGE;
      place.append(frame);
    },
  };
}
