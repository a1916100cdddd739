/** The view of all orders; what draws it is fetched when the view is first shown. */

import { later } from "./later.js";

/** @type {import("./types.js").Connect} */
export function connect(player) {
  if (!player.root.querySelector(".tg-all")) return { show() {} };
  const all = later(
    player,
    () => import("./all.js"),
    (module) => module.connect(player),
  );
  return {
    show(moment, state, before) {
      all.show(moment, state, before);
      if (state.view === "all") all.need();
    },
  };
}
