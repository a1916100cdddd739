/** The transport: every control of the head and of the bar, and what it tells back. */

import { connect as keys } from "./keys.js";
import { STYLES } from "./story.js";
import { connect as follow } from "./transport-follow.js";
import { keep, read } from "./transport-keep.js";
import { connect as share } from "./transport-share.js";
import { connect as strip } from "./transport-strip.js";
import { connect as tell } from "./transport-tell.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").View} View */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const { root, signal } = player;
  const fields = [...root.querySelectorAll("fieldset")];
  const following = follow(player);
  const parts = [strip(player), tell(player), choices(player), following];
  const actions = actionsOf(player, following.begin);
  player.set(read());
  keys(player, actions);
  root.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const action = target?.closest("[data-action]")?.getAttribute("data-action") ?? "";
      actions[action]?.();
    },
    { signal },
  );
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.hidden && player.state.playing) player.set({ playing: false });
    },
    { signal },
  );
  for (const field of fields) field.disabled = false;
  signal.addEventListener("abort", () => {
    for (const field of fields) field.disabled = true;
    root.querySelector("dialog")?.close();
  });
  return {
    show(moment, state, before) {
      for (const part of parts) part.show(moment, state, before);
    },
  };
}

/**
 * What the controls and keys do, by the names in the markup.
 * @param {Player} player
 * @param {() => void} begin The reader moves on: keep what happens in sight.
 * @returns {Record<string, () => void>}
 */
function actionsOf(player, begin) {
  const { root } = player;
  const dialog = root.querySelector("dialog");
  const views = [...root.querySelectorAll("[data-action^='view:']")].map(
    (button) => /** @type {View} */ (button.getAttribute("data-action")?.slice(5)),
  );
  /** @param {() => void} move */
  const moves = (move) => () => {
    begin();
    move();
  };
  /** @type {Record<string, () => void>} */
  const actions = {
    play: moves(() => player.toggle()),
    on: moves(() => player.step(1)),
    back: moves(() => player.step(-1)),
    "business-on": moves(() => player.stepBusiness(1)),
    "business-back": moves(() => player.stepBusiness(-1)),
    start: moves(() => player.go(0)),
    end: moves(() => player.go(player.axis?.count ?? player.story.rows.length)),
    view() {
      const next = views[(views.indexOf(player.state.view) + 1) % views.length];
      if (next) player.set({ view: next });
    },
    style() {
      const isSwitched = root.querySelector(".tg-toggle-style")?.getClientRects().length;
      if (!isSwitched) return; // Both are shown.
      const next = STYLES.find((style) => style !== player.state.style);
      if (next) player.set({ style: next });
    },
    keys: () => dialog?.showModal(),
    "close-keys": () => dialog?.close(),
    ...share(player),
  };
  for (const view of views) actions[`view:${view}`] = () => player.set({ view });
  for (const style of STYLES) actions[`style:${style}`] = () => player.set({ style });
  return actions;
}

/**
 * What is chosen once, wherever it is chosen: how fast, and whether to ask.
 * @param {Player} player
 * @returns {import("./types.js").Part}
 */
function choices(player) {
  const speed = player.root.querySelector("select[data-part=speed]");
  const asks = player.root.querySelector("input[data-part=asks]");
  if (!(speed instanceof HTMLSelectElement) || !(asks instanceof HTMLInputElement)) {
    return { show() {} };
  }
  const choose = () => player.set({ speed: Number(speed.value), asks: asks.checked });
  for (const control of [speed, asks]) {
    control.addEventListener("change", choose, { signal: player.signal });
  }
  return {
    show(_moment, state, before) {
      if (before?.speed === state.speed && before.asks === state.asks) return;
      speed.value = String(state.speed);
      asks.checked = state.asks;
      if (before) keep(state);
    },
  };
}
