/** What the reader said, kept beside what happened: in the row, and in the line above the bar. */

import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Player} Player */

/**
 * @param {Player} player
 * @param {HTMLTemplateElement} template
 * @param {ReadonlyMap<number, Element>} questions
 * @param {ReadonlyMap<number, string>} said
 */
export function guessesOf(player, template, questions, said) {
  const { root, signal } = player;
  const line = root.querySelector("[data-part=guess]");
  const edges = [...questions.keys()];
  let shown = "";

  /** @param {number} edge */
  const guessOf = (edge) =>
    questions.get(edge)?.querySelector(`[data-guess="${said.get(edge)}"]`)?.cloneNode(true);

  /** @param {number} edge */
  const remove = (edge) => {
    for (const each of root.querySelectorAll(`.tg-st-words > [data-said="${edge}"]`)) each.remove();
    shown = "";
  };

  signal.addEventListener("abort", () => {
    for (const edge of edges) {
      remove(edge);
      rowOf(root, edge)?.removeAttribute("data-unasked");
    }
    line?.replaceChildren();
    line?.removeAttribute("data-edge");
  });
  return {
    remove,
    /**
     * Put the guess into the row that was asked about; gives what it says.
     * @param {number} edge
     */
    add(edge) {
      const row = player.story.rows[edge];
      const free = STYLES.find((style) => !row?.sides[style].anchor) ?? STYLES[0];
      for (const style of STYLES) {
        const guess = guessOf(edge);
        if (!(guess instanceof HTMLElement)) continue;
        guess.dataset.said = String(edge);
        guess.toggleAttribute("data-twin", style !== free); // One is enough where both are seen.
        rowOf(root, edge + 1)?.querySelector(`td.tg-st-${style} > .tg-st-words`)?.append(guess);
      }
      shown = "";
      return guessOf(edge)?.textContent ?? "";
    },
    /**
     * @param {import("./types.js").Moment} moment
     * @param {import("./types.js").State} state
     */
    show({ position }, { asks, view }) {
      const edge = edges.findLast((each) => each <= position && said.has(each)) ?? 0;
      const key = `${edge} ${asks && view !== "all"} ${Math.ceil(position)}`;
      if (key === shown) return;
      shown = key;
      for (const each of edges) {
        const waits = asks && !said.has(each) && each >= position;
        rowOf(root, each)?.toggleAttribute("data-unasked", waits);
      }
      if (line?.getAttribute("data-edge") === `${edge} ${said.get(edge)}`) return;
      line?.setAttribute("data-edge", `${edge} ${said.get(edge)}`);
      const guess = guessOf(edge);
      const again = template.content.querySelector("[data-again]")?.cloneNode(true);
      if (again instanceof Element) again.setAttribute("data-again", String(edge));
      const words = document.createElement("span");
      words.append(...(guess?.childNodes ?? []));
      line?.replaceChildren(...(guess && again ? [words, " ", again] : []));
    },
  };
}

/**
 * @param {HTMLElement} root
 * @param {number} number
 */
function rowOf(root, number) {
  return root.querySelector(`tr[data-step][data-row="${number}"]`);
}
