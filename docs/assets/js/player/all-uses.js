/** What wheel, hover and click do on the canvas. */

import { find } from "./all-find.js";
import { kin } from "./all-index.js";
import { anchorOfRecord } from "./all-names.js";
import { actOfSpan } from "./all-words.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-types.js").Scene} Scene */

/**
 * @param {Scene} scene
 * @param {import("./types.js").Player} player
 * @param {object} view
 * @param {HTMLElement} view.canvas
 * @param {() => void} view.paint
 * @param {(px: number) => void} view.scroll
 * @param {(index: Index, act: number, record: string) => void} view.go
 * @returns {import("./all-pointer.js").Uses}
 */
export function usesOf(scene, player, { canvas, paint, scroll, go }) {
  let lit = -1;
  const light = (/** @type {import("./all-find.js").Found | null} */ found) => {
    const seq = found?.seq ?? -1;
    if (seq === lit && (!found || scene.panes[found.pane].lit)) return;
    lit = seq;
    scene.panes.forEach((pane, at) => {
      pane.lit = found?.pane === at && pane.index ? kin(pane.index, found.seq) : null;
    });
    canvas.classList.toggle("tg-all-on", found !== null);
    paint();
  };
  return {
    scroll: (px) => {
      const before = scene.top;
      scroll(px);
      return scene.top !== before;
    },
    hover: (x, y) => light(find(scene, x, y)),
    leave: () => light(null),
    click: (x, y) => {
      const found = find(scene, x, y);
      const index = found && scene.panes[found.pane].index;
      if (!found || !index) return;
      const isRecord = index.recording.operation[found.seq] === index.codes.send;
      const act = actOfSpan(index, found.seq);
      if (act >= 0) go(index, act, isRecord ? anchorOfRecord(index, found.seq) : "");
    },
    travel: (share) => player.put(share * (player.axis?.count ?? 0)),
    arrive: () => player.go(Math.round(player.axis?.position ?? 0)),
  };
}
