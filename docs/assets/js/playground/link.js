/** Opens the panel: with what the reader has kept, or with what came in the end of an address. */

import * as keep from "./keep.js";
import { Panel } from "./panel.js";
import { blank, draftOf, isUntouched } from "./plan.js";
import { read } from "./share.js";

/** @typedef {import("./plan.js").Catalog} Catalog */
/** @typedef {import("./plan.js").Style} Style */

/**
 * What a link brings is text: it fills the editor, and nothing runs before the reader says so.
 * @param {HTMLElement} root
 * @param {Catalog} catalog
 * @param {string} scenario
 * @param {Style} style
 * @param {AbortSignal} signal
 */
export async function open(root, catalog, scenario, style, signal) {
  const linked = await read(location.hash);
  const isPlan = linked !== null && typeof linked === "object";
  const isKnown = isPlan && Object.hasOwn(catalog.scenarios, linked.scenario);
  const name = isKnown ? linked.scenario : scenario;
  const kept = keep.read(name);
  const isKept = kept !== null && !isUntouched(kept, catalog);
  const own = kept ? { ...kept, style } : blank(name, style);
  const draft = isKnown ? draftOf(linked, catalog) : own;
  const panel = new Panel(root, catalog, draft, signal);
  panel.isLinked = isKnown;
  panel.isBeside = isKnown && isKept;
  if (linked === null) return panel;
  const problem = isPlan ? "link unknown" : `link ${linked}`;
  const said = panel.isBeside ? "linked beside" : "linked";
  panel.part("notice").replaceChildren(panel.say(isKnown ? said : problem));
  return panel;
}
