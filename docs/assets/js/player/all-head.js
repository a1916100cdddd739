/**
 * The heads of the lines on a canvas: who stands where, and which topic. They change with the
 * layout alone, so each is drawn once and then copied, dot by dot. No DOM.
 */

import { DOTS, SOLID } from "./all-ink.js";

/** @typedef {import("./all-ink.js").Ink} Ink */
/** @typedef {import("./all-types.js").Lane} Lane */
/** @typedef {import("./all-types.js").Pane} Pane */

const HANGS_PX = 32; // So far what stands in a head may stick out of its pane.

/**
 * @typedef {object} Image What was drawn once, and where it goes, in dots.
 * @property {ImageBitmap} source
 * @property {number} left
 *
 * @typedef {object} Blank An empty canvas.
 * @property {CanvasRenderingContext2D} to
 * @property {() => ImageBitmap} done Gives what was drawn on it.
 *
 * @typedef {(width: number, height: number) => Blank} Sheet Gives one of so many dots.
 */

/**
 * @param {Ink} ink
 * @param {Sheet} sheet
 * @param {Pane} pane
 * @param {number} height
 * @param {number} widthPx Of the canvas.
 * @returns {Image}
 */
export function imageOf(ink, sheet, pane, height, widthPx) {
  const { to } = ink;
  const scale = to.getTransform().a;
  const left = Math.floor((pane.x - HANGS_PX) * scale);
  const right = Math.ceil((pane.x + pane.width + HANGS_PX) * scale);
  const made = sheet(right - left, Math.ceil(height * scale));
  ink.to = made.to;
  ink.to.setTransform(scale, 0, 0, scale, -left, 0);
  ink.to.textBaseline = "middle";
  drawHead(ink, pane, height, widthPx);
  ink.to = to;
  return { source: made.done(), left };
}

/**
 * Draw what was drawn once, as it is: no dot of it is scaled.
 * @param {CanvasRenderingContext2D} to
 * @param {Image} image
 */
export function copy(to, { source, left }) {
  to.save();
  to.resetTransform();
  to.drawImage(source, left, 0);
  to.restore();
}

/**
 * @param {Ink} ink
 * @param {Pane} pane
 * @param {number} height
 * @param {number} widthPx
 */
function drawHead(ink, pane, height, widthPx) {
  ink.to.fillStyle = ink.look.bg;
  ink.to.fillRect(pane.x, 0, pane.width, height);
  for (const lane of pane.lanes) {
    if (lane.y) name(ink, lane, height, widthPx);
    if (!lane.isTopic) participant(ink, lane, height, pane.isWide);
  }
  ink.line(pane.x, height - 0.5, pane.x + pane.width, height - 0.5, ink.look.rule, 1);
}

/**
 * @param {Ink} ink
 * @param {Lane} lane
 * @param {number} height
 * @param {number} widthPx
 */
function name(ink, { isTopic, x, y, anchor, label }, height, widthPx) {
  const { to, look } = ink;
  if (isTopic) ink.rail(x, y + 6, height);
  else ink.life(x, y + 6, height);
  to.font = isTopic ? ink.mono : ink.sans;
  to.textAlign = anchor === "middle" ? "center" : anchor;
  to.fillStyle = look.ink2;
  const most = anchor === "start" ? widthPx - to.measureText(label).width : Infinity;
  const left = Math.min(x + (anchor === "start" ? -4 : anchor === "end" ? 4 : 0), most);
  to.strokeStyle = look.bg;
  to.lineWidth = 4;
  to.setLineDash(SOLID);
  to.strokeText(label, left, y); // A pole that it has to cross is cut.
  to.fillText(label, left, y);
}

/**
 * @param {Ink} ink
 * @param {Lane} lane
 * @param {number} height
 * @param {boolean} isWide Whether there is room for more than a letter.
 */
function participant(ink, { x, label, role }, height, isWide) {
  const { to, look } = ink;
  const letter = isWide ? label : label.slice(0, 1);
  const small = isWide ? role : "";
  const high = isWide ? 34 : 22;
  to.font = ink.sans;
  const least = isWide ? to.measureText(small).width + 10 : 18;
  to.font = ink.strong;
  const width = Math.max(least, isWide ? 30 : 18, isWide ? to.measureText(letter).width + 10 : 0);
  ink.line(x, height - 6, x, height, look.rail, 1, DOTS);
  ink.box(x - width / 2, height - 6 - high, width, high, look.bg, look.ink);
  to.font = ink.strong;
  to.textAlign = "center";
  to.fillStyle = look.ink;
  to.fillText(letter, x, height - (small ? 30 : 6 + high / 2));
  if (small) ink.label(small, x, height - 15, "center");
}
