/** The canvas's equal: a table of the acts about the position. Its lines are made once. */

import { lineOf, makeTest } from "./all-lines.js";
import { write } from "./all-page.js";
import { say, tell } from "./all-words.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-lines.js").Lines} Lines */
/** @typedef {import("./all-lines.js").Choice} Choice */

export const ACTS_MAX = 25;
const ABOVE = 15;
const CELLS = /** @type {const} */ (["style", "order", "who", "reads", "writes", "state"]);

/**
 * @typedef {object} Shown
 * @property {readonly Index[]} indexes
 * @property {Lines} lines
 * @property {Choice} choice
 * @property {number} position
 */

/**
 * The acts that the reader asked for, about a place among them.
 * @param {Shown} shown
 * @param {number} from How many of them stand above.
 * @returns {{ index: Index, act: number, row: number }[]}
 */
export function actsFrom({ indexes, lines, choice }, from) {
  const tests = indexes.map((index) => makeTest(index, choice));
  const found = [];
  let line = lastAbove(lines, from);
  let skip = from - lines.shown[line];
  for (; line < lines.count && found.length < ACTS_MAX; line += 1) {
    if (lines.folded[line]) continue;
    const row = lines.rows[line];
    for (const [at, index] of indexes.entries()) {
      const act = row < index.actAt.length ? index.actAt[row] : -1;
      if (act < 0 || !tests[at](act)) continue;
      if (skip > 0) skip -= 1;
      else if (found.length < ACTS_MAX) found.push({ index, act, row });
    }
  }
  return found;
}

/**
 * The last line above which stand at most so many acts.
 * @param {Lines} lines
 * @param {number} from
 */
function lastAbove(lines, from) {
  let low = 0;
  let high = Math.max(lines.count - 1, 0);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines.shown[middle] <= from) low = middle;
    else high = middle - 1;
  }
  while (low > 0 && lines.shown[low - 1] === lines.shown[low]) low -= 1;
  return low;
}

/**
 * @param {HTMLElement} panel
 * @param {AbortSignal} signal
 * @param {(index: Index, act: number) => void} go
 * @param {() => void} turn Another page was asked for.
 */
export function connectTable(panel, signal, go, turn) {
  const body = /** @type {HTMLElement} */ (panel.querySelector("[data-all=acts]"));
  const caption = /** @type {HTMLElement} */ (panel.querySelector("[data-all=caption]"));
  const named = (/** @type {string} */ name) =>
    /** @type {HTMLButtonElement} */ (panel.querySelector(`[data-all=${name}]`));
  const [earlier, later] = [named("earlier"), named("later")];
  const lines = Array.from({ length: ACTS_MAX }, () => makeLine());
  body.append(...lines.map(({ line }) => line));
  signal.addEventListener("abort", () => {
    body.replaceChildren();
    caption.replaceChildren();
    for (const button of [earlier, later]) button.removeAttribute("aria-disabled");
  });
  /** @type {ReturnType<typeof actsFrom>} */
  let acts = [];
  let page = 0;
  let at = -1;
  body.addEventListener(
    "click",
    (event) => {
      const line = event.target instanceof Element ? event.target.closest("tr") : null;
      const act = acts[lines.findIndex((each) => each.line === line)];
      if (act) go(act.index, act.act);
    },
    { signal },
  );
  for (const [button, by] of /** @type {const} */ ([[earlier, -1], [later, 1]])) {
    button.addEventListener(
      "click",
      () => {
        if (button.getAttribute("aria-disabled") === "true") return;
        page += by;
        turn();
      },
      { signal },
    );
  }
  return {
    /** @param {Shown} shown */
    show(shown) {
      if (shown.position !== at) page = 0;
      at = shown.position;
      const all = shown.lines.shown[shown.lines.count] ?? 0;
      const past = shown.lines.shown[lineOf(shown.lines, at)] ?? 0;
      const most = Math.max(all - ACTS_MAX, 0);
      const from = Math.min(Math.max(past - ABOVE + page * ACTS_MAX, 0), most);
      acts = all > 0 ? actsFrom(shown, from) : [];
      const { rowCount } = shown.lines;
      caption.textContent = acts.length
        ? say(panel.dataset, "caption", {
            ...{ first: from + 1, last: from + acts.length, count: all },
            ...{ row: Math.ceil(at), rows: rowCount },
          })
        : say(panel.dataset, "empty");
      earlier.setAttribute("aria-disabled", String(from === 0));
      later.setAttribute("aria-disabled", String(from === most));
      lines.forEach((line, i) => fill(line, acts[i], at, panel.dataset));
    },
  };
}

function makeLine() {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  const button = document.createElement("button");
  head.scope = "row";
  button.type = "button";
  head.append(button);
  const cells = CELLS.map(() => document.createElement("td"));
  line.append(head, ...cells);
  line.hidden = true;
  return { line, button, cells };
}

/**
 * @param {ReturnType<typeof makeLine>} made
 * @param {{ index: Index, act: number, row: number } | undefined} shown
 * @param {number} position
 * @param {DOMStringMap} words
 */
function fill({ line, button, cells }, shown, position, words) {
  line.hidden = !shown;
  if (!shown) return;
  const { index, act, row } = shown;
  const told = tell(index, act, words);
  const isLater = row >= position;
  if (isLater) told.state = say(words, "later");
  write(button, String(row + 1));
  CELLS.forEach((name, at) => write(cells[at], told[name]));
  line.toggleAttribute("data-later", isLater);
  if (row === Math.ceil(position) - 1) line.setAttribute("aria-current", "step");
  else line.removeAttribute("aria-current");
}
