/**
 * Everything on the page shows one position: the tracker, the transcript, the code that ran and
 * the record that is open. And every link to a step, wherever it stands, moves there.
 */

import { connect as jumps } from "./linked-jumps.js";
import { connect as marks } from "./linked-marks.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const parts = [marks(player), jumps(player), lights(player), card(player)];
  return {
    show(moment, state, before) {
      for (const part of parts) part.show(moment, state, before);
    },
  };
}

/**
 * What lights up, fetched once somebody points at something.
 * @param {Player} player
 * @returns {Part}
 */
function lights(player) {
  /** @type {Part | null} */
  let part = null;
  let isAsked = false;
  const { root, signal } = player;
  /** @param {Event} event */
  const ask = ({ target }) => {
    if (isAsked) return;
    isAsked = true;
    import("./linked-lights.js").then(
      (module) => {
        if (!signal.aborted) part = module.connect(player, target);
      },
      (error) => player.complain(String(error)),
    );
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, ask, { signal });
  return {
    show(moment, state, before) {
      part?.show(moment, state, before);
    },
  };
}

/**
 * The raw record, fetched once somebody wants to see one.
 * @param {Player} player
 * @returns {Part}
 */
function card(player) {
  /** @type {Part | null} */
  let part = null;
  let isAsked = false;
  let isFirst = true;
  return {
    show(moment, state, before) {
      part?.show(moment, state, before);
      const isCold = isFirst;
      isFirst = false;
      if (isAsked || !state.record) return;
      isAsked = true;
      import("./card.js").then(
        (module) => {
          if (player.signal.aborted) return;
          part = module.connect(player, isCold);
          part.show(player.moment, player.state, null);
        },
        (error) => player.complain(String(error)),
      );
    },
  };
}
