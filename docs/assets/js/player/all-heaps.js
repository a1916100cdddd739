/** What waits on the rails of the view of all orders, as heaps. No DOM. */

/** @typedef {import("./all-types.js").Pane} Pane */
/** @typedef {import("./all-types.js").Pen} Pen */
/** @typedef {import("./all-types.js").Scene} Scene */

const HEAP_MAX_PX = 15;

// Where a heap has which width: one list for all of them, filled anew for each.
/** @type {number[]} */
const steps = [];

/**
 * Half the width of so many records that wait, in px.
 * @param {number} count
 * @param {number} most
 */
function heap(count, most) {
  return count === 0 ? 0 : Math.min(1 + 2.2 * Math.sqrt(count - 1), most);
}

/**
 * How many records wait on each rail: a thread where one does, a heap as wide as they are many.
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Pane} pane
 * @param {number} first
 * @param {number} last
 * @param {number} playhead
 */
export function heaps(pen, { lines, top, headPx }, pane, first, last, playhead) {
  const { index, lanes } = pane;
  if (!index) return;
  for (const lane of lanes) {
    if (!lane.isTopic || lane.id < 0 || !index.isRead[lane.id]) continue;
    const waiting = index.waiting[lane.id];
    const stuck = index.stuck[lane.id];
    const most = Math.min(HEAP_MAX_PX, lane.room - 8);
    const kind = index.kinds[lane.id];
    let isStuck = false;
    steps.length = 0;
    for (let line = first; line <= last; line += 1) {
      const row = lines.rows[line];
      const end = line + 1 < lines.count ? lines.rows[line + 1] - 1 : lines.rowCount - 1;
      const y = headPx + lines.tops[line] - top;
      const before = row > 0 ? waiting[row - 1] : 0;
      const after = waiting[end];
      const isNone = (before === 0 && after === 0) || y >= playhead;
      if (steps.length && (isNone || isStuck !== stuck[end] > 0)) {
        pen.heap(lane.x, steps, kind, isStuck);
        steps.length = 0;
      }
      if (y >= playhead) break;
      if (isNone) continue;
      isStuck = stuck[end] > 0;
      const foot = headPx + lines.tops[line + 1] - top;
      const from = heap(before, most);
      const part = Math.min((playhead - y) / (foot - y), 1);
      if (!steps.length) steps.push(y, from);
      steps.push(Math.min(foot, playhead), from + (heap(after, most) - from) * part);
    }
    if (steps.length) pen.heap(lane.x, steps, kind, isStuck);
  }
}
