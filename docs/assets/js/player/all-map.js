/**
 * The map of the whole: how many acts stand where, in both styles, with the window and the
 * playhead. It needs no more than a recording's head. No DOM but the context it is given.
 */

import { copy } from "./all-head.js";
import { lineAt } from "./all-lines.js";

/** @typedef {import("./recording.js").Recording} Recording */
/** @typedef {import("./all-types.js").Look} Look */

/**
 * @typedef {object} Whole
 * @property {number} rowCount
 * @property {number} from First row in the window.
 * @property {number} to
 * @property {number} position
 * @property {readonly { recording: Recording | null, rowEnd: number }[]} sides
 *   How far each is loaded.
 */

/**
 * @param {CanvasRenderingContext2D} to
 * @param {Look} look
 * @param {Whole} whole
 * @param {import("./all-head.js").Sheet} sheet
 */
export function drawMap(to, look, whole, sheet) {
  const scale = to.getTransform().a;
  const [width, height] = [to.canvas.width / scale, to.canvas.height / scale];
  to.globalAlpha = 1;
  to.fillStyle = look.tint;
  to.fillRect(0, 0, width, height);
  const y = (/** @type {number} */ row) => (row / Math.max(whole.rowCount, 1)) * height;
  to.fillStyle = look.bg;
  to.fillRect(0, y(whole.from), width, Math.max(y(whole.to) - y(whole.from), 6));
  copy(to, actsOf(to, look, width, height, whole, sheet));
  to.strokeStyle = look.ink2;
  to.setLineDash([]);
  to.lineWidth = 1;
  to.strokeRect(0.5, y(whole.from) + 0.5, width - 1, Math.max(y(whole.to) - y(whole.from), 6) - 1);
  to.fillStyle = look.ink;
  to.fillRect(0, Math.min(y(whole.position), height - 2), width, 2);
}

/** @typedef {{ key: string, image: import("./all-head.js").Image }} Drawn */

/** @type {WeakMap<CanvasRenderingContext2D, Drawn>} */
const drawn = new WeakMap();

/**
 * The acts, which stay where they are while the window moves: drawn anew when more is loaded.
 * @param {CanvasRenderingContext2D} to
 * @param {Look} look
 * @param {number} width
 * @param {number} height
 * @param {Whole} whole
 * @param {import("./all-head.js").Sheet} sheet
 */
function actsOf(to, look, width, height, whole, sheet) {
  const ends = whole.sides.map(({ rowEnd }) => rowEnd);
  const { canvas } = to;
  const key = [canvas.width, canvas.height, look.rail, whole.rowCount, ...ends].join(" ");
  const known = drawn.get(to);
  if (known?.key === key) return known.image;
  const made = sheet(canvas.width, canvas.height);
  made.to.setTransform(to.getTransform());
  drawActs(made.to, look, width, height, whole);
  const image = { source: made.done(), left: 0 };
  drawn.set(to, { key, image });
  return image;
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {Look} look
 * @param {number} width
 * @param {number} height
 * @param {Whole} whole
 */
function drawActs(to, look, width, height, { sides, rowCount }) {
  const isOne = sides.length === 1;
  const half = isOne ? width : width / 2;
  const most = Math.max(1, ...sides.flatMap(({ recording }) => densityOf(recording)));
  to.fillStyle = look.rail;
  sides.forEach(({ recording, rowEnd }, side) => {
    const density = densityOf(recording);
    const step = height / Math.max(density.length, 1);
    density.forEach((count, at) => {
      const isHere = (at * rowCount) / density.length <= rowEnd;
      to.globalAlpha = isHere ? 0.9 : 0.35;
      const long = (count / most) * (half - 4);
      const x = isOne ? 2 : side === 0 ? half - 1 - long : half + 1;
      to.fillRect(x, at * step, long, Math.max(step - 0.25, 0.75));
    });
  });
}

/** @param {Recording | null} recording */
function densityOf(recording) {
  return recording?.density ?? [];
}

/**
 * @param {import("./all-types.js").Scene} scene
 * @param {number} room Px of the window.
 * @returns {Whole}
 */
export function wholeOf({ lines, top, position, panes }, room) {
  const rowOf = (/** @type {number} */ y) => (lines.count ? lines.rows[lineAt(lines, y)] : 0);
  return {
    rowCount: lines.rowCount,
    from: rowOf(top),
    to: rowOf(top + room) + 1,
    position,
    sides: panes.map(({ index }) => ({
      recording: index?.recording ?? null,
      rowEnd: index?.rowEnd ?? 0,
    })),
  };
}
