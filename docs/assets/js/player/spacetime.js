/**
 * The space-time view moves: the playhead goes down the table and uncovers it. Nothing else moves.
 */

import { copyOf } from "./spacetime-playhead.js";
import { positionOf, pxOf } from "./spacetime-places.js";
import { rowsOf } from "./spacetime-rows.js";
import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Player} Player */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const table = /** @type {HTMLTableElement} */ (player.root.querySelector(".tg-st-table"));
  const foot = /** @type {HTMLTableRowElement} */ (table.querySelector("tfoot > tr"));
  const rows = rowsOf(table);
  const head = copyOf(player, foot);
  foot.before(head.line);
  /** @type {number[]} */
  let edges = [];
  let px = NaN;

  const place = () => {
    const at = pxOf(edges, player.state.position);
    if (at === px) return;
    px = at;
    head.line.style.transform = `translateY(${at}px)`;
  };
  const observer = new ResizeObserver(() => {
    edges = measured(table, rows.lines);
    head.line.hidden = !edges.length;
    place();
  });
  // What is in the head's cells changes where only the style does.
  for (const seen of [table, ...table.querySelectorAll(".tg-st-top > *")]) observer.observe(seen);

  scrubs(player, head.handle, () => ({ edges, top: table.getBoundingClientRect().top, px }));
  table.addEventListener("click", (event) => jump(player, event), { signal: player.signal });
  turn(player, table);
  addEventListener("hashchange", () => turn(player, table), { signal: player.signal });
  player.signal.addEventListener("abort", () => {
    observer.disconnect();
    head.line.remove();
    rows.restore();
  });
  return {
    show(moment) {
      rows.show(moment);
      head.show(moment);
      head.line.toggleAttribute("data-within", moment.fraction !== 1);
      place();
    },
  };
}

/**
 * Where each row begins and the last one ends, in px from the top of the table.
 * @param {HTMLElement} table
 * @param {readonly Element[]} lines
 */
function measured(table, lines) {
  const { top } = table.getBoundingClientRect();
  const boxes = lines.flatMap((line) => {
    const cells = [...line.querySelectorAll("td")].map((cell) => cell.getBoundingClientRect());
    return cells.find((box) => box.height > 0) ?? [];
  });
  const last = boxes.at(-1);
  return last ? [...boxes.map((box) => box.top - top), last.bottom - top] : [];
}

/**
 * Let the handle be dragged, by mouse, pen or finger.
 * @param {Player} player
 * @param {HTMLElement} handle
 * @param {() => { edges: readonly number[], top: number, px: number }} now `top` of the table in
 *   the window, `px` of the playhead in the table.
 */
function scrubs(player, handle, now) {
  const { signal } = player;
  /** Px from the playhead to where it was taken; null while nobody does. @type {number | null} */
  let grip = null;
  handle.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      const { top, px } = now();
      handle.setPointerCapture(event.pointerId);
      grip = event.clientY - top - px;
      player.go(player.state.position); // A motion under way ends here.
    },
    { signal },
  );
  handle.addEventListener(
    "pointermove",
    (event) => {
      if (grip === null) return;
      const { edges, top } = now();
      player.set({ position: positionOf(edges, event.clientY - top - grip), playing: false });
    },
    { signal },
  );
  handle.addEventListener("lostpointercapture", () => (grip = null), { signal });
}

/**
 * A click on a row moves there; one on a link, or one that selects words, does what it always does.
 * @param {Player} player
 * @param {MouseEvent} event
 */
function jump(player, event) {
  const hit = /** @type {Element} */ (event.target);
  const line = hit.closest("tr[data-step]");
  if (!line || hit.closest("a, button, [data-record]") || !getSelection()?.isCollapsed) return;
  player.go(Number(line.getAttribute("data-row")));
}

/**
 * Where one style is shown at a time, show the one that the address names a step of.
 * @param {Player} player
 * @param {HTMLElement} table
 */
function turn(player, table) {
  const cell = document.getElementById(location.hash.slice(1));
  const style = STYLES.find((each) => cell?.matches(`td.tg-st-${each}`));
  const shown = STYLES.filter((each) =>
    table.querySelector(`tbody td.tg-st-${each}`)?.getClientRects().length,
  );
  if (!cell || !style || !table.contains(cell) || shown.length > 1) return;
  player.set({ style });
  if (!shown.includes(style)) requestAnimationFrame(() => cell.scrollIntoView());
}
