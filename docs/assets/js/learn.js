/**
 * Tells who keeps a reader's progress that a belief was guessed at and looked up.
 */

for (const belief of document.querySelectorAll("details[data-tg-belief]")) {
  belief.addEventListener("toggle", () => {
    if (!(belief instanceof HTMLDetailsElement) || !belief.open) return;
    const what = `learn/${belief.dataset.tgBelief}`;
    belief.dispatchEvent(new CustomEvent("tg-did", { bubbles: true, detail: { what, done: true } }));
  });
}
