/**
 * What the view of all orders shows at a position: shapes, told to a pen. No DOM and no clock, and
 * nothing is made anew from frame to frame. Only what is visible is visited.
 */

import { heaps } from "./all-heaps.js";
import { firstRead } from "./all-index.js";
import { heightOf, lineAt, ROW_PX } from "./all-lines.js";
import { COMMIT, READ, WRITE } from "./story.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-types.js").Kind} Kind */
/** @typedef {import("./all-types.js").Pane} Pane */
/** @typedef {import("./all-types.js").Pen} Pen */
/** @typedef {import("./all-types.js").Scene} Scene */

const READ_Y = 7;
const WRITE_Y = 18;
const FONT_EM = 0.6; // Advance of a digit or a mono character.
const LABEL_PX = 10;

/** How strongly something is drawn. */
export const PALE = 0;
export const PLAIN = 1;
export const STRONG = 2;

/**
 * @param {Pen} pen
 * @param {Scene} scene
 */
export function draw(pen, scene) {
  const { lines, top, height, headPx } = scene;
  const first = lineAt(lines, top);
  const last = lineAt(lines, top + height - headPx);
  const playhead = headPx + heightOf(lines, scene.position) - top;
  for (const pane of scene.panes) scaffold(pen, scene, pane, playhead);
  if (lines.count > 0) {
    for (const pane of scene.panes) if (pane.index) heaps(pen, scene, pane, first, last, playhead);
    for (const pane of scene.panes) if (pane.index) threads(pen, scene, pane, playhead);
    for (let line = first; line <= last; line += 1) {
      const y = headPx + lines.tops[line] - top;
      const rowPx = lines.tops[line + 1] - lines.tops[line];
      const row = lines.rows[line];
      if (lines.folded[line]) pen.fold(y, rowPx, lines.folded[line]);
      else for (const pane of scene.panes) if (pane.index) act(pen, scene, pane, row, y);
    }
  }
  pen.playhead(playhead);
  for (const pane of scene.panes) cut(pen, pane, playhead);
  for (const pane of scene.panes) pen.head(pane, headPx);
}

/**
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Pane} pane
 * @param {number} playhead
 */
function scaffold(pen, { lines, top, height, headPx }, pane, playhead) {
  const { index, order } = pane;
  for (const lane of pane.lanes) {
    if (lane.isTopic) pen.rail(lane.x, headPx, height);
    else pen.life(lane.x, headPx, height);
  }
  if (!index) return;
  for (const lane of pane.lanes) {
    if (lane.isTopic || lane.id < 0) continue;
    let act = order < 0 ? -1 : index.firstOfOrder[order];
    while (act >= 0 && index.recording.service[act] !== lane.id) act = index.nextOfOrder[act];
    if (act < 0) continue;
    const from = headPx + heightOf(lines, index.recording.grid[act]) - top;
    const to = Math.min(playhead, height);
    if (from < to) pen.knows(lane.x, Math.max(from, headPx), to, pane.keepsAll[lane.id]);
  }
  for (const down of index.downs) {
    const from = headPx + heightOf(lines, down.from) - top;
    const to = Math.min(playhead, headPx + heightOf(lines, down.to) - top, height);
    if (from < to && to > headPx) pen.down(pane.serviceX[down.service], from, to);
  }
}

/**
 * How long each record of the followed order waits, and of what is lit.
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Pane} pane
 * @param {number} playhead
 */
function threads(pen, scene, pane, playhead) {
  const { index, order, lit } = pane;
  if (!index) return;
  if (lit) {
    for (const seq of lit) thread(pen, scene, pane, index, seq, playhead);
  } else {
    let act = order < 0 ? -1 : index.firstOfOrder[order];
    for (; act >= 0; act = index.nextOfOrder[act]) {
      if (index.recording.grid[act] >= scene.position) break;
      for (let child = index.firstChild[act]; child >= 0; child = index.nextChild[child]) {
        thread(pen, scene, pane, index, child, playhead);
      }
    }
  }
}

/**
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Pane} pane
 * @param {Index} index
 * @param {number} send
 * @param {number} playhead
 */
function thread(pen, { lines, top, height, headPx, position }, pane, index, send, playhead) {
  const { recording, codes } = index;
  if (recording.operation[send] !== codes.send || recording.topic[send] < 0) return;
  const row = recording.grid[recording.parent[send]];
  if (!(row >= 0) || row + WRITE > position) return;
  const read = firstRead(index, send);
  if (read < 0 && !index.isRead[recording.topic[send]]) return; // Ends where it was written.
  const y1 = headPx + heightOf(lines, row) - top + WRITE_Y;
  const end = read < 0 ? playhead : headPx + heightOf(lines, recording.grid[read]) - top + READ_Y;
  const y2 = Math.min(end, playhead, height);
  if (y2 <= headPx || y2 <= y1) return;
  pen.thread(pane.topicX[recording.topic[send]], Math.max(y1, headPx), y2, kindOf(index, send));
}

/**
 * What one participant did: read, work, write, and the state that it left.
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Pane} pane
 * @param {number} row
 * @param {number} y
 */
function act(pen, scene, pane, row, y) {
  const { index } = pane;
  if (!index || row >= scene.position || row >= index.actAt.length) return;
  const seq = index.actAt[row];
  if (seq < 0) return;
  const { recording, codes } = index;
  const fraction = scene.position - row;
  const level = levelOf(scene, pane, seq);
  const x = pane.serviceX[recording.service[seq]];
  const cause = recording.parent[seq];
  let side = 1;
  if (recording.operation[cause] === codes.timer) pen.clock(x, y + READ_Y, level, seq);
  else if (cause >= 0 && recording.topic[cause] >= 0) {
    const rail = pane.topicX[recording.topic[cause]];
    side = rail < x ? 1 : -1;
    if (fraction >= READ) pen.read(rail, x, y + READ_Y, kindOf(index, cause), level, seq);
  }
  if (fraction >= WRITE) writes(pen, pane, index, seq, x, y, level);
  pen.bar(x, y + 3, ROW_PX - 6, level, seq);
  pen.key(pane.keyX, y + ROW_PX / 2, recording.orders[recording.order[seq]], pane.keyAnchor, level);
  if (fraction < COMMIT || level === PALE) return;
  const status = recording.statuses[recording.status[seq]];
  if (status) state(pen, pane, status, recording.service[seq], x, y + READ_Y, side);
}

/**
 * @param {Pen} pen
 * @param {Pane} pane
 * @param {Index} index
 * @param {number} seq
 * @param {number} x
 * @param {number} y
 * @param {number} level
 */
function writes(pen, pane, index, seq, x, y, level) {
  const { recording, codes } = index;
  for (let send = index.firstChild[seq]; send >= 0; send = index.nextChild[send]) {
    const topic = recording.topic[send];
    if (recording.operation[send] !== codes.send || topic < 0) continue;
    const rail = pane.topicX[topic];
    const kind = kindOf(index, send);
    const offset = recording.offset[send];
    const text = offset < 0 ? "?" : numeral(offset);
    const most = Math.min(pane.topicRoom[topic] - 9, 24);
    const wanted = (text.length * FONT_EM * LABEL_PX) / 2 + 4;
    const isRoom = wanted <= most && level !== PALE;
    const half = isRoom ? Math.max(wanted, 9) : Math.min(9, most);
    pen.write(x, rail, y + WRITE_Y, half, kind, level, send);
    if (!index.isRead[topic]) pen.end(rail, y + WRITE_Y, kind, level);
    pen.cell(rail, y + WRITE_Y, half, kind, isRoom ? text : "", level, send);
  }
}

/**
 * The state of who acted, away from the arrow that it read by, where it crosses no lifeline.
 * @param {Pen} pen
 * @param {Pane} pane
 * @param {string} status
 * @param {number} service
 * @param {number} x
 * @param {number} y
 * @param {number} side 1 for the right, -1 for the left.
 */
function state(pen, pane, status, service, x, y, side) {
  const widthPx = status.length * FONT_EM * LABEL_PX + 8;
  for (const lane of pane.lanes) {
    if (lane.isTopic || lane.id !== service) continue;
    if (widthPx + 12 <= (side > 0 ? lane.right : lane.left)) pen.state(x, y, side, widthPx, status);
  }
}

/**
 * What lies on the playhead: who knows of the followed order, and who is behind.
 * @param {Pen} pen
 * @param {Pane} pane
 * @param {number} y
 */
function cut(pen, { frame, lanes, index }, y) {
  if (!frame || !index) return;
  for (const lane of lanes) {
    if (lane.isTopic) {
      let lag = 0;
      for (const log of frame.logs) {
        if (log.topic === lane.name) for (const reader of log.readers) lag += reader.lag;
      }
      if (lag > 0) pen.lag(lane.x, y, lag, lane.room);
    } else {
      for (const one of frame.participants) {
        if (one.service === lane.name) pen.bead(lane.x, y, one.knows);
      }
    }
  }
}

/**
 * @param {Scene} scene
 * @param {Pane} pane
 * @param {number} act
 */
function levelOf(scene, pane, act) {
  if (scene.panes.some(isLit)) return pane.lit?.has(act) ? STRONG : PALE;
  if (pane.test && !pane.test(act)) return PALE;
  if (!scene.isPale) return PLAIN;
  return pane.index?.recording.order[act] === pane.order ? STRONG : PALE;
}

/** @param {Pane} pane */
const isLit = (pane) => pane.lit !== null;

/**
 * @param {Index} index
 * @param {number} seq
 * @returns {Kind}
 */
function kindOf({ recording }, seq) {
  return recording.messages[recording.message[seq]]?.kind ?? "event";
}

/** @type {string[]} */
const numerals = [];

/** @param {number} value */
function numeral(value) {
  return value < 10_000 ? (numerals[value] ??= String(value)) : String(value);
}
