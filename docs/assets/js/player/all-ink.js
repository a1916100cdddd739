/** Lines, boxes and words on a canvas, in the page's colours. No DOM but the context given. */

import { PALE } from "./all-scene.js";

/** @typedef {import("./all-types.js").Kind} Kind */
/** @typedef {import("./all-types.js").Look} Look */
/** @typedef {import("./all-types.js").Said} Said */

export const SOLID = /** @type {number[]} */ ([]);
export const DASHES = [6, 4];
export const DOTS = [1, 5];
const FADED = 0.32;

export class Ink {
  /**
   * @param {CanvasRenderingContext2D} to
   * @param {Look} look
   * @param {Said} said
   */
  constructor(to, look, said) {
    this.to = to;
    this.look = look;
    this.said = said;
    this.sans = `10px ${look.sans}`;
    this.mono = `10px ${look.mono}`;
    this.strong = `600 11px ${look.sans}`;
  }

  /** @type {import("./all-types.js").Pen["rail"]} */
  rail(x, y1, y2) {
    this.line(x - 4.5, y1, x - 4.5, y2, this.look.rail, 1);
    this.line(x + 4.5, y1, x + 4.5, y2, this.look.rail, 1);
  }

  /** @type {import("./all-types.js").Pen["life"]} */
  life(x, y1, y2) {
    this.line(x, y1, x, y2, this.look.rail, 1, DOTS);
  }

  /** @param {number} level */
  fade(level) {
    this.to.globalAlpha = level === PALE ? FADED : 1;
  }

  /**
   * @param {number} x1
   * @param {number} x2
   * @param {number} y
   * @param {Kind} kind
   */
  arrow(x1, x2, y, kind) {
    const { to, look } = this;
    const back = x2 > x1 ? -1 : 1;
    const isCommand = kind === "command";
    const dashes = kind === "reply" ? DASHES : SOLID;
    this.line(x1, y, isCommand ? x2 + back * 6 : x2, y, look[kind], isCommand ? 2.5 : 1.5, dashes);
    to.setLineDash(SOLID);
    to.beginPath();
    to.moveTo(x2 + back * 6, y - 4);
    to.lineTo(x2, y);
    to.lineTo(x2 + back * 6, y + 4);
    if (!isCommand) to.stroke();
    else {
      to.fillStyle = look[kind];
      to.fill();
    }
  }

  /**
   * @param {number} x1
   * @param {number} y1
   * @param {number} x2
   * @param {number} y2
   * @param {string} colour
   * @param {number} width
   * @param {number[]} [dashes]
   */
  line(x1, y1, x2, y2, colour, width, dashes = SOLID) {
    const { to } = this;
    to.strokeStyle = colour;
    to.lineWidth = width;
    to.setLineDash(dashes);
    to.beginPath();
    to.moveTo(x1, y1);
    to.lineTo(x2, y2);
    to.stroke();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {string} fill
   * @param {string} stroke
   */
  box(x, y, width, height, fill, stroke) {
    const { to } = this;
    to.beginPath();
    to.roundRect(x, y, width, height, 3);
    to.fillStyle = fill;
    to.fill();
    to.strokeStyle = stroke;
    to.lineWidth = 1;
    to.setLineDash(SOLID);
    to.stroke();
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {CanvasTextAlign} align
   * @param {string} [colour]
   */
  label(text, x, y, align, colour = this.look.ink2) {
    this.to.font = this.sans;
    this.to.textAlign = align;
    this.to.fillStyle = colour;
    this.to.fillText(text, x, y);
  }
}
