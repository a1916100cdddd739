/** What a reader chose once and for all, kept in the browser where that is allowed. */

/** @typedef {import("./types.js").State} State */

const NAME = "tracegen.player";

/** Nobody vouches for what is kept: another version, or another page, may have written it. */
export function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "null");
    /** @type {Partial<State>} */
    const found = {};
    if (typeof kept?.asks === "boolean") found.asks = kept.asks;
    if (kept?.speed >= 0.5 && kept.speed <= 4) found.speed = Number(kept.speed);
    return found;
  } catch {
    return {};
  }
}

/** @param {State} state */
export function keep({ asks, speed }) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ asks, speed }));
  } catch {
    // The page works as well with what it has.
  }
}
