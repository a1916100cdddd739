/** Wakes an exercise once a reader comes near: with the pointer, the keyboard, or a press. */

const INTENT = ["pointerover", "focusin", "keydown", "click"];

/** @param {Element} one */
function wait(one) {
  /** What was pressed before anything was there to hear it. @type {Element | null} */
  let pressed = null;
  const woken = new AbortController();
  const wake = (/** @type {Event} */ { type, target }) => {
    if (type === "click" && target instanceof Element) pressed = target.closest("[data-do]");
    void import("./exercise.js").then(({ wakeUp }) => wakeUp(one));
  };
  for (const sign of INTENT) one.addEventListener(sign, wake, { signal: woken.signal });
  one.addEventListener(
    "ready",
    () => {
      woken.abort();
      if (pressed instanceof HTMLElement) pressed.click();
    },
    { once: true },
  );
}

document.querySelectorAll("trace-exercise").forEach(wait);
