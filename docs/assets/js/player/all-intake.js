/** Takes in what arrives of recordings, some of it in each task, so that none is long. */

import { growAll } from "./all-index.js";

/** @typedef {import("./all-index.js").Index} Index */

/**
 * @param {Partial<Record<string, Index>>} indexes What is new is put there.
 * @param {import("./types.js").Player} player
 * @param {() => void} tell How much is here has changed.
 */
export function intakeOf(indexes, player, tell) {
  let timer = 0;
  let isStale = false;
  const isBehind = (/** @type {Index | undefined} */ index) =>
    index !== undefined && index.seen < index.recording.loaded;
  const take = () => {
    timer = 0;
    if (!growAll(indexes, player.recordings)) return;
    isStale = true;
    tell();
    if (Object.values(indexes).some(isBehind)) timer = setTimeout(more);
  };
  const more = () => {
    take();
    if (!timer) player.set({}); // All that has arrived is in: it is shown in the next frame.
  };
  player.signal.addEventListener("abort", () => clearTimeout(timer));
  /** @returns {boolean} Whether there is more to see: some of it at first, then all of it. */
  return () => {
    const isFirst = Object.keys(indexes).length === 0;
    if (!timer) take();
    if (timer && !isFirst) return false;
    const isMore = isStale;
    isStale = false;
    return isMore;
  };
}
