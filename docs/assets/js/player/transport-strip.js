/** The scrubber and the strip of steps under it. */

import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Player} Player */

// Keys that the range would move by itself, by a hundredth of its length.
/** @type {Record<string, number>} */
const ROWS = { ArrowUp: 1, ArrowDown: -1 };
/** @type {Record<string, number>} */
const STEPS = { PageUp: 1, PageDown: -1 };

const TELL_MS = 100; // What the range says of itself may lag so far behind what is seen.

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const place = player.root.querySelector("[data-part=strip]");
  const range = place?.querySelector("input");
  if (!(place instanceof HTMLElement) || !range) return { show() {} };
  const stops = [...place.querySelectorAll("[data-row]")];
  const heads = [...place.querySelectorAll("[data-head]")];
  const { signal } = player;
  let row = -1;
  let timer = 0;
  // The range's own thumb costs layout and paint wherever it goes.
  const thumb = document.createElement("span");
  thumb.className = "tg-thumb";
  range.before(thumb);
  const said = () => sayRow(player, stops[row - 1]) || (place.dataset["start"] ?? "");
  const mark = () => {
    const step = player.story.rows[row - 1]?.step;
    for (const [index, stop] of stops.entries()) {
      stop.toggleAttribute("data-past", index + 1 < row);
      stop.toggleAttribute("data-now", index + 1 === row);
    }
    for (const head of heads) {
      head.toggleAttribute("data-now", head.getAttribute("data-head") === step);
    }
  };

  const isHeld = drags(player, range);
  const tell = () => {
    timer = 0;
    const { axis } = player;
    if (!isHeld()) range.value = String(axis?.position ?? player.moment.position);
    range.setAttribute("aria-valuetext", axis?.said() ?? said());
  };
  signal.addEventListener("abort", () => {
    row = -1;
    mark();
    clearTimeout(timer);
    thumb.remove();
    range.max = String(stops.length);
    range.removeAttribute("aria-valuetext");
  });
  return {
    show(moment, _state, before) {
      const { axis } = player;
      const count = axis?.count ?? player.story.rows.length;
      if (range.max !== String(count)) range.max = String(count);
      const share = (axis?.position ?? moment.position) / Math.max(count, 1);
      thumb.style.transform = `translateX(${(100 * share).toFixed(3)}cqw)`;
      if (moment.row !== row) {
        row = moment.row;
        mark();
      }
      if (!before) tell();
      else timer ||= setTimeout(tell, TELL_MS);
    },
  };
}

/**
 * @param {Player} player
 * @param {HTMLInputElement} range
 * @returns {() => boolean} Whether the reader holds the range.
 */
function drags(player, range) {
  const { signal } = player;
  let held = false;
  range.addEventListener(
    "input",
    () => {
      held = true;
      player.put(range.valueAsNumber);
    },
    { signal },
  );
  range.addEventListener(
    "change",
    () => {
      held = false;
      player.go(Math.round(range.valueAsNumber));
    },
    { signal },
  );
  range.addEventListener("keydown", (event) => keyed(player, event), { signal });
  return () => held;
}

/**
 * @param {Player} player
 * @param {KeyboardEvent} event
 */
function keyed(player, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = ROWS[event.key];
  const steps = STEPS[event.key];
  if (rows) player.step(rows);
  else if (steps) player.stepBusiness(steps);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * A row in words: which it is, then what each style does in it.
 * @param {Player} player
 * @param {Element | undefined} stop
 */
function sayRow(player, stop) {
  if (!stop) return "";
  const sides = player.story.rows[Number(stop.getAttribute("data-row")) - 1]?.sides;
  const does = STYLES.filter((style) => sides?.[style].title).map(
    (style) => `${named(player, style)}: ${sides?.[style].title}`,
  );
  return [`${stop.getAttribute("data-said")}: ${does.join("; ")}`, stop.getAttribute("data-idle")]
    .filter(Boolean)
    .join(". ");
}

/**
 * What the page calls a style.
 * @param {Player} player
 * @param {import("./types.js").Style} style
 */
export function named(player, style) {
  return player.root.querySelector(`[data-action="style:${style}"]`)?.textContent ?? style;
}
