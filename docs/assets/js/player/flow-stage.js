/** Moves the flow view: messages travel, logs grow, markers follow, words stand at the arrow. */

import { marked, picture, row } from "./flow-picture.js";
import { COMMIT } from "./story.js";

/** @typedef {import("./flow-picture.js").Moved} Moved */
/** @typedef {import("./types.js").Style} Style */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const root = /** @type {Element} */ (player.root.querySelector(".tg-flow"));
  /** @type {Map<Element, Moved>} */
  const pictures = new Map();
  const words = [...root.querySelectorAll(".flow-pane")].flatMap(wordsOf);
  /** @type {Set<Element>} */
  const seen = new Set();

  /** @param {Element} svg */
  const show = (svg) => {
    let shown = pictures.get(svg);
    if (!shown) pictures.set(svg, (shown = picture(/** @type {SVGSVGElement} */ (svg))));
    shown.show(player.moment);
  };
  // Only what is displayed moves. What comes into view is put right before it is painted.
  const sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      if (contentRect.width) seen.add(target);
      else seen.delete(target);
      if (contentRect.width) show(target);
    }
  });
  for (const svg of root.querySelectorAll(".flow-drawing")) sizes.observe(svg);
  player.signal.addEventListener("abort", () => {
    sizes.disconnect();
    for (const moved of [...words, ...pictures.values()]) moved.remove();
    seen.clear();
    root.removeAttribute("data-moved");
  });
  root.addEventListener("click", (event) => follow(player, event), { signal: player.signal });
  let at = "";
  root.setAttribute("data-moved", "");
  return {
    show(moment) {
      const now = moment.row + " " + moment.fraction;
      if (now === at) return; // What else may have changed is not shown here.
      at = now;
      for (const each of words) each.show(moment);
      seen.forEach(show);
    },
  };
}

/**
 * The words of a style: its list of steps, and the one line above the drawing.
 * @param {Element} pane
 * @returns {Moved[]}
 */
function wordsOf(pane) {
  const end = pane.querySelector(".flow-end");
  const manner = pane.querySelector(".flow-manner");
  const quiet = [...pane.querySelectorAll(".flow-quiet")];
  const said = /** @type {Element[]} */ ([end, manner, ...quiet].filter(Boolean));
  /** @type {Element | null | undefined} */
  let shown;
  return [
    ...[...pane.querySelectorAll(".flow-captions > li")].map((line) =>
      marked(line, row(line), 0, last(line) + 1),
    ),
    {
      show(moment) {
        const isOver = end && (moment.row > row(end) || isAt(end, moment, COMMIT));
        const here = quiet.find((one) => row(one) <= moment.row && moment.row <= last(one));
        const now = isOver ? end : (here ?? manner);
        if (now === shown) return;
        shown = now;
        for (const one of said) one.setAttribute("data-when", one === now ? "now" : "yet");
      },
      remove() {
        for (const one of said) one.removeAttribute("data-when");
      },
    },
  ];
}

/**
 * @param {Element} element
 * @param {import("./flow-moves.js").At} moment
 * @param {number} at
 */
function isAt(element, moment, at) {
  return moment.row === row(element) && moment.fraction >= at;
}

/** @param {Element} line */
function last(line) {
  return Number(line.getAttribute("data-last") ?? row(line));
}

/**
 * A record opens as it was sent; an arrow, a bubble or a caption leads to its row.
 * @param {import("./types.js").Player} player
 * @param {Event} event
 */
function follow(player, event) {
  const { target } = event;
  if (!(target instanceof Element) || (event instanceof MouseEvent && isModified(event))) return;
  const link = target.closest("a[href^='#record-']")?.getAttribute("href")?.slice(1);
  const record = link ?? target.closest("[data-record]")?.getAttribute("data-record");
  if (record) {
    event.preventDefault();
    player.set({ record });
    return;
  }
  const part = target.closest(".flow-edge, .flow-bubble, .flow-clock, .flow-captions > li");
  const style = part?.closest(".flow-pane")?.getAttribute("data-style");
  const sides = part && player.story.rows[row(part) - 1]?.sides;
  const anchor = sides && sides[/** @type {Style} */ (style)]?.anchor;
  if (anchor && player.goTo(anchor)) event.preventDefault();
}

/** @param {MouseEvent} event */
function isModified(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}
