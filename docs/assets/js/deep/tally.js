/** Which style the ticked reasons speak for, and whether they contradict each other. No DOM. */

/** @typedef {{name: string, style: string}} Reason */

/**
 * No score: one reason may outweigh three, so nothing is counted against anything.
 * @param {Reason[]} reasons all there are
 * @param {Iterable<string>} ticked names of those that matter to the reader
 * @returns {{verdict: string, names: string[]}} verdict: "none", a style, or "both"; names: of the
 *   reasons to list, in the order in which they stand; a name that no reason has is left out
 */
export function tally(reasons, ticked) {
  const wanted = new Set(ticked);
  const found = reasons.filter(({ name }) => wanted.has(name));
  const styles = new Set(found.map(({ style }) => style));
  const [first] = styles;
  const verdict = styles.size > 1 ? "both" : (first ?? "none");
  return { verdict, names: found.map(({ name }) => name) };
}

/**
 * What a browser kept, whoever wrote it.
 * @param {unknown} found
 * @returns {string[]}
 */
export function names(found) {
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}
