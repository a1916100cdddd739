/**
 * Where a position stands down the page, and which position stands where. No DOM and no clock.
 *
 * `edges` are px from the top of the table: where each row begins, and last where the last one
 * ends. It is empty while the table is not seen.
 */

/** So far into the first row the playhead rests at the start, where the table's head ends. */
const START_PX = 8;
/** This close to the end of a row a drag means the whole row. */
const SNAP_PX = 5;

/**
 * @param {readonly number[]} edges
 * @param {number} position
 */
export function pxOf(edges, position) {
  const row = Math.min(Math.floor(position), edges.length - 2);
  const top = edges[row] ?? 0;
  const px = top + ((edges[row + 1] ?? top) - top) * (position - row);
  return Math.round(Math.max(px, (edges[0] ?? 0) + START_PX));
}

/**
 * @param {readonly number[]} edges
 * @param {number} px
 */
export function positionOf(edges, px) {
  const near = edges.findIndex((edge) => Math.abs(edge - px) < SNAP_PX);
  if (near >= 0) return near;
  const row = edges.findLastIndex((edge) => edge < px);
  const top = edges[row];
  const bottom = edges[row + 1];
  if (top === undefined) return 0;
  return bottom === undefined ? row : row + (px - top) / (bottom - top);
}
