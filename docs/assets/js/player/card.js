/**
 * The raw record that is open, as a card at its place in the drawing. Fetched when it is first
 * asked for. What it says stands in the page's list of records; only for a record that the page
 * does not list is the recording itself read.
 */

import { placed } from "./card-place.js";
import { senderOf } from "./causes.js";
import { judge } from "./frame.js";
import { STYLES } from "./story.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Style} Style */

/**
 * @param {Player} player
 * @param {boolean} isCold The address asked for a record; no reader has done anything yet.
 * @returns {Part}
 */
export function connect(player, isCold) {
  const { root, signal } = player;
  const card = part(root, "card");
  /** @type {string | null} */
  let record = null;
  let isFilled = false;
  /** @type {Element | null} */
  let opener = null;

  const place = () => {
    if (!card.hidden) put(player, card, record ?? "");
  };
  const open = async () => {
    const style = styleOf(record);
    isFilled = true;
    const filled = await filling(player, card, record ?? "", style);
    if (!filled || signal.aborted) {
      isFilled = filled;
      return;
    }
    card.hidden = false;
    card.dataset["style"] = style;
    later(player, card, player.moment);
    if (isCold) cellOf(player, record ?? "")?.scrollIntoView({ block: "center" });
    else card.focus({ preventScroll: true });
    isCold = false;
    place();
    if (isSheet(card)) uncover(card, cellOf(player, record ?? ""));
  };
  const close = () => {
    card.hidden = true;
    const back = opener ?? cellOf(player, record ?? "");
    if (back) /** @type {HTMLElement} */ (back).focus({ preventScroll: true });
    opener = null;
  };
  const observer = new ResizeObserver(place);
  observer.observe(root);
  observer.observe(card);
  const shut = () => player.set({ record: null });
  part(card, "card-close").addEventListener("click", shut, { signal });
  card.addEventListener("click", (event) => showCode(player, event), { signal });
  root.addEventListener("keydown", (event) => escape(player, event), { signal });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    card.hidden = true;
    card.removeAttribute("style");
    card.removeAttribute("data-style");
    for (const name of ["card-name", "card-facts"]) part(card, name).replaceChildren();
    const code = part(card, "card-code");
    code.hidden = true;
    code.firstElementChild?.replaceChildren();
  });
  return {
    show(moment, state, before) {
      if (state.record !== record) {
        const focused = document.activeElement;
        if (state.record && focused && root.contains(focused) && !card.contains(focused)) {
          opener = focused;
        }
        if (!state.record && !card.hidden) close();
        record = state.record;
        isFilled = false;
      }
      if (!record) return;
      if (!isFilled) void open();
      else if (!card.hidden) later(player, card, moment);
      if (before && (before.view !== state.view || before.style !== state.style)) place();
    },
  };
}

/**
 * @param {Element} root
 * @param {string} name
 */
function part(root, name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-part=${name}]`));
}

/**
 * @param {string | null} anchor
 * @returns {Style}
 */
function styleOf(anchor) {
  return STYLES.find((style) => anchor?.startsWith(`record-${style}-`)) ?? "choreography";
}

/**
 * Put a record's facts into the card; false where they are not to be had, or not yet.
 * @param {Player} player
 * @param {HTMLElement} card
 * @param {string} anchor
 * @param {Style} style
 */
async function filling(player, card, anchor, style) {
  const listed = document.getElementById(anchor);
  const name = part(card, "card-name");
  const facts = part(card, "card-facts");
  if (listed?.matches("details.tg-record")) {
    const copy = /** @type {Element} */ (listed.cloneNode(true));
    const summary = copy.querySelector("summary");
    summary?.remove();
    name.replaceChildren(...(summary?.childNodes ?? []));
    facts.replaceChildren(...copy.childNodes);
  } else {
    const recording = player.recordings[style];
    const seq = recording ? senderOf(recording, anchor) : -1;
    if (!recording || seq < 0) return false;
    try {
      const { fetched } = await import("./card-fetched.js");
      await fetched(card, recording, seq, player.signal);
    } catch (error) {
      if (!player.signal.aborted) player.complain(error);
      return false;
    }
  }
  for (const led of facts.querySelectorAll("dd:has(> [data-seq])")) {
    const word = document.createElement("span");
    word.className = "tg-later";
    word.textContent = card.dataset["later"] ?? "";
    led.append(" ", word);
  }
  const code = part(card, "card-code");
  const link = codeOf(facts);
  code.hidden = !link;
  code.firstElementChild?.replaceChildren(...(link ? [link.cloneNode(true)] : []));
  return true;
}

/**
 * The link to the code that ran when the record was sent; the first step named is the sender's.
 * @param {Element} facts
 */
function codeOf(facts) {
  const step = facts.querySelector("a.tg-step")?.getAttribute("href");
  const line = step && document.querySelector(`.tg-listing a.tg-step[href="${step}"]`);
  return line ? line.closest("li")?.querySelector("a.tg-ran") : null;
}

/**
 * Hide what has not happened yet, and say so.
 * @param {Player} player
 * @param {HTMLElement} card
 * @param {import("./types.js").Moment} moment
 */
function later({ state, recordings }, card, moment) {
  const style = styleOf(state.record);
  const recording = recordings[style];
  if (!recording) return;
  const happened = judge(recording, moment.cuts[style]);
  for (const word of card.querySelectorAll(".tg-later")) {
    let isLater = false;
    for (const each of word.parentElement?.querySelectorAll("[data-seq]") ?? []) {
      const isAhead = !happened(Number(each.getAttribute("data-seq")));
      each.toggleAttribute("hidden", isAhead);
      isLater ||= isAhead;
    }
    word.toggleAttribute("hidden", !isLater);
  }
}

/**
 * The record's cell in the drawing that is shown, if it is drawn.
 * @param {Player} player
 * @param {string} anchor
 */
function cellOf({ root }, anchor) {
  const cells = root.querySelectorAll(`svg [data-record="${CSS.escape(anchor)}"]`);
  return [...cells].find((cell) => cell.getClientRects().length) ?? null;
}

/**
 * @param {Player} player
 * @param {HTMLElement} card
 * @param {string} anchor
 */
function put(player, card, anchor) {
  const bar = player.root.querySelector(".tg-player-bar")?.getBoundingClientRect();
  const bottom = bar && bar.top > 0 ? Math.min(bar.top, innerHeight) : innerHeight;
  card.style.setProperty("--bottom", `${innerHeight - bottom}px`);
  if (isSheet(card)) return;
  const cell = cellOf(player, anchor);
  const words = cell?.closest("td")?.querySelector(".tg-st-words");
  const spared = [cell, words].flatMap((each) => (each ? [each.getBoundingClientRect()] : []));
  const width = document.documentElement.clientWidth;
  const [near] = spared;
  const isInSight = !near || (near.bottom > 0 && near.top < bottom);
  const shift = isInSight || !near ? 0 : near.top - bottom / 2; // As if it stood mid-window.
  const room = { left: 8, top: 8 + shift, right: width - 8, bottom: bottom - 8 + shift };
  const size = { width: card.offsetWidth, height: card.offsetHeight };
  const at = placed(size, room, spared);
  const origin = (card.offsetParent ?? document.body).getBoundingClientRect();
  card.style.setProperty("--left", `${at.left - origin.left}px`);
  card.style.setProperty("--top", `${at.top - origin.top}px`);
}

/**
 * Whether the card hangs at the window's edge, as on a phone.
 * @param {Element} card
 */
function isSheet(card) {
  return getComputedStyle(card).position === "fixed";
}

/**
 * Bring what a sheet tells of, and the words beside it, out from under it.
 * @param {Element} card
 * @param {Element | null} cell
 */
function uncover(card, cell) {
  const row = cell?.closest("td") ?? cell;
  const by = (row?.getBoundingClientRect().bottom ?? 0) - card.getBoundingClientRect().top;
  if (by > 0) scrollBy({ top: by, behavior: "instant" });
}

/**
 * The code is shown at the step that sent the record.
 * @param {Player} player
 * @param {Event} event
 */
function showCode(player, event) {
  const link = /** @type {Element} */ (event.target).closest("[data-part=card-code] a");
  const facts = part(player.root, "card-facts");
  const step = facts.querySelector("a.tg-step")?.getAttribute("href")?.slice(1);
  if (link && step) player.goTo(step);
}

/**
 * @param {Player} player
 * @param {KeyboardEvent} event
 */
function escape(player, event) {
  if (event.key !== "Escape" || event.defaultPrevented || !player.state.record) return;
  event.preventDefault();
  player.set({ record: null });
}
