/** Finds what the pointer is on: the same scene, told to a pen that only looks. No DOM. */

import { draw } from "./all-scene.js";

/** @typedef {import("./all-types.js").Pen} Pen */
/** @typedef {import("./all-types.js").Scene} Scene */
/** @typedef {{ pane: number, seq: number }} Found */

const NEAR_PX = 12;

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @returns {Found | null} A record, or the `process` span of an act.
 */
export function find(scene, x, y) {
  if (y < scene.headPx) return null;
  let best = { pane: -1, seq: -1, distance: NEAR_PX };
  /** @type {(distance: number, seq: number, at: number) => void} */
  const offer = (distance, seq, at) => {
    if (distance >= best.distance) return;
    const pane = scene.panes.findIndex((p) => at >= p.x - 8 && at <= p.x + p.width + 8);
    best = { pane, seq, distance };
  };
  const none = () => {};
  const between = (/** @type {number} */ a, /** @type {number} */ b) =>
    Math.max(0, Math.min(a, b) - x, x - Math.max(a, b));
  /** @type {Pen} */
  const pen = {
    rail: none,
    life: none,
    knows: none,
    down: none,
    heap: none,
    thread: none,
    fold: none,
    end: none,
    state: none,
    key: none,
    playhead: none,
    bead: none,
    lag: none,
    head: none,
    clock: (at, top, _level, seq) => offer(Math.hypot(x - at + 26, y - top), seq, at),
    bar: (at, top, height, _level, seq) =>
      offer(Math.hypot(beyond(x - at, 4), Math.max(0, top - y, y - top - height)), seq, at),
    read: (rail, at, top, _kind, _level, seq) =>
      offer(Math.hypot(between(rail, at), y - top) + 2, seq, at),
    write: (at, rail, top, _half, _kind, _level, seq) =>
      offer(Math.hypot(between(rail, at), y - top) + 2, seq, at),
    cell: (at, top, half, _kind, _text, _level, seq) =>
      offer(Math.hypot(beyond(x - at, half), beyond(y - top, 6)) - 1, seq, at),
  };
  draw(pen, scene);
  return best.seq < 0 || best.pane < 0 ? null : { pane: best.pane, seq: best.seq };
}

/**
 * How much further than half a width something is.
 * @param {number} distance
 * @param {number} half
 */
function beyond(distance, half) {
  return Math.max(0, Math.abs(distance) - half);
}
