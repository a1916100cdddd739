/** Puts a scene in its place: panes, lines, and the window on them. No DOM. */

import { heightOf, makeLines, makeTest } from "./all-lines.js";
import { makePanes } from "./all-panes.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-lines.js").Choice} Choice */
/** @typedef {import("./all-types.js").Lanes} Lanes */
/** @typedef {import("./all-types.js").Scene} Scene */

const ABOVE = 0.7; // The playhead stands so far down, and at least so near the top:
const BELOW = 0.3;
const FOOT_PX = 18; // What hangs from the playhead is not cut at the end.

/**
 * @param {Scene} scene
 * @param {{ lanes: Lanes, index: Index | null }[]} sides One style, or both.
 * @param {Choice} choice
 * @param {number} rows
 */
export function layOut(scene, sides, choice, rows) {
  const all = { ...choice, others: /** @type {const} */ ("alike") };
  scene.panes = makePanes(scene.width, sides);
  scene.headPx = Math.max(...scene.panes.map((pane) => pane.headPx));
  for (const pane of scene.panes) {
    for (const lane of pane.lanes) if (lane.y) lane.y += scene.headPx - pane.headPx;
    if (!pane.index) continue;
    pane.order = pane.index.recording.orders.indexOf(choice.order);
    pane.test = choice.which ? makeTest(pane.index, all) : null;
  }
  const indexes = scene.panes.flatMap(({ index }) => index ?? []);
  scene.lines = makeLines(rows, indexes, choice);
  scene.isPale = choice.others !== "alike";
}

/**
 * Bring the playhead into the window, and from there as far as the reader scrolled. Below the
 * playhead nothing is drawn, so there is nothing to scroll to.
 * @param {Scene} scene
 * @param {number} offset Px that the reader scrolled.
 * @returns {number} As many of them as there are.
 */
export function scrollTo(scene, offset) {
  const { lines, headPx, height, position } = scene;
  const room = height - headPx;
  const y = heightOf(lines, position);
  const bottom = Math.max(lines.tops[lines.count] + FOOT_PX - room, 0);
  const top = Math.min(Math.max(y - ABOVE * room, 0), bottom);
  const most = Math.max(y - BELOW * room, top);
  scene.top = Math.min(Math.max(top + offset, 0), most);
  return scene.top - top;
}
