/** Wakes an exercise once a reader comes near: with the pointer, the keyboard, or a press. */

const INTENT = ["pointerover", "focusin", "keydown", "click"];

/** @param {Element} one */
function wait(one) {
  const begin = (/** @type {Event} */ { type, target }) => {
    for (const sign of INTENT) one.removeEventListener(sign, begin);
    const button = target instanceof Element ? target.closest("[data-do]") : null;
    void import("./exercise.js").then(() => {
      if (type === "click") one.addEventListener("ready", () => press(button), { once: true });
    });
  };
  for (const sign of INTENT) one.addEventListener(sign, begin);
}

/** What was pressed before anything was there to hear it. @param {Element?} button */
function press(button) {
  if (button instanceof HTMLElement) button.click();
}

document.querySelectorAll("trace-exercise").forEach(wait);
