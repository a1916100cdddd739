/**
 * The card of a question. In the space-time view it hangs from the playhead, over rows that have
 * not happened; in the flow view, where the past is everywhere, it stands on the bar.
 */

/** @typedef {import("./types.js").Player} Player */

/**
 * @typedef {object} Card
 * @property {() => void} place
 * @property {() => void} focus
 * @property {() => void} remove
 */

/** Below a record stand its group's marker and lag. */
const MARGIN_PX = 32;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {Player} player
 * @param {Element} question
 * @param {number} edge
 * @returns {Card}
 */
export function cardOf(player, question, edge) {
  const { root } = player;
  const back = document.activeElement;
  const card = /** @type {HTMLElement} */ (question.cloneNode(true));
  for (const guess of card.querySelectorAll("[data-guess]")) guess.remove();
  const heading = /** @type {HTMLElement} */ (card.querySelector("h4"));
  const place = () => {
    const had = card.contains(document.activeElement);
    if (player.state.view === "flow") root.querySelector(".tg-player-bar")?.prepend(card);
    else hang(root, card, edge);
    if (had) heading.focus({ preventScroll: true }); // Moved, it would lose it.
  };
  const observer = new ResizeObserver(place);
  root.dataset.asking = "";
  place();
  bring(player, card, edge);
  const sized = root.querySelectorAll(".tg-st-table, .tg-player-stage");
  for (const each of sized) observer.observe(each);
  return {
    place,
    focus() {
      // Not from a reader who is elsewhere on the page; not an option: its ring would be a hint.
      const at = document.activeElement;
      if (at === document.body || root.contains(at)) heading.focus({ preventScroll: true });
    },
    remove() {
      const had = card.contains(document.activeElement);
      observer.disconnect();
      card.remove();
      delete root.dataset.asking;
      if (had && back instanceof HTMLElement && back.isConnected) {
        back.focus({ preventScroll: true });
      } else if (had) {
        /** @type {HTMLElement?} */ (root.querySelector("[data-action=play]"))?.focus();
      }
    },
  };
}

/**
 * Hang the card from the end of a row, below the column of numbers where there is one.
 * @param {HTMLElement} root
 * @param {HTMLElement} card
 * @param {number} edge
 */
function hang(root, card, edge) {
  const stage = root.querySelector(".tg-player-stage");
  const cells = [...root.querySelectorAll(`tr[data-row="${edge}"] > *`)];
  const boxes = cells.map((cell) => cell.getBoundingClientRect());
  const seen = boxes.filter((box) => box.height > 1);
  const last = seen.at(-1);
  if (!stage || !last) return;
  if (card.parentElement !== stage) stage.append(card);
  const { left, top, width } = stage.getBoundingClientRect();
  const [spine] = seen.length > 2 ? seen : [];
  const middle = (spine ? spine.left + spine.width / 2 : left + width / 2) - left;
  const x = Math.min(Math.max(middle - card.offsetWidth / 2, 0), width - card.offsetWidth);
  card.style.setProperty("--x", `${Math.round(x)}px`);
  card.style.setProperty("--y", `${Math.round(last.bottom - top)}px`);
}

/**
 * Let both be seen: the question, and the row that was read last.
 * @param {Player} player
 * @param {HTMLElement} card
 * @param {number} edge
 */
function bring({ root, state }, card, edge) {
  const behavior = still.matches ? "auto" : "smooth";
  if (state.view !== "flow") {
    card.scrollIntoView({ block: "nearest", behavior });
    return;
  }
  const read = [...root.querySelectorAll(`.flow-pane svg [data-row="${edge}"]`)]
    .map((each) => each.getBoundingClientRect())
    .filter((box) => box.height > 0);
  const bottom = Math.max(...read.map((box) => box.bottom)) + MARGIN_PX;
  const by = bottom - card.getBoundingClientRect().top;
  if (read.length && by > 0) window.scrollBy({ top: by, behavior });
}
