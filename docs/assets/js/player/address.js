/**
 * Where the reader is, as an address that somebody else can open, and that survives a rebuild:
 * steps and records are named by what they are, never by number or place. No DOM.
 */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Style} Style */

/** @type {readonly string[]} */
const VIEWS = ["spacetime", "flow", "all"];
/** Shown where there is room for one style only, unless the reader chose the other. */
const FIRST = "choreography";

/**
 * What an address asks for. Nobody vouches for an address: what makes no sense is left out.
 * @param {string} search As `location.search`.
 * @param {string} run The scenario that is shown; an address for another one asks for nothing.
 * @returns {{ step?: string, view?: View, style?: Style, order?: string, record?: string }}
 */
export function read(search, run) {
  const given = new URLSearchParams(search);
  if ((given.get("run") ?? run) !== run) return {};
  const view = given.get("view") ?? "";
  const style = given.get("style");
  const asked = { step: given.get("step"), order: given.get("order"), record: given.get("record") };
  return {
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value)),
    ...(VIEWS.includes(view) ? { view: /** @type {View} */ (view) } : {}),
    ...(style === "orchestration" || style === FIRST ? { style } : {}),
  };
}

/**
 * The address of a state, with what else stands in it left alone.
 * @param {string} href
 * @param {string} run
 * @param {string} step Anchor of the step; empty at the start.
 * @param {State} state
 * @param {string} order The order that is followed unless the reader chose another.
 */
export function write(href, run, step, state, order) {
  const url = new URL(href);
  const wanted = {
    run,
    step,
    view: state.view,
    style: state.style === FIRST ? "" : state.style,
    order: state.order === order ? "" : state.order,
    record: state.record ?? "",
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  url.hash = "";
  return url.href;
}
