/** The flow view, moved; what moves it is fetched when the view is first shown. */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const root = player.root.querySelector(".tg-flow");
  /** @type {import("./types.js").Part | null} */
  let part = null;
  let isAsked = false;
  return {
    show(moment, state, before) {
      part?.show(moment, state, before);
      if (isAsked || !root || state.view !== "flow") return;
      isAsked = true;
      import("./flow-stage.js").then(
        (module) => {
          if (player.signal.aborted) return;
          part = module.connect(player, root);
          part.show(player.moment, player.state, null);
        },
        (error) => player.complain(String(error)),
      );
    },
  };
}
