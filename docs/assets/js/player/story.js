/**
 * What a position means. No DOM and no clock: positions come in, moments go out.
 *
 * Within a row a message is read, then what follows is written, then the reading is committed: at
 * READ, WRITE and COMMIT of the row, in both styles at once.
 */

/** @typedef {import("./types.js").Story} Story */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Style} Style */
/** @typedef {import("./types.js").Moment} Moment */
/** @typedef {import("./types.js").Cut} Cut */
/** @typedef {import("./recording.js").Recording} Recording */

/** @type {readonly Style[]} */
export const STYLES = ["choreography", "orchestration"];

export const READ = 0.3;
export const WRITE = 0.62;
export const COMMIT = 0.9;

/**
 * Keep a position within so many rows.
 * @param {number} position
 * @param {number} count
 */
export function clamp(position, count) {
  return Math.min(Math.max(Number.isFinite(position) ? position : 0, 0), count);
}

/**
 * @param {Story} story
 * @param {number} position
 * @param {Partial<Record<Style, Recording>>} [recordings] Without them a row has no inside: what
 *   it did has happened at its end.
 * @returns {Moment}
 */
export function momentAt(story, position, recordings = {}) {
  const at = clamp(position, story.rows.length);
  const row = Math.ceil(at);
  const fraction = row === 0 ? 1 : at - (row - 1);
  const cuts = /** @type {Record<Style, Cut>} */ ({});
  for (const style of STYLES) cuts[style] = cutAt(story, style, row, fraction, recordings[style]);
  return { position: at, row, fraction, cuts };
}

/**
 * @param {Story} story
 * @param {Style} style
 * @param {number} row
 * @param {number} fraction
 * @param {Recording | undefined} recording
 * @returns {Cut}
 */
function cutAt(story, style, row, fraction, recording) {
  const acts = actsUpTo(story, style, row - 1);
  const all = actsUpTo(story, style, story.rows.length);
  /** @type {(until: number, stage: import("./types.js").Stage, idle?: number) => Cut} */
  const cut = (until, stage, idle = until) => ({ until, acts, all, idle, stage });
  if (row === 0) return cut(story.start[style], "committed");
  const side = /** @type {Row} */ (story.rows[row - 1]).sides[style];
  const before = story.rows[row - 2]?.sides[style].until ?? story.start[style];
  const isEnd = row === story.rows.length;
  if (side.act !== null && fraction >= READ) acts.push(side.act);
  if (fraction >= COMMIT) return cut(side.until, "committed", isEnd ? Infinity : side.until);
  if (side.act === null || fraction < READ) return cut(before, "committed");
  const read = Math.max(before, side.act);
  if (fraction < WRITE || !recording) return cut(read, "read");
  return cut(Math.max(read, lastWrite(recording, side.act, side.until)), "written");
}

/**
 * @param {Story} story
 * @param {Style} style
 * @param {number} row
 */
function actsUpTo(story, style, row) {
  /** @type {number[]} */
  const acts = [];
  for (let index = 0; index < row; index += 1) {
    const act = story.rows[index]?.sides[style].act ?? null;
    if (act !== null) acts.push(act);
  }
  return acts;
}

/**
 * The last record that an act wrote.
 * @param {Recording} recording
 * @param {number} act
 * @param {number} until
 */
function lastWrite(recording, act, until) {
  const [send, bury] = ["send", "bury"].map((name) => recording.operations.indexOf(name));
  let last = act;
  for (let seq = act + 1; seq <= until && seq < recording.loaded; seq += 1) {
    const operation = recording.operation[seq];
    if (recording.parent[seq] === act && (operation === send || operation === bury)) last = seq;
  }
  return last;
}

/**
 * The position at the end of the row that holds a step; null where no row does.
 * @param {Story} story
 * @param {string} anchor
 */
export function positionOf(story, anchor) {
  const row = story.rows.find(({ sides }) => STYLES.some((each) => sides[each].anchor === anchor));
  return row && anchor ? row.number : null;
}

/**
 * The anchor that names a row by cause: orchestration's where both styles act, for it has more.
 * @param {Story} story
 * @param {number} number
 */
export function anchorOf(story, number) {
  const sides = story.rows[number - 1]?.sides;
  return sides ? sides.orchestration.anchor || sides.choreography.anchor : "";
}

/**
 * The whole row that is so many rows away: half a row done counts as not there yet.
 * @param {number} position
 * @param {number} rows
 */
export function stepped(position, rows) {
  return (rows > 0 ? Math.floor(position) : Math.ceil(position)) + rows;
}

/**
 * The end of the next business step, or of the one before.
 * @param {Story} story
 * @param {number} position
 * @param {number} steps 1 or -1
 */
export function businessStepped(story, position, steps) {
  const ends = [0];
  story.rows.forEach((row, index) => {
    if (story.rows[index + 1]?.step !== row.step) ends.push(row.number);
  });
  const found =
    steps > 0 ? ends.find((end) => end > position) : ends.findLast((end) => end < position);
  return found ?? (steps > 0 ? story.rows.length : 0);
}
