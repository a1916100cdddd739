/** Brings the view of all orders when it is first shown: most readers never ask for it. */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const panel = player.root.querySelector(".tg-all");
  /** @type {import("./types.js").Part | null} */
  let part = null;
  let isAsked = false;
  if (!panel) return { show() {} };
  return {
    show(moment, state, before) {
      part?.show(moment, state, before);
      if (isAsked || state.view !== "all") return;
      isAsked = true;
      import("./all.js").then(
        (module) => {
          if (player.signal.aborted) return;
          const made = module.connect(player);
          part = made;
          made.show(player.moment, player.state, null);
        },
        (error) => {
          if (!player.signal.aborted) player.complain(String(error));
        },
      );
    },
  };
}
