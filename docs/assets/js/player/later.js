/** What is fetched when it is first needed: most readers ask for few of the parts. */

import { wrong } from "./fields.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */

const MISSING = /** @type {const} */ (["it did not come", "the site must be within reach"]);

/**
 * @template M
 * @param {Player} player
 * @param {() => Promise<M>} bring Fetches the module.
 * @param {(module: M) => Part} connect
 * @returns {Part & { need: () => void }} Shows nothing until `need` was called and the module came.
 */
export function later(player, bring, connect) {
  /** @type {Part | null} */
  let part = null;
  let isAsked = false;
  const { signal } = player;
  return {
    need() {
      if (isAsked) return;
      isAsked = true;
      bring().then(
        (module) => {
          if (signal.aborted) return;
          part = connect(module);
          part.show(player.moment, player.state, null);
        },
        () => {
          if (!signal.aborted) player.complain(wrong("A part of the player", ...MISSING));
        },
      );
    },
    show(moment, state, before) {
      part?.show(moment, state, before);
    },
  };
}

/** The flow view, moved. @type {import("./types.js").Connect} */
export const flow = (player) => view(player, "flow", () => import("./flow-stage.js"));

/** The view of all orders. @type {import("./types.js").Connect} */
export const all = (player) => view(player, "all", () => import("./all.js"));

/**
 * A view whose script comes when it is first shown.
 * @param {Player} player
 * @param {import("./types.js").View} name
 * @param {() => Promise<{ connect: import("./types.js").Connect }>} bring
 * @returns {Part}
 */
function view(player, name, bring) {
  if (!player.root.querySelector(`.tg-${name}`)) return { show() {} };
  const part = later(player, bring, (module) => module.connect(player));
  return {
    show(moment, state, before) {
      part.show(moment, state, before);
      if (state.view === name) part.need();
    },
  };
}
