/**
 * Everything on the page shows one position: the tracker, the transcript, the code that ran and
 * the record that is open. And every link to a step, wherever it stands, moves there.
 */

import { later } from "./later.js";
import { connect as jumps } from "./linked-jumps.js";
import { connect as marks } from "./linked-marks.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  // The theme's instant navigation writes out where links lead to, those within the page too.
  for (const link of document.querySelectorAll("a[href*='#']:not([href^='#'])")) {
    const { hash, href } = /** @type {HTMLAnchorElement} */ (link);
    if (href === location.href.replace(/[?#].*/, "") + hash) link.setAttribute("href", hash);
  }
  const parts = [marks(player), jumps(player), lights(player), card(player)];
  return {
    show(moment, state, before) {
      for (const part of parts) part.show(moment, state, before);
    },
  };
}

/**
 * What lights up, fetched once somebody points at something; a key pressed meanwhile is not lost.
 * @param {Player} player
 * @returns {Part}
 */
function lights(player) {
  const { root, signal } = player;
  /** @type {EventTarget | null} */
  let first = null;
  let key = "";
  let isHere = false;
  const part = later(
    player,
    () => import("./linked-lights.js"),
    (module) => {
      const made = module.connect(player, first);
      isHere = true;
      if (key) root.dispatchEvent(new CustomEvent("tg-key", { detail: key, cancelable: true }));
      return made;
    },
  );
  /** @param {Event} event */
  const ask = ({ target }) => {
    first ??= target;
    part.need();
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, ask, { signal });
  root.addEventListener(
    "tg-key",
    (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (isHere || !/^(causes|effects|open)$/.test(detail)) return;
      key = detail;
      event.preventDefault();
    },
    { signal },
  );
  return part;
}

/**
 * The raw record, fetched once somebody wants to see one.
 * @param {Player} player
 * @returns {Part}
 */
function card(player) {
  let isCold = Boolean(player.state.record); // The address asked for it.
  const part = later(
    player,
    () => import("./card.js"),
    (module) => module.connect(player, isCold),
  );
  return {
    show(moment, state, before) {
      part.show(moment, state, before);
      if (!state.record) isCold = false;
      else part.need();
    },
  };
}
