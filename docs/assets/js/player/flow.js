/** The flow view, moved; what moves it is fetched when the view is first shown. */

import { later } from "./later.js";

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const root = player.root.querySelector(".tg-flow");
  if (!root) return { show() {} };
  const stage = later(
    player,
    () => import("./flow-stage.js"),
    (module) => module.connect(player, root),
  );
  return {
    show(moment, state, before) {
      stage.show(moment, state, before);
      if (state.view === "flow") stage.need();
    },
  };
}
