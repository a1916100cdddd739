/**
 * The browser's address, read when the page opens and when the reader goes back, and kept in step
 * in between. What an address means stands in `address.js`.
 */

import * as address from "./address.js";
import { anchorOf, positionOf } from "./story.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").State} State */

/**
 * What the address asks for. That it names no step of ours is said, or taken back.
 * @param {Player} player
 * @returns {Partial<State>}
 */
export function asked(player) {
  const { root, story } = player;
  const { view, style, order, record, step } = address.read(location.search, story.run);
  const hash = location.hash.slice(1); // Anchors are slugs: nothing in one needs decoding.
  const position = positionOf(story, hash) ?? positionOf(story, step ?? "");
  const isThere = view && root.querySelector(`.tg-player-panel[data-view=${view}]`);
  const isOwn = isThere && view === "all"; // That view knows more steps.
  doubt(player, position === null && step !== undefined && !isOwn);
  return {
    order: order ?? story.order,
    record: record ?? null,
    ...(isThere ? { view } : {}),
    ...(style ? { style } : {}),
    ...(position === null ? {} : { position }),
  };
}

/**
 * @param {Player} player
 * @param {boolean} isUnknown
 */
function doubt(player, isUnknown) {
  const place = player.root.querySelector("[data-unknown]");
  const words = place?.getAttribute("data-unknown") ?? "";
  if (isUnknown) player.complain(words);
  else if (place?.textContent === words) player.complain("");
}

/**
 * The address of what is shown.
 * @param {Player} player
 */
export function hrefOf({ axis, moment, state, story }) {
  const step = axis?.anchor() ?? anchorOf(story, moment.row);
  return address.write(location.href, story.run, step, state, story.order);
}

/**
 * Put what is shown into the address, in place of what stood there.
 * @param {Player} player
 */
export function keep(player) {
  const href = hrefOf(player);
  if (href !== location.href) history.replaceState(history.state, "", href);
}
