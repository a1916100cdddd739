/**
 * Keeps the row that happens in sight, after the reader's own step or play and until the reader
 * scrolls: then the reader knows better.
 */

/** @typedef {import("./types.js").Player} Player */

const MARGIN_PX = 14; // With what lies on the playhead.
const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {Player} player
 * @returns {import("./types.js").Part & { begin: () => void }}
 */
export function connect(player) {
  const { root, signal } = player;
  let follows = false;
  let row = -1;
  const stop = () => {
    follows = false;
  };
  for (const name of ["wheel", "touchmove"]) {
    addEventListener(name, stop, { signal, passive: true });
  }
  return {
    begin() {
      follows = true;
    },
    show(moment, state) {
      if (!follows || moment.row === row) return;
      row = moment.row;
      const shown = [...root.querySelectorAll(place(state, row))].find(
        (each) => each.getClientRects().length,
      );
      if (shown) bring(root, shown);
    },
  };
}

/**
 * @param {import("./types.js").State} state
 * @param {number} row
 */
function place({ view, style }, row) {
  const panel = `.tg-player-panel[data-view="${view}"]`;
  if (view === "flow") return `${panel} .flow-pane [data-row="${row}"]`;
  return `${panel} td.tg-st-${style}[data-row="${row}"]`;
}

/**
 * Scroll by as little as it takes; what is in sight stays where it is.
 * @param {HTMLElement} root
 * @param {Element} shown
 */
function bring(root, shown) {
  const box = shown.getBoundingClientRect();
  const isFull = document.fullscreenElement === root;
  const header = isFull ? null : document.querySelector(".md-header");
  const covers = [header, root.querySelector(".tg-st-table > thead")];
  const top = Math.max(0, ...covers.map(coverOf)) + MARGIN_PX;
  const below = root.querySelector(".tg-bar-guess:not(:empty)") ?? root.querySelector(".tg-bar");
  const bar = below?.getBoundingClientRect();
  const bottom = Math.min(innerHeight, bar?.top ?? innerHeight) - MARGIN_PX;
  const by = box.top < top || box.height > bottom - top ? box.top - top : box.bottom - bottom;
  if (box.top >= top && box.bottom <= bottom) return;
  const scroller = isFull ? root : window;
  scroller.scrollBy({ top: by, behavior: still.matches ? "auto" : "smooth" });
}

/**
 * How far down something reaches once it sticks to the top.
 * @param {Element | null} cover
 */
function coverOf(cover) {
  if (!cover) return 0;
  const { position, top } = getComputedStyle(cover);
  return /sticky|fixed/.test(position) ? (parseFloat(top) || 0) + cover.clientHeight : 0;
}
