/** Uncovers rows: what is above the playhead is there, what is below it is not. */

/** @typedef {import("./types.js").Moment} Moment */

/**
 * @param {HTMLTableElement} table
 * @returns {{ lines: readonly HTMLElement[], show: (moment: Moment) => void, restore: () => void }}
 */
export function rowsOf(table) {
  const lines = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("tr[data-step]")]);
  const lives = lines.map((line) => [...line.querySelectorAll(".tg-st-live")]);
  const numbers = lines.map((line) => [...line.querySelectorAll(".tg-st-number")]);
  const feet = [...table.querySelectorAll("tfoot > tr")];
  let row = lines.length; // As the server draws it.
  let done = 1;
  let ended = true;

  /**
   * @param {number} next
   * @param {boolean} marked
   */
  const reach = (next, marked) => {
    for (let i = Math.min(row, next); i < Math.max(row, next); i += 1) {
      lines[i]?.toggleAttribute("data-ahead", i >= next);
    }
    for (const number of numbers[row - 1] ?? []) number.removeAttribute("aria-current");
    for (const number of (marked && numbers[next - 1]) || []) {
      number.setAttribute("aria-current", "step");
    }
    row = next;
  };

  /** @param {number} fraction */
  const uncover = (fraction) => {
    for (const live of lives[row - 1] ?? []) {
      if (fraction === 1) live.removeAttribute("style");
      else /** @type {SVGElement} */ (live).style.setProperty("--st-done", fraction.toFixed(4));
    }
    done = fraction;
  };

  /** @param {boolean} isEnd */
  const end = (isEnd) => {
    for (const foot of feet) foot.toggleAttribute("data-ahead", !isEnd);
    ended = isEnd;
  };

  let marked = false;
  return {
    lines,
    show(moment) {
      if (moment.row !== row || !marked) {
        if (done !== 1) uncover(1);
        reach(moment.row, true);
        marked = true;
      }
      if (moment.fraction !== done) uncover(moment.fraction);
      if (moment.position >= lines.length !== ended) end(!ended);
    },
    restore() {
      uncover(1);
      reach(lines.length, false);
      end(true);
    },
  };
}
