/**
 * Links move the player. In the player and in the table of what stood where, the page stays where
 * it is; from anywhere else a link does what links do: it leads there, and Back leads back.
 */

import * as address from "./address.js";
import { viewsOf } from "./linked-marks.js";
import { keep } from "./location.js";
import { STYLES, positionOf } from "./story.js";

/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Part} Part */

/**
 * @param {Player} player
 * @returns {Part}
 */
export function connect(player) {
  const { root, story, signal } = player;
  const views = viewsOf(player);
  let arriving = "";

  /** @param {string} anchor */
  const goTo = (anchor) => {
    const style = STYLES.find((each) =>
      story.rows.some((row) => row.sides[each].anchor === anchor),
    );
    if (style && style !== player.state.style) player.set({ style });
    return player.goTo(anchor, "glide");
  };

  /**
   * @param {Element} link
   * @param {MouseEvent} event
   */
  const follow = (link, event) => {
    const anchor = (link.getAttribute("href") ?? "").slice(1);
    const stays = root.contains(link) || link.closest(".tracker-table") !== null;
    const target = document.getElementById(anchor);
    if (root.contains(link) && anchor.startsWith("record-")) {
      event.preventDefault();
      player.set({ record: anchor });
    } else if (target instanceof HTMLDetailsElement) {
      if (!target.open && target.matches(".tg-file")) target.open = true;
    } else if (positionOf(story, anchor) !== null) {
      if (stays) event.preventDefault();
      else keep(player); // Back finds the place and the position that the link leads away from.
      goTo(anchor);
      if (!stays) arriving = anchor;
    }
  };

  document.addEventListener(
    "click",
    (event) => {
      if (event.defaultPrevented || event.button > 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const hit = /** @type {Element} */ (event.target);
      const link = hit.closest("a[href^='#']");
      const record = hit.closest("svg [data-record]")?.getAttribute("data-record");
      if (link) follow(link, event);
      else if (record && root.contains(hit)) player.set({ record });
      else touch(player, views, hit);
    },
    { signal },
  );
  document.addEventListener(
    "tg-goto",
    (event) => {
      goTo(String(/** @type {CustomEvent} */ (event).detail).replace(/^#/, ""));
    },
    { signal },
  );
  addEventListener("popstate", () => back(player), { signal });
  if (positionOf(story, location.hash.slice(1)) !== null) arriving = location.hash.slice(1);
  return {
    show() {
      const anchor = arriving;
      arriving = "";
      if (anchor) arrive(player, anchor);
    },
  };
}

/**
 * A click on a row of another view, on no link in it and selecting nothing, moves there.
 * @param {Player} player
 * @param {readonly Element[]} views
 * @param {Element} hit
 */
function touch(player, views, hit) {
  const cell = /** @type {HTMLTableCellElement?} */ (hit.closest(".tracker-table td"));
  const head = cell?.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
  const line = head ?? hit.closest("[data-row]");
  if (!line || !views.some((view) => view.contains(line))) return;
  if (hit.closest("a, button, summary") || !getSelection()?.isCollapsed) return;
  const row = Number(line.getAttribute("data-row"));
  player.go(player.axis?.of(row) ?? row, "glide");
}

/**
 * The start has no step to name, so an address of ours without one is the start.
 * @param {Player} player
 */
function back(player) {
  if (location.hash || !new URLSearchParams(location.search).has("run")) return;
  if (!address.read(location.search, player.story.run).step) player.go(player.axis?.of(0) ?? 0);
}

/**
 * Where the browser could not lead, for what the link names was not on view, lead there now.
 * @param {Player} player
 * @param {string} anchor
 */
function arrive({ root }, anchor) {
  const cell = document.getElementById(anchor);
  const [box] = cell?.getClientRects() ?? [];
  if (!box) root.scrollIntoView();
  else if (box.top < 0 || box.bottom > innerHeight) cell?.scrollIntoView({ block: "center" });
}
