/** What the controls tell back: which step, what was shortened, what is pressed; and in words. */

import { STYLES } from "./story.js";
import { named } from "./transport-strip.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").State} State */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const { root } = player;
  const idle = root.querySelector("[data-part=idle]");
  const number = root.querySelector("[data-part=row]");
  const pressed = [...root.querySelectorAll(".tg-toggle [data-action]")];
  const backward = root.querySelectorAll("[data-action=start], [data-action$=back]");
  const onward = root.querySelectorAll("[data-action=end], .tg-bar-go [data-action$=on]");
  let row = -1;
  let told = -1;
  const paint = () => {
    if (number) number.textContent = String(row);
    if (idle) idle.textContent = stopOf(root, row)?.getAttribute("data-idle") ?? "";
  };
  player.signal.addEventListener("abort", () => {
    row = 1; // As the server rendered it.
    paint();
    player.announce("");
    tellState(root, pressed, { view: "spacetime", style: STYLES[0], playing: false });
    for (const button of [...backward, ...onward]) button.removeAttribute("aria-disabled");
  });
  return {
    show(moment, state, before) {
      tellState(root, pressed, state, before);
      if (player.axis) {
        told = tellAxis(player, player.axis, told, [backward, onward]);
        return;
      }
      if (before === null && told < 0) told = moment.row; // Nothing is said when a page opens.
      if (moment.row !== row) {
        row = moment.row;
        paint();
        able(backward, row > 0);
      }
      if (!Number.isInteger(state.position) || state.playing) return;
      able(onward, row < player.story.rows.length);
      if (row === told) return;
      told = row;
      const isHeard = document.activeElement?.matches("[data-part=scrub]"); // It speaks itself.
      if (!isHeard) player.announce(sentence(player, row));
    },
  };
}

/**
 * The same, where a view counts rows of its own.
 * @param {Player} player
 * @param {import("./types.js").Axis} axis
 * @param {number} told What was told last.
 * @param {[Iterable<Element>, Iterable<Element>]} buttons Backward and onward.
 */
function tellAxis(player, axis, told, [backward, onward]) {
  const { position, count } = axis;
  able(backward, position > 0);
  if (!Number.isInteger(position) || player.state.playing) return told;
  able(onward, position < count);
  if (position === told) return told;
  const isHeard = document.activeElement?.matches("[data-part=scrub]");
  if (!isHeard) player.announce(axis.said());
  return position;
}

/**
 * @param {HTMLElement} root
 * @param {Element[]} pressed
 * @param {Pick<State, "view" | "style" | "playing">} state
 * @param {State | null} [before]
 */
function tellState(root, pressed, { view, style, playing }, before) {
  if (playing !== before?.playing) root.toggleAttribute("data-playing", playing);
  if (view === before?.view && style === before?.style) return;
  for (const button of pressed) {
    const action = button.getAttribute("data-action");
    const isOn = action === `view:${view}` || action === `style:${style}`;
    button.setAttribute("aria-pressed", String(isOn));
  }
}

/**
 * A control that has the focus keeps it, so none is ever taken away: it says that it can't.
 * @param {Iterable<Element>} buttons
 * @param {boolean} isAble
 */
function able(buttons, isAble) {
  const text = String(!isAble);
  for (const button of buttons) {
    if (button.getAttribute("aria-disabled") !== text) button.setAttribute("aria-disabled", text);
  }
}

/**
 * @param {HTMLElement} root
 * @param {number} row
 */
function stopOf(root, row) {
  return root.querySelector(`.tg-stop[data-row="${row}"]`);
}

/**
 * What both styles do in a row, in the words of the table.
 * @param {Player} player
 * @param {number} row
 */
function sentence(player, row) {
  const { root } = player;
  const stop = stopOf(root, row);
  if (!stop) return root.querySelector("[data-start]")?.getAttribute("data-start") ?? "";
  const sides = STYLES.map((style) => {
    const cell = root.querySelector(`td.tg-st-${style}[data-row="${row}"]`);
    const lines = cell?.querySelectorAll(".tg-st-title, .tg-st-line") ?? [];
    const words = [...lines].map((line) => wordsOf(line)).join(", ");
    return words ? `${named(player, style)}: ${words.replace(/\.?$/, ".")}` : "";
  });
  const idle = stop.getAttribute("data-idle");
  const all = [`${stop.getAttribute("data-said")}.`, ...sides, idle ? `${idle}.` : ""];
  return all.filter(Boolean).join(" ");
}

/**
 * What is read out of a line: not what is hidden from those who listen.
 * @param {Element} line
 */
function wordsOf(line) {
  const copy = /** @type {Element} */ (line.cloneNode(true));
  for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}
