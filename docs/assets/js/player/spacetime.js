/** @type {import("./types.js").Connect} */
export function connect(player) {
  const lives = [...player.root.querySelectorAll(".tg-st-live[data-row]")];
  return {
    show(moment) {
      for (const live of lives) {
        const row = Number(live.getAttribute("data-row"));
        live.toggleAttribute("hidden", row > moment.row);
      }
    },
  };
}
