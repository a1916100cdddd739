/**
 * The page inside the playground that shows a reader's run beside the recording, in a player of its
 * own: ids, keys and address of the page around it stay apart. It does what that page asks, and
 * listens to nobody else:
 *
 *     in    { type: "show", html, columns, step }
 *                                       a player's markup, its files by name, where to stand
 *           { type: "go", step }        the anchor of a step to move to
 *     out   { type: "ready" }           it listens from here on
 *           { type: "height", px }      how high it is now
 */

import "../player/element.js";
import { given } from "../player/load.js";

const stage = /** @type {HTMLElement} */ (document.querySelector("[data-part=stage]"));
const alone = document.querySelector(".tg-stage-alone");
const isInside = parent !== window;
let px = 0;

/** @param {object} message */
const tell = (message) => parent.postMessage(message, location.origin);

/**
 * Put a player in place of the one before, which leaves nothing behind: what it started ends when
 * it is taken out.
 * @param {unknown} html
 * @param {unknown} columns
 * @param {unknown} step Its anchor.
 */
const show = (html, columns, step) => {
  const made = document.createElement("template");
  made.innerHTML = String(html);
  stage.replaceChildren();
  given.clear();
  for (const [name, text] of Object.entries(columns ?? {})) given.set(name, String(text));
  const kept = new URLSearchParams(location.search); // The view; what is named was the last run's.
  for (const name of ["step", "order", "record"]) kept.delete(name);
  if (step) kept.set("step", String(step));
  history.replaceState(history.state, "", `?${kept}`);
  stage.append(made.content);
};

/** @param {unknown} step */
const go = (step) => {
  const player = /** @type {import("../player/types.js").Player | null} */ (
    /** @type {unknown} */ (stage.querySelector("trace-player[data-ready]"))
  );
  player?.goTo(String(step));
};

addEventListener("message", ({ data, origin, source }) => {
  if (!isInside || origin !== location.origin || source !== parent) return;
  if (data?.type === "show") show(data.html, data.columns, data.step);
  if (data?.type === "go") go(data.step);
});

if (isInside) {
  alone?.remove();
  document.documentElement.classList.add("tg-inside");
  new ResizeObserver(() => {
    const now = Math.ceil(stage.getBoundingClientRect().height);
    if (now !== px) tell({ type: "height", px: (px = now) });
  }).observe(stage);
  tell({ type: "ready" });
}
