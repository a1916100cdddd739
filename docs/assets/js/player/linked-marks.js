/** Marks the row that the player has reached, in every view of the page outside it. */

import { positionOf } from "./story.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */

const VIEWS = ".tg-tracker, .tg-transcript, .tg-code";

/**
 * The views of the page that tell of the player's own recordings.
 * @param {Player} player
 */
export function viewsOf({ story }) {
  return [...document.querySelectorAll(VIEWS)].filter((view) =>
    [...view.querySelectorAll("a[href^='#']")].some(
      (link) => positionOf(story, (link.getAttribute("href") ?? "").slice(1)) !== null,
    ),
  );
}

/**
 * @param {Player} player
 * @returns {Part}
 */
export function connect(player) {
  const views = viewsOf(player);
  const lines = views.flatMap((view) => [...view.querySelectorAll("[data-row]:not(td)")]);
  const frames = views.flatMap((view) => [...view.querySelectorAll(".tracker-scroll")].map(framed));
  const bands = views.flatMap((view) => [...view.querySelectorAll(".tg-file")].map(banded));
  let shown = -1;
  /** @param {number} row */
  const mark = (row) => {
    for (const line of lines) {
      const isHere = Number(line.getAttribute("data-row")) === row;
      if (line.matches(".tg-ran")) line.toggleAttribute("hidden", !isHere);
      else if (isHere) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    }
    for (const show of bands) show(row);
  };
  player.signal.addEventListener("abort", () => {
    mark(-1);
    for (const frame of frames) frame.remove();
  });
  return {
    show({ row }) {
      if (row === shown) return;
      shown = row;
      mark(row);
      for (const frame of frames) frame.show(row);
    },
  };
}

/**
 * A frame around one column of a table that may be wider than its place. Where columns stand is
 * asked when that changes and not when the frame moves.
 * @param {Element} scroll
 */
function framed(scroll) {
  const table = /** @type {HTMLElement} */ (scroll.querySelector("table"));
  const heads = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("thead th[data-row]")]);
  const label = /** @type {HTMLElement} */ (table.querySelector("thead th"));
  const frame = document.createElement("div");
  frame.className = "tracker-frame";
  frame.hidden = true;
  scroll.append(frame);
  /** @type {{ left: number, width: number }[]} */
  let columns = [];
  let room = { from: 0, width: 0, isAll: true };
  let row = -1;

  const place = () => {
    const at = heads.findIndex((head) => Number(head.dataset["row"]) === row);
    const column = columns[at];
    frame.hidden = !column;
    if (!column) return;
    frame.style.setProperty("--left", `${column.left}px`);
    frame.style.setProperty("--width", `${column.width}px`);
  };
  const reveal = () => {
    const column = columns[heads.findIndex((head) => Number(head.dataset["row"]) === row)];
    if (!column || room.isAll) return;
    const from = column.left - room.from;
    const to = column.left + column.width - room.width;
    scroll.scrollLeft = Math.max(Math.min(scroll.scrollLeft, from), to);
  };
  const observer = new ResizeObserver(() => {
    columns = heads.map((head) => ({ left: head.offsetLeft, width: head.offsetWidth }));
    const width = scroll.clientWidth;
    room = { from: label.offsetWidth, width, isAll: table.offsetWidth <= width };
    place();
  });
  observer.observe(scroll);
  observer.observe(table);
  return {
    /** @param {number} to */
    show(to) {
      row = to;
      place();
      reveal();
    },
    remove() {
      observer.disconnect();
      frame.remove();
    },
  };
}

/**
 * Lights the lines of a file that ran. A band lies under the text, by number and height of lines.
 * @param {Element} file
 * @returns {(row: number) => void}
 */
function banded(file) {
  const code = file.querySelector("code:not(summary *)");
  const steps = [...document.querySelectorAll(`.tg-listing a[href="#${file.id}"]`)];
  return (row) => {
    for (const band of file.querySelectorAll(".tg-lit-lines")) band.remove();
    const ran = steps
      .filter((link) => Number(link.closest("[data-row]")?.getAttribute("data-row")) === row)
      .flatMap((link) => (link.getAttribute("data-lines") ?? "").trim().split(" "));
    for (const stretch of new Set(ran)) {
      const [first = 0, last = 0] = stretch.split("-").map(Number);
      const band = document.createElement("span");
      band.className = "tg-lit-lines";
      band.style.setProperty("--before", String(first - 1));
      band.style.setProperty("--count", String(last - first + 1));
      code?.append(band);
    }
  };
}
