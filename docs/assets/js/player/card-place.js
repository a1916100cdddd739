/** Where a card stands: near what it tells of, over as little of it as can be. No DOM. */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

const GAP_PX = 14;

/**
 * @param {{ width: number, height: number }} card
 * @param {Box} room What the reader sees.
 * @param {readonly Box[]} spared What should stay in sight, the most important first.
 * @returns {{ left: number, top: number }} In the same px as the room.
 */
export function placed(card, room, spared) {
  const [near = room] = spared;
  const lefts = [near.right + GAP_PX, near.left - GAP_PX - card.width];
  lefts.push(room.left, room.right - card.width);
  const tops = [near.top - 2 * GAP_PX, near.bottom + GAP_PX, near.top - GAP_PX - card.height];
  for (const box of spared.slice(1)) {
    lefts.push(box.right + GAP_PX, box.left - GAP_PX - card.width);
    tops.push(box.bottom + GAP_PX, box.top - GAP_PX - card.height);
  }
  const found = lefts.flatMap((x) =>
    tops.map((y) => {
      const left = within(x, room.left, room.right - card.width);
      const top = within(y, room.top, room.bottom - card.height);
      const box = { left, top, right: left + card.width, bottom: top + card.height };
      const covered = spared.reduce((sum, each, i) => sum + shared(box, each) / 10 ** i, 0);
      return { left, top, cost: covered * 1000 + apart(box, near) };
    }),
  );
  const { left, top } = found.reduce((best, each) => (each.cost < best.cost ? each : best));
  return { left, top };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function within(value, least, most) {
  return Math.max(least, Math.min(value, most));
}

/**
 * How much two boxes share, in square px.
 * @param {Box} one
 * @param {Box} other
 */
export function shared(one, other) {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * How far two boxes are apart, in px.
 * @param {Box} one
 * @param {Box} other
 */
function apart(one, other) {
  const x = Math.max(0, other.left - one.right, one.left - other.right);
  const y = Math.max(0, other.top - one.bottom, one.top - other.bottom);
  return Math.hypot(x, y);
}
