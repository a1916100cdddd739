/**
 * The playhead: a line across both styles with, for each participant, what it knows of the order,
 * and for each rail how far its readers are behind. A copy of the foot, which says it of the end.
 */

import { frameAt } from "./frame.js";
import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Moment} Moment */
/** @typedef {import("./types.js").Style} Style */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./frame.js").Reader} Reader */

/**
 * @param {Player} player
 * @param {HTMLTableRowElement} foot
 * @returns {{ line: HTMLElement, handle: HTMLElement, show: (moment: Moment) => void }}
 */
export function copyOf(player, foot) {
  const line = /** @type {HTMLTableRowElement} */ (foot.cloneNode(true));
  line.className = "tg-st-playhead";
  line.setAttribute("aria-hidden", "true");
  line.hidden = true; // Until it is known where rows stand.
  const handle = document.createElement("span");
  handle.className = "tg-st-handle";
  line.querySelector("th")?.replaceChildren(handle);
  for (const words of line.querySelectorAll(".tg-sr")) words.remove();
  const sides = STYLES.map((style) => sideOf(player, line, style));
  return {
    line,
    handle,
    show(moment) {
      for (const show of sides) show(moment);
    },
  };
}

/**
 * @param {Player} player
 * @param {HTMLElement} line
 * @param {Style} style
 * @returns {(moment: Moment) => void}
 */
function sideOf(player, line, style) {
  const drawing = /** @type {Element} */ (line.querySelector(`.tg-st-${style} svg`));
  const beads = [...drawing.querySelectorAll(".tg-st-bead")];
  const tags = [...drawing.querySelectorAll(".tg-st-lag")];
  /** @type {Frame | null} */
  let shown = null;
  drawing.toggleAttribute("hidden", true);
  return (moment) => {
    const recording = player.recordings[style];
    if (!recording) return;
    const frame = frameAt(recording, moment.cuts[style], player.story.order);
    if (frame === shown) return;
    shown = frame;
    drawing.toggleAttribute("hidden", false);
    for (const bead of beads) showBead(bead, frame);
    for (const tag of tags) showLag(tag, frame);
  };
}

/**
 * @param {Element} bead
 * @param {Frame} frame
 */
function showBead(bead, frame) {
  const service = bead.getAttribute("data-service");
  const knows = frame.participants.find((each) => each.service === service)?.knows ?? "nothing";
  if (bead.getAttribute("data-knows") !== knows) bead.setAttribute("data-knows", knows);
}

/**
 * @param {Element} tag
 * @param {Frame} frame
 */
function showLag(tag, frame) {
  const topic = tag.getAttribute("data-topic");
  const partition = Number(tag.getAttribute("data-partition"));
  const log = frame.logs.find((each) => each.topic === topic && each.partition === partition);
  const last = log?.readers.reduce((most, each) => (each.lag > most.lag ? each : most));
  const lag = last?.lag ?? 0;
  tag.toggleAttribute("data-none", lag === 0);
  tag.classList.toggle("tg-st-down", lag > 0 && last?.isDown === true);
  const number = /** @type {Text} */ (tag.querySelector("text")?.lastChild);
  if (number.data !== String(lag)) number.data = String(lag);
}
