/** A reader's changes, kept in this browser alone, scenario by scenario, where that is allowed. */

import { checkedDraft } from "./plan.js";

/** @typedef {import("./plan.js").Draft} Draft */

const NAME = "tracegen.playground.";

/**
 * Nobody vouches for what is kept: another version of this page may have written it.
 * @param {string} scenario
 * @returns {Draft | null}
 */
export function read(scenario) {
  try {
    const draft = checkedDraft(JSON.parse(localStorage.getItem(NAME + scenario) ?? "null"));
    return draft?.scenario === scenario ? draft : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} scenario
 * @param {Draft | null} draft null forgets it.
 */
export function write(scenario, draft) {
  try {
    if (draft) localStorage.setItem(NAME + scenario, JSON.stringify(draft));
    else localStorage.removeItem(NAME + scenario);
  } catch {
    // The panel works as well with what it has.
  }
}
