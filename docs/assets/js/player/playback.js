/**
 * Motion as functions of time: how long a row takes, and where a glide is. No DOM and no clock.
 *
 * Play stops at the end of each row long enough to read it. Height is order, never duration: what
 * took five seconds on Kafka takes as long here as what took five milliseconds.
 */

/** @typedef {import("./types.js").View} View */

/**
 * @typedef {object} Way How the position is moving by itself.
 * @property {number} from
 * @property {number} to
 * @property {number} since_ms When it began, by the clock of frames.
 *
 * @typedef {Way & ({ kind: "play" } | { kind: "glide", duration_ms: number })} Motion
 */

export const GLIDE_MS = 420;
export const JUMP_MS = 260;
export const DISCRETE_MS = 1800;
const ROW_MS = { spacetime: 1600, flow: 1600, all: 240 };
const REST_MS = { spacetime: 500, flow: 1400, all: 0 };

/** @param {number} t From 0 to 1. */
export const easeOut = (t) => 1 - (1 - t) ** 3;

/**
 * Where a motion has brought the position.
 * @param {Motion} motion
 * @param {number} now_ms
 * @param {{ view: View, speed: number }} state
 * @param {boolean} discrete The reader wants no motion.
 */
export function moved(motion, now_ms, { view, speed }, discrete) {
  const { from, to } = motion;
  const elapsed_ms = Math.max(0, now_ms - motion.since_ms);
  if (motion.kind === "glide") return glide(from, to, elapsed_ms, motion.duration_ms);
  return Math.min(playedTo(from, elapsed_ms, view, speed, discrete), to);
}

/**
 * Where a glide from one position to another stands.
 * @param {number} from
 * @param {number} to
 * @param {number} elapsed_ms
 * @param {number} duration_ms
 */
export function glide(from, to, elapsed_ms, duration_ms) {
  const t = duration_ms > 0 ? Math.min(elapsed_ms / duration_ms, 1) : 1;
  return t === 1 ? to : from + (to - from) * easeOut(t);
}

/**
 * Where playing stands. Rows are passed at an even pace, with a rest at the end of each.
 * @param {number} from Where the play began.
 * @param {number} elapsed_ms Since then, by the reader's clock.
 * @param {View} view
 * @param {number} speed
 * @param {boolean} discrete The reader wants no motion: whole rows, at once.
 */
export function playedTo(from, elapsed_ms, view, speed, discrete) {
  const played_ms = elapsed_ms * speed;
  if (discrete) return Math.floor(from) + Math.floor(played_ms / DISCRETE_MS);
  const row_ms = ROW_MS[view];
  const whole = Math.floor(from);
  const passed_ms = played_ms + (from - whole) * row_ms;
  const cycle_ms = row_ms + REST_MS[view];
  const rows = Math.floor(passed_ms / cycle_ms);
  return whole + rows + Math.min((passed_ms - rows * cycle_ms) / row_ms, 1);
}
