/**
 * Draws shapes on a canvas, in the colours of the page's sheet. A kind of message never rests on
 * colour alone: events are rounded and thin, commands point to the right and are filled, replies
 * point to the left and are dashed. No DOM but the context it is given.
 */

import { copy, imageOf } from "./all-head.js";
import { DASHES, Ink, SOLID } from "./all-ink.js";
import { PALE, STRONG } from "./all-scene.js";

/** @typedef {import("./all-types.js").Kind} Kind */
/** @typedef {import("./all-types.js").Pen} Pen */

const CELL_DASHES = [4, 2.5];
const EDGE = [2, 3];
const CELL_PX = 6; // Half the height of a cell.
const TURN = 2 * Math.PI;
const LAGS_MAX = 999;
const KEY_PX = 84;
const KEY_MAX = 13; // Characters that fit there.

/** @implements {Pen} */
export class CanvasPen extends Ink {
  #widthPx = 0;
  /** @type {Map<number, [string, number]>} */
  #lags = new Map();
  /** @type {WeakMap<import("./all-types.js").Pane, import("./all-head.js").Image>} */
  #heads = new WeakMap();

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {import("./all-types.js").Look} look
   * @param {import("./all-types.js").Said} said
   * @param {import("./all-head.js").Sheet} sheet
   */
  constructor(to, look, said, sheet) {
    super(to, look, said);
    this.sheet = sheet;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  begin(width, height) {
    this.#widthPx = width;
    this.to.globalAlpha = 1;
    this.to.setLineDash(SOLID);
    this.to.fillStyle = this.look.bg;
    this.to.fillRect(0, 0, width, height);
    this.to.textBaseline = "middle";
  }

  /** @type {Pen["knows"]} */
  knows(x, y1, y2, isAll) {
    this.line(x, y1, x, y2, this.look.ink, isAll ? 4 : 2);
  }

  /** @type {Pen["down"]} */
  down(x, y1, y2) {
    this.line(x, y1, x, y2, this.look.bg, 8);
    this.line(x - 6, y1 - 6, x + 6, y1 + 6, this.look.fault, 2.25);
    this.line(x + 6, y1 - 6, x - 6, y1 + 6, this.look.fault, 2.25);
  }

  /** @type {Pen["heap"]} */
  heap(x, steps, kind, isStuck) {
    const { to, look } = this;
    const colour = isStuck ? look.fault : look[kind];
    to.fillStyle = colour;
    to.strokeStyle = colour;
    to.lineWidth = 1;
    to.setLineDash(EDGE);
    to.beginPath();
    this.#edge(x, steps, -1);
    for (let at = steps.length - 2; at >= 0; at -= 2) to.lineTo(x + steps[at + 1], steps[at]);
    to.globalAlpha = 0.22;
    to.fill();
    to.beginPath();
    this.#edge(x, steps, -1);
    this.#edge(x, steps, 1);
    to.globalAlpha = isStuck ? 1 : 0.7;
    to.stroke();
    to.globalAlpha = 1;
  }

  /**
   * @param {number} x
   * @param {readonly number[]} steps
   * @param {number} side 1 for the right, -1 for the left.
   */
  #edge(x, steps, side) {
    this.to.moveTo(x + side * steps[1], steps[0]);
    for (let at = 2; at < steps.length; at += 2) {
      this.to.lineTo(x + side * steps[at + 1], steps[at]);
    }
  }

  /** @type {Pen["thread"]} */
  thread(x, y1, y2, kind) {
    const dashes = kind === "reply" ? DASHES : SOLID;
    this.line(x, y1, x, y2, this.look[kind], kind === "command" ? 4.5 : 3, dashes);
  }

  /** @type {Pen["fold"]} */
  fold(y, height, count) {
    const { to, look } = this;
    to.fillStyle = look.tint;
    to.fillRect(0, y + 1, this.#widthPx, height - 2);
    this.line(0, y + 0.5, this.#widthPx, y + 0.5, look.rule, 1);
    this.line(0, y + height - 0.5, this.#widthPx, y + height - 0.5, look.rule, 1);
    this.label(this.said.fold(count), this.#widthPx / 2, y + height / 2, "center");
  }

  /** @type {Pen["bar"]} */
  bar(x, y, height, level, _seq) {
    const { to, look } = this;
    this.fade(level);
    to.fillStyle = look.ink;
    to.beginPath();
    to.roundRect(x - (level === STRONG ? 5 : 4), y, level === STRONG ? 10 : 8, height, 2);
    to.fill();
    to.globalAlpha = 1;
  }

  /** @type {Pen["read"]} */
  read(rail, x, y, kind, level, _seq) {
    const { to, look } = this;
    this.fade(level);
    this.arrow(rail, x + (x > rail ? -6 : 6), y, kind);
    to.fillStyle = look[kind];
    to.beginPath();
    to.arc(rail, y, 2.5, 0, TURN);
    to.fill();
    to.globalAlpha = 1;
  }

  /** @type {Pen["write"]} */
  write(x, rail, y, half, kind, level, _seq) {
    this.fade(level);
    this.arrow(x, rail + (rail > x ? -half - 2 : half + 2), y, kind);
    this.to.globalAlpha = 1;
  }

  /** @type {Pen["cell"]} */
  cell(x, y, half, kind, text, level, _seq) {
    const { to, look } = this;
    to.beginPath();
    if (kind === "event") to.roundRect(x - half, y - CELL_PX, 2 * half, 2 * CELL_PX, CELL_PX);
    else {
      const to_right = kind === "command" ? 1 : -1;
      to.moveTo(x - to_right * half, y - CELL_PX);
      to.lineTo(x + to_right * (half - 4), y - CELL_PX);
      to.lineTo(x + to_right * (half + 3), y);
      to.lineTo(x + to_right * (half - 4), y + CELL_PX);
      to.lineTo(x - to_right * half, y + CELL_PX);
      to.closePath();
    }
    to.fillStyle = look.bg;
    to.fill(); // What lies below must not shine through what is pale.
    this.fade(level);
    if (kind === "command") {
      to.fillStyle = look.command;
      to.fill();
    }
    to.strokeStyle = look[kind];
    to.lineWidth = level === STRONG ? 2 : 1.25;
    to.setLineDash(kind === "reply" ? CELL_DASHES : SOLID);
    to.stroke();
    to.globalAlpha = 1;
    if (!text) return;
    to.font = this.mono;
    to.textAlign = "center";
    to.fillStyle = kind === "command" ? look.bg : look[kind];
    to.fillText(text, x, y + 0.5);
  }

  /** @type {Pen["end"]} */
  end(x, y, kind, level) {
    this.fade(level);
    this.line(x - 6, y + CELL_PX + 2.5, x + 6, y + CELL_PX + 2.5, this.look[kind], 1.5);
    this.to.globalAlpha = 1;
  }

  /** @type {Pen["clock"]} */
  clock(x, y, level, _seq) {
    const { to, look } = this;
    this.fade(level);
    this.line(x - 20, y, x - 6, y, look.fault, 1.75, EDGE);
    to.beginPath();
    to.arc(x - 26, y, 6, 0, TURN);
    to.moveTo(x - 26, y - 4);
    to.lineTo(x - 26, y);
    to.lineTo(x - 23, y);
    to.strokeStyle = look.fault;
    to.setLineDash(SOLID);
    to.stroke();
    to.globalAlpha = 1;
  }

  /** @type {Pen["state"]} */
  state(x, y, side, width, text) {
    const left = side > 0 ? x + 8 : x - 8 - width;
    this.box(left, y - 6.5, width, 13, this.look.bg, this.look.ink2);
    this.label(text, left + width / 2, y + 0.5, "center", this.look.ink);
  }

  /** @type {Pen["key"]} */
  key(x, y, text, anchor, level) {
    const { to, look } = this;
    to.font = this.mono;
    to.textAlign = anchor;
    to.fillStyle = level === PALE ? look.rail : look.ink;
    if (!text) return;
    if (text.length > KEY_MAX) to.fillText(text, x, y, KEY_PX);
    else to.fillText(text, x, y);
  }

  /** @type {Pen["playhead"]} */
  playhead(y) {
    this.line(0, y, this.#widthPx, y, this.look.ink, 2);
  }

  /** @type {Pen["bead"]} */
  bead(x, y, knows) {
    const { to, look } = this;
    to.beginPath();
    to.arc(x, y, 5.5, 0, TURN);
    to.fillStyle = knows === "all" ? look.ink : look.bg;
    to.fill();
    to.strokeStyle = knows === "down" ? look.fault : look.ink;
    to.lineWidth = 2;
    to.setLineDash(knows === "down" ? EDGE : SOLID);
    to.stroke();
    if (knows !== "part") return;
    to.beginPath();
    to.arc(x, y, 5.5, TURN / 4, (3 * TURN) / 4);
    to.fillStyle = look.ink;
    to.fill();
  }

  /** @type {Pen["lag"]} */
  lag(x, y, count, room) {
    const { look } = this;
    const [text, width] = this.#lag(count, room < 52);
    // It hangs below the playhead: what was written last lies right above.
    this.box(x - width / 2, y + 1, width, 15, look.bg, look.ink2);
    this.label(text, x, y + 9, "center", look.ink);
  }

  /**
   * Measured once: what a browser takes longest for is text.
   * @param {number} count
   * @param {boolean} isShort
   */
  #lag(count, isShort) {
    const key = isShort ? -count : count;
    let found = this.#lags.get(key);
    if (!found) {
      const text = isShort ? String(count) : this.said.lag(count);
      this.to.font = this.sans;
      found = [text, this.to.measureText(text).width + 8];
      if (this.#lags.size > LAGS_MAX) this.#lags.clear();
      this.#lags.set(key, found);
    }
    return found;
  }

  /** @type {Pen["head"]} */
  head(pane, height) {
    let image = this.#heads.get(pane);
    if (!image) {
      image = imageOf(this, this.sheet, pane, height, this.#widthPx);
      this.#heads.set(pane, image);
    }
    copy(this.to, image);
  }
}
