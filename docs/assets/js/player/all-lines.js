/**
 * Which rows of the layout of all orders are shown, and how far down: what is left out folds into
 * thin bands. No DOM and no clock.
 */

/** @typedef {import("./all-index.js").Index} Index */

export const ROW_PX = 26;
const FOLD_PX = 18;

/**
 * @typedef {object} Lines
 * @property {number} count
 * @property {number} rowCount
 * @property {Int32Array} rows First row of each line.
 * @property {Int32Array} tops Px from the top of all to the top of each line, and to the bottom of
 *   the last.
 * @property {Int32Array} folded Acts that a line folds away; 0 for a row that is shown.
 * @property {Int32Array} shown Acts that the reader asked for, above each line and above the end.
 *
 * @typedef {object} Choice What the reader wants to see.
 * @property {string} order The one that is followed.
 * @property {"pale" | "alike" | "folded"} others
 * @property {string} which Empty for all, `unfinished`, `service NAME` or `topic NAME`.
 * @property {readonly string[]} unfinished
 */

/**
 * @param {number} rowCount
 * @param {readonly Index[]} indexes
 * @param {Choice} choice
 * @returns {Lines}
 */
export function makeLines(rowCount, indexes, choice) {
  const rows = new Int32Array(rowCount);
  const folded = new Int32Array(rowCount);
  const tops = new Int32Array(rowCount + 1);
  const shown = new Int32Array(rowCount + 1);
  const tests = indexes.map((index) => makeTest(index, choice));
  const foldsAny = choice.others === "folded" || choice.which !== "";
  let count = 0;
  for (let row = 0; row < rowCount; row += 1) {
    let acts = 0;
    let wanted = 0;
    for (let pane = 0; pane < indexes.length; pane += 1) {
      const { actAt } = indexes[pane];
      const act = row < actAt.length ? actAt[row] : -1;
      if (act >= 0) acts += 1;
      if (act >= 0 && tests[pane](act)) wanted += 1;
    }
    const isKept = !foldsAny || wanted > 0;
    if (!isKept && acts === 0) continue; // A hole beside a fold is part of it.
    if (!isKept && count > 0 && folded[count - 1] > 0) {
      folded[count - 1] += acts;
      continue;
    }
    rows[count] = row;
    folded[count] = isKept ? 0 : acts;
    shown[count + 1] = shown[count] + wanted;
    tops[count + 1] = tops[count] + (isKept ? ROW_PX : FOLD_PX);
    count += 1;
  }
  return { count, rowCount, rows, tops, folded, shown };
}

/**
 * Whether an act is among those that the reader asked for.
 * @param {Index} index
 * @param {Choice} choice
 * @returns {(act: number) => boolean}
 */
export function makeTest(index, choice) {
  const { recording, codes } = index;
  const order = choice.others === "folded" ? recording.orders.indexOf(choice.order) : -1;
  const [what, ...rest] = choice.which.split(" ");
  const name = rest.join(" ");
  const service = what === "service" ? recording.services.indexOf(name) : -2;
  const topic = what === "topic" ? recording.topics.findIndex((each) => each.name === name) : -2;
  const open = new Set(choice.unfinished.map((key) => recording.orders.indexOf(key)));
  return (act) => {
    if (choice.others === "folded" && recording.order[act] !== order) return false;
    if (what === "unfinished") return open.has(recording.order[act]);
    if (what === "service") return recording.service[act] === service;
    if (what !== "topic") return true;
    if (topic < 0) return false;
    if (recording.topic[act] === topic) return true;
    for (let child = index.firstChild[act]; child >= 0; child = index.nextChild[child]) {
      const isSent = recording.operation[child] === codes.send;
      if (isSent && recording.topic[child] === topic) return true;
    }
    return false;
  };
}

/**
 * The line in which a row stands, or the one above it.
 * @param {Lines} lines
 * @param {number} row
 */
export function lineOf(lines, row) {
  return lastAtMost(lines.rows, lines.count, row);
}

/**
 * The line at a height.
 * @param {Lines} lines
 * @param {number} y
 */
export function lineAt(lines, y) {
  return lastAtMost(lines.tops, lines.count, y);
}

/**
 * How far down a position is: 2.5 is half way through the third row.
 * @param {Lines} lines
 * @param {number} position
 */
export function heightOf(lines, position) {
  if (lines.count === 0) return 0;
  const line = lineOf(lines, Math.max(position, 0));
  const next = line + 1 < lines.count ? lines.rows[line + 1] : lines.rowCount;
  const rows = lines.folded[line] ? next - lines.rows[line] : 1;
  const part = Math.min(Math.max((position - lines.rows[line]) / rows, 0), 1);
  return lines.tops[line] + part * (lines.tops[line + 1] - lines.tops[line]);
}

/**
 * @param {Int32Array} sorted
 * @param {number} count
 * @param {number} value
 */
function lastAtMost(sorted, count, value) {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
