/**
 * Who could say where the order is: the answers of the row reached, and its column in the table.
 * All is there from the server; this chooses which answer is read out.
 */

import { STYLES } from "./story.js";

const NOW = "tg-wk-now";
const LATER = "tg-wk-later";

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const place = player.root.querySelector(".tg-who-knows");
  const cells = [...(place?.querySelectorAll("[data-row]") ?? [])];
  const answers = STYLES.flatMap((style) => {
    const said = place?.querySelector(`[data-answer-of=${style}]`);
    const line = [...(place?.querySelectorAll(`tr[data-style=${style}] [data-answer]`) ?? [])];
    const texts = line.map((cell) => cell.getAttribute("data-answer") ?? "");
    return said ? [{ said, texts }] : [];
  });
  let shown = -1;

  player.signal.addEventListener("abort", () => {
    for (const { said } of answers) said.textContent = "";
    for (const cell of cells) cell.classList.remove(NOW, LATER);
  });

  return {
    show(moment) {
      const row = Math.floor(moment.position); // What is half done nobody knows yet.
      if (row === shown) return;
      shown = row;
      for (const { said, texts } of answers) said.textContent = texts[row] ?? "";
      for (const cell of cells) {
        const number = Number(cell.getAttribute("data-row"));
        cell.classList.toggle(NOW, number === row);
        cell.classList.toggle(LATER, number > row && cell.tagName === "TD");
      }
    },
  };
}
