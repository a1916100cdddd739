/** Lights what led to a message and what came of it, in the drawings; the rest stands back. */

import { causes, effects, nameOf, names, recordOf, senderOf, sendingOf } from "./causes.js";
import { judge } from "./frame.js";
import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Style} Style */
/** @typedef {{ style: Style, seq: number }} Message */

const DRAWN =
  ".tg-st-record, .tg-st-arrow, .tg-st-entry, .tg-st-name, .flow-record, .flow-edge";
const LIT = "tg-lit";
const IT = "tg-lit-it";

/**
 * @param {Player} player
 * @param {EventTarget | null} first What somebody pointed at before this was here.
 * @returns {Part}
 */
export function connect(player, first) {
  const { root, signal } = player;
  let row = player.moment.row;
  let lit = "";

  const clear = () => {
    lit = "";
    root.removeAttribute("data-lights");
    for (const each of root.querySelectorAll(`.${LIT}`)) each.classList.remove(LIT, IT);
  };
  /**
   * @param {Message} message
   * @param {boolean} back
   * @param {boolean} on
   */
  const light = ({ style, seq }, back, on) => {
    const wanted = `${style} ${seq} ${back} ${on}`;
    if (wanted === lit) return;
    clear();
    lit = wanted;
    const { led, came } = chainOf(player, style, seq);
    const seqs = new Set([seq, ...(back ? led : []), ...(on ? came : [])]);
    for (const each of drawingsOf(root, style)) {
      const at = Number(each.getAttribute("data-seq"));
      if (seqs.has(at)) each.classList.add(LIT);
      if (at === seq) each.classList.add(IT);
    }
    root.setAttribute("data-lights", style);
  };

  /** @param {{ target: EventTarget | null }} event */
  const point = ({ target }) => {
    const message = messageAt(player, target);
    if (message) light(message, true, true);
    else if (lit) clear();
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, point, { signal });
  for (const name of ["pointerleave", "focusout"]) root.addEventListener(name, clear, { signal });
  root.addEventListener("tg-key", (event) => keyed(player, event, light, clear), { signal });
  signal.addEventListener("abort", clear);
  if (first instanceof Element && first.matches(":hover, :focus")) point({ target: first });
  return {
    show(moment) {
      if (moment.row !== row && lit) clear();
      row = moment.row;
    },
  };
}

/**
 * What a key asks of the record that is open, or else of the one that has the focus or the row.
 * @param {Player} player
 * @param {Event} event
 * @param {(message: Message, back: boolean, on: boolean) => void} light
 * @param {() => void} clear
 */
function keyed(player, event, light, clear) {
  const { detail } = /** @type {CustomEvent} */ (event);
  const { record } = player.state;
  if (detail === "close" && player.root.hasAttribute("data-lights")) {
    clear();
    if (!record) event.preventDefault();
  }
  if (detail !== "causes" && detail !== "effects" && detail !== "open") return;
  const message =
    (record && recordAt(player, record)) ||
    messageAt(player, document.activeElement) ||
    own(player);
  const recording = message && player.recordings[message.style];
  if (!recording) return;
  event.preventDefault();
  if (detail === "open") {
    player.set({ record: recordOf(recording, message.seq) });
    return;
  }
  light(message, detail === "causes", detail === "effects");
  const { led, came } = chainOf(player, message.style, message.seq);
  const found = names(recording, message.seq, detail === "causes" ? led : came);
  const words = player.root.querySelector("[data-part=card]");
  const verb = words?.getAttribute(`data-${detail}`) ?? "";
  const told = found.length ? found.join(", ") : (words?.getAttribute("data-nothing") ?? "");
  player.announce(`${nameOf(recording, message.seq)}: ${verb} ${told}`);
}

/**
 * @param {Player} player
 * @param {Style} style
 * @param {number} seq
 */
function chainOf(player, style, seq) {
  const recording = player.recordings[style];
  if (!recording) return { led: [], came: [] };
  const happened = judge(recording, player.moment.cuts[style]);
  return { led: causes(recording, seq), came: effects(recording, seq, happened) };
}

/**
 * The message that an element draws, or names in words.
 * @param {Player} player
 * @param {EventTarget | null} target
 * @returns {Message | null}
 */
function messageAt(player, target) {
  if (!(target instanceof Element) || !player.root.contains(target)) return null;
  const link = target.closest("a[href^='#record-']:not([data-seq])");
  if (link) return recordAt(player, (link.getAttribute("href") ?? "").slice(1));
  const drawn = target.closest(DRAWN)?.closest("[data-seq]");
  const style = STYLES.find((each) =>
    drawn?.closest(`td.tg-st-${each}, .flow-pane[data-style=${each}]`),
  );
  const recording = style && player.recordings[style];
  if (!drawn || !recording) return null;
  return { style, seq: sendingOf(recording, Number(drawn.getAttribute("data-seq"))) };
}

/**
 * @param {Player} player
 * @param {string} anchor
 * @returns {Message | null}
 */
function recordAt(player, anchor) {
  const style = STYLES.find((each) => anchor.startsWith(`record-${each}-`));
  const recording = style && player.recordings[style];
  const seq = recording ? senderOf(recording, anchor) : -1;
  return style && seq >= 0 ? { style, seq } : null;
}

/**
 * The record that the row under way is about: the first that its step wrote, or else read.
 * @param {Player} player
 * @returns {Message | null}
 */
function own(player) {
  const { row } = player.moment;
  for (const style of [player.state.style, ...STYLES]) {
    const cell = player.root.querySelector(`td.tg-st-${style}[data-row="${row}"]`);
    const found = messageAt(player, cell?.querySelector(".tg-st-record, .tg-st-arrow") ?? null);
    if (found) return found;
  }
  return null;
}

/**
 * @param {HTMLElement} root
 * @param {Style} style
 */
function drawingsOf(root, style) {
  return root.querySelectorAll(
    `td.tg-st-${style} [data-seq], .flow-pane[data-style=${style}] [data-seq]`,
  );
}
