/**
 * Tells who keeps a reader's progress which beliefs were looked up, and when all of them were.
 */

const beliefs = [...document.querySelectorAll("details[data-tg-belief]")];
const opened = new Set();

/**
 * @param {Element} belief
 * @param {string} what
 */
const tell = (belief, what) =>
  belief.dispatchEvent(new CustomEvent("tg-did", { bubbles: true, detail: { what, done: true } }));

for (const belief of beliefs) {
  belief.addEventListener("toggle", () => {
    if (!(belief instanceof HTMLDetailsElement) || !belief.open) return;
    opened.add(belief);
    tell(belief, `learn/${belief.dataset.tgBelief}`);
    if (opened.size === beliefs.length) tell(belief, "learn");
  });
}

export {}; // A module: its names are its own.
