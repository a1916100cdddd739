/** A part that is fetched when it is first needed: most readers ask for few of them. */

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */

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
        (error) => {
          if (!signal.aborted) player.complain(String(error));
        },
      );
    },
    show(moment, state, before) {
      part?.show(moment, state, before);
    },
  };
}
