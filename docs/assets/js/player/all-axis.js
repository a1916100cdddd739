/** How the rows of one order's story stand on the rows of all orders. No DOM. */

import { anchorAt } from "./all-names.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./types.js").Story} Story */
/** @typedef {import("./types.js").Style} Style */

/**
 * The rows of all orders after which each row of the story is done; rising.
 * @param {Story} story
 * @param {Partial<Record<Style, Index>>} indexes
 * @returns {number[]}
 */
export function stopsOf(story, indexes) {
  let last = 0;
  return story.rows.map(({ sides }) => {
    for (const [style, index] of Object.entries(indexes)) {
      const { act } = sides[/** @type {Style} */ (style)];
      if (act === null) continue;
      const row = act < index.seen ? index.recording.grid[act] : Infinity;
      last = Math.max(last, row + 1);
    }
    return last;
  });
}

/**
 * How much of the story is done at a row of all orders.
 * @param {readonly number[]} stops
 * @param {number} position
 */
export function storyAt(stops, position) {
  const after = stops.findIndex((stop) => stop > position);
  return after < 0 ? stops.length : after;
}

/**
 * Where a position in the story stands.
 * @param {readonly number[]} stops
 * @param {number} position
 */
export function rowAt(stops, position) {
  const row = Math.min(Math.ceil(position), stops.length);
  return row > 0 && Number.isFinite(stops[row - 1]) ? stops[row - 1] : 0;
}

/**
 * The end of the next act of an order in either style, or of the one before.
 * @param {readonly Index[]} indexes
 * @param {string} order
 * @param {number} position
 * @param {number} by 1 or -1
 * @param {number} count
 */
export function nextStop(indexes, order, position, by, count) {
  let found = by > 0 ? count : 0;
  for (const index of indexes) {
    let act = index.firstOfOrder[index.recording.orders.indexOf(order)] ?? -1;
    for (; act >= 0; act = index.nextOfOrder[act]) {
      const end = index.recording.grid[act] + 1;
      if (by > 0 && end > position) found = Math.min(found, end);
      if (by < 0 && end < position) found = Math.max(found, end);
    }
  }
  return found;
}

/**
 * What the player moves while all orders are shown.
 * @param {{ position: number }} scene
 * @param {object} view
 * @param {() => number} view.rows
 * @param {() => readonly Index[]} view.indexes
 * @param {() => readonly number[]} view.stops
 * @param {() => string} view.order
 * @param {() => string} view.said
 * @param {(story: number) => void} view.moved
 * @returns {import("./types.js").Axis}
 */
export function makeAxis(scene, { rows, indexes, stops, order, said, moved }) {
  return {
    get count() {
      return rows();
    },
    get position() {
      return scene.position;
    },
    put(position) {
      scene.position = position;
      const story = storyAt(stops(), position);
      moved(story);
      return story;
    },
    of: (position) => rowAt(stops(), position),
    next: (position, by) => nextStop(indexes(), order(), position, by, rows()),
    anchor: () => anchorAt(indexes(), scene.position),
    said,
  };
}
