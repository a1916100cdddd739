/** Uncovers rows: what is above the playhead is there, what is below it is not. */

/** @typedef {import("./types.js").Moment} Moment */

/**
 * @param {HTMLTableElement} table
 * @returns {{ lines: readonly Element[], show: (moment: Moment) => void, restore: () => void }}
 */
export function rowsOf(table) {
  const lines = [...table.querySelectorAll("tr[data-step]")];
  const feet = [...table.querySelectorAll("tfoot > tr")];
  const lives = lines.map((line) => [...line.querySelectorAll(".tg-st-live")]);
  const numbers = lines.map((line) => [...line.querySelectorAll(".tg-st-number")]);
  let row = lines.length; // As the server draws it: all is uncovered, no row is marked.
  let marked = 0;
  let done = 1;

  /** @param {number} next The last row that is seen. */
  const reach = (next) => {
    for (let i = Math.min(row, next); i < Math.max(row, next); i += 1) {
      lines[i]?.toggleAttribute("data-ahead", i >= next);
    }
    row = next;
  };
  /** @param {number} next The row that is under way; 0 for none. */
  const mark = (next) => {
    for (const number of numbers[marked - 1] ?? []) number.removeAttribute("aria-current");
    for (const number of numbers[next - 1] ?? []) number.setAttribute("aria-current", "step");
    marked = next;
  };
  /** @param {number} fraction How much of the last row is seen. */
  const uncover = (fraction) => {
    for (const live of /** @type {SVGElement[]} */ (lives[row - 1] ?? [])) {
      if (fraction < 1) live.style.setProperty("--st-done", fraction.toFixed(4));
      // Asked first, or Chromium keeps an empty one.
      else if (live.hasAttribute("style")) live.removeAttribute("style");
    }
    done = fraction;
  };
  /** @param {boolean} isEnd */
  const end = (isEnd) => {
    for (const foot of feet) {
      if (foot.hasAttribute("data-ahead") === isEnd) foot.toggleAttribute("data-ahead", !isEnd);
    }
  };

  return {
    lines,
    show(moment) {
      if (moment.row !== row && done < 1) uncover(1);
      if (moment.row !== row) reach(moment.row);
      if (moment.row !== marked) mark(moment.row);
      if (moment.fraction !== done) uncover(moment.fraction);
      end(moment.position >= lines.length);
    },
    restore() {
      uncover(1);
      reach(lines.length);
      mark(0);
      end(true);
    },
  };
}
