/**
 * Tells who keeps a reader's progress which beliefs were looked up, and when all of them were.
 */

/** @param {Element[]} beliefs */
function followBeliefs(beliefs) {
  const opened = new Set();
  /** @type {(belief: Element, what: string) => void} */
  const tell = (belief, what) => {
    const detail = { what, done: true };
    belief.dispatchEvent(new CustomEvent("tg-did", { bubbles: true, detail }));
  };
  for (const belief of beliefs) {
    belief.addEventListener("toggle", () => {
      if (!(belief instanceof HTMLDetailsElement) || !belief.open) return;
      opened.add(belief);
      tell(belief, `learn/${belief.dataset.tgBelief}`);
      if (opened.size === beliefs.length) tell(belief, "learn");
    });
  }
}

followBeliefs([...document.querySelectorAll("details[data-tg-belief]")]);
