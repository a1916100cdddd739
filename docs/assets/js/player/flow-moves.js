/**
 * What the flow view shows at a moment: what is there, where markers stand and where a message is.
 * All of it follows from the row and how much of it is done. No DOM and no clock.
 */

import { easeOut } from "./playback.js";
import { COMMIT, READ, WRITE } from "./story.js";

/** @typedef {{ row: number, fraction: number }} At What of a moment matters here. */
/** @typedef {"yet" | "now" | ""} When Not yet, in the row under way, or long since. */
/** @typedef {[number, number]} Point */

/**
 * @typedef {object} Standing Where a marker stands.
 * @property {number} row From which row on.
 * @property {number} next
 * @property {number} lag
 * @property {number} x Of its tip.
 * @property {number} width Of its bar.
 * @property {number} shift Of its words, from where they stand in the end.
 * @property {boolean} isDown
 */

/** @typedef {{ points: Point[], lengths: number[] }} Way Lengths from the start to each point. */

export const LEAVE = 0.04;
export const SEND = 0.36;
export const SLIDE = 0.78;
const BEND = 6; // Chords that a bend is cut into.

/**
 * When within its row a record is on its way: one goes after the other.
 * @param {number} index
 * @param {number} count How many the row writes.
 * @returns {[number, number]}
 */
export function sending(index, count) {
  const each = (WRITE - SEND) / count;
  return [SEND + each * index, index === count - 1 ? WRITE : SEND + each * (index + 1)];
}

/**
 * @param {At} moment
 * @param {number} row
 * @param {number} at How much of the row has to be done.
 */
export function reached(moment, row, at) {
  return moment.row > row || (moment.row === row && moment.fraction >= at);
}

/**
 * @param {At} moment
 * @param {number} from The row in which it comes.
 * @param {number} at At which part of it.
 * @param {number} [until] The row in which it is no longer the newest.
 * @param {number} [leaves] At which part of that.
 * @returns {When}
 */
export function whenOf(moment, from, at, until = from + 1, leaves = 0) {
  if (!reached(moment, from, at)) return "yet";
  return reached(moment, until, leaves) ? "" : "now";
}

/**
 * The last of some times that has come, in order of rows.
 * @template {{ row: number }} T
 * @param {readonly T[]} times
 * @param {At} moment
 * @param {number} at
 */
export function current(times, moment, at) {
  return times.findLast((time) => reached(moment, time.row, at)) ?? /** @type {T} */ (times[0]);
}

/**
 * The log grows as records are written, the marker moves as its group commits.
 * @param {readonly Standing[]} times
 * @param {At} moment
 * @returns {Standing}
 */
export function standing(times, moment) {
  const before = current(times, moment, COMMIT);
  const after = current(times, moment, 0);
  const log = current(times, moment, WRITE);
  const done = Math.min(Math.max((moment.fraction - SLIDE) / (COMMIT - SLIDE), 0), 1);
  const share = before === after ? 1 : easeOut(done);
  const x = between(before.x, after.x, share);
  return {
    row: moment.row,
    next: before.next,
    lag: Math.max(log.next + log.lag - before.next, 0),
    x,
    width: Math.max(log.x + log.width - x, 0),
    shift: between(before.shift, after.shift, share),
    isDown: current(times, moment, READ).isDown,
  };
}

/**
 * A path of straight lines and quadratic bends, as points.
 * @param {string} path
 * @param {number} cell The middle of the record: its copy leaves from there, or it ends there.
 * @param {boolean} isWrite
 * @returns {Way}
 */
export function wayOf(path, cell, isWrite) {
  /** @type {Point[]} */
  const points = [];
  for (const [, command, numbers] of path.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const [a = 0, b = 0, c = 0, d = 0] = (numbers ?? "").trim().split(/\s+/).map(Number);
    const [x, y] = points.at(-1) ?? [a, b];
    if (command !== "Q") points.push([a, b]);
    else {
      for (let step = 1; step <= BEND; step += 1) {
        const t = step / BEND;
        points.push([
          between(between(x, a, t), between(a, c, t), t),
          between(between(y, b, t), between(b, d, t), t),
        ]);
      }
    }
  }
  const log = isWrite ? points.at(-1) : points[0];
  if (log) points.splice(isWrite ? points.length : 0, 0, [cell, log[1]]);
  let far = 0;
  const lengths = points.map((point, index) => {
    const last = points[index - 1] ?? point;
    return (far += Math.hypot(point[0] - last[0], point[1] - last[1]));
  });
  return { points, lengths };
}

/**
 * @param {Way} way
 * @param {number} share Of its length.
 * @returns {Point}
 */
export function pointAt({ points, lengths }, share) {
  const far = (lengths.at(-1) ?? 0) * share;
  const index = Math.max(lengths.findIndex((length) => length >= far), 1);
  const from = points[index - 1] ?? [0, 0];
  const to = points[index] ?? from;
  const start = lengths[index - 1] ?? 0;
  const length = (lengths[index] ?? start) - start;
  const part = length ? (far - start) / length : 1;
  return [between(from[0], to[0], part), between(from[1], to[1], part)];
}

/**
 * How far a message is on its way; null while it is not.
 * @param {At} moment
 * @param {number} row
 * @param {readonly [number, number]} span
 */
export function travelled(moment, row, [from, to]) {
  const isOut = moment.row !== row || moment.fraction < from || moment.fraction >= to;
  return isOut ? null : easeOut((moment.fraction - from) / (to - from));
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} share
 */
function between(from, to, share) {
  return from + (to - from) * share;
}
