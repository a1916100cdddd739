/** Reads the story from what the server rendered: `<tr>` a row, `<td>` a style's step. */

import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Story} Story */
/** @typedef {import("./types.js").Side} Side */
/** @typedef {import("./types.js").Style} Style */

/**
 * @param {HTMLElement} root
 * @returns {Story}
 */
export function readStory(root) {
  const table = root.querySelector("table[data-run]");
  if (!(table instanceof HTMLElement)) throw wrong("there is no table of steps in it");
  const rows = [...table.querySelectorAll("tr[data-step]")].map((line, index) => ({
    number: index + 1,
    step: line.getAttribute("data-step") ?? "",
    sides: bySide((style) => readSide(line.querySelector(`td.tg-st-${style}`))),
  }));
  if (!rows.length) throw wrong("its table of steps is empty");
  return {
    run: table.dataset.run ?? "",
    order: table.dataset.order ?? "",
    rows,
    start: bySide((style) => whole(table.getAttribute(`data-start-${style}`)) ?? -1),
  };
}

/** @param {string} what */
function wrong(what) {
  const right = "a row for each step belongs there. Build the site again";
  return new Error(`The player: ${what}; ${right}; all that it moves stands on the page.`);
}

/**
 * @template T
 * @param {(style: Style) => T} make
 */
function bySide(make) {
  return /** @type {Record<Style, T>} */ (
    Object.fromEntries(STYLES.map((style) => [style, make(style)]))
  );
}

/**
 * @param {Element | null} cell
 * @returns {Side}
 */
function readSide(cell) {
  return {
    anchor: cell?.id ?? "",
    title: cell?.getAttribute("data-title") ?? "",
    act: whole(cell?.getAttribute("data-act") ?? null),
    until: whole(cell?.getAttribute("data-until") ?? null) ?? -1,
  };
}

/** @param {string | null} text */
function whole(text) {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
