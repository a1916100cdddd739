/**
 * Keys, by the one table that the page shows its readers. They act while the player has the focus
 * and the target has no use for the key itself; a handled key goes no further.
 *
 * What the transport does not do itself goes to the other parts as a `tg-key` event on the element:
 * `detail` is `answer:a` to `answer:d`, `causes`, `effects`, `open` or `close`. A part that does it
 * calls `preventDefault`; otherwise the key's next meaning has its turn, and then the page.
 */

/** @typedef {import("./types.js").Player} Player */

const MOVES = ["ArrowLeft", "ArrowRight", "Home", "End"];
const TEXT = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";

/**
 * @param {Player} player
 * @param {Record<string, () => void>} actions
 */
export function connect(player, actions) {
  const meanings = read(player.root);
  player.root.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.isComposing || usesIt(event.target, event.key)) return;
      const key = nameOf(event);
      const isDone = (meanings.get(key) ?? []).some((action) => {
        const act = actions[action];
        if (!act) return !player.root.dispatchEvent(asked(action));
        if (!event.repeat || action === "on" || action === "back") act();
        return true;
      });
      if (!isDone) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal: player.signal },
  );
}

/** @param {KeyboardEvent} event */
function nameOf(event) {
  if (event.key === " ") return "Space";
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

/** @param {string} action */
function asked(action) {
  return new CustomEvent("tg-key", { detail: action, cancelable: true });
}

/**
 * What each key means, in the order in which the meanings are tried.
 * @param {HTMLElement} root
 */
function read(root) {
  /** @type {Map<string, string[]>} */
  const meanings = new Map();
  for (const line of root.querySelectorAll("[data-keys]")) {
    const does = line.getAttribute("data-does") ?? "";
    for (const key of (line.getAttribute("data-keys") ?? "").split(" ")) {
      const action = does === "answer" ? `answer:${key}` : does;
      meanings.set(key, [...(meanings.get(key) ?? []), action]);
    }
  }
  return meanings;
}

/**
 * Whether a target has a use of its own for a key. The range has one for arrows, and it is ours.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function usesIt(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.closest(TEXT) || target.closest("dialog[open]")) return true;
  if (key === " ") return target.matches("button, summary, [type=checkbox], [role=button]");
  if (key === "Enter") return target.matches("a[href], button, summary, [role=button]");
  return MOVES.includes(key) && target.matches("[role=region][tabindex='0']"); // It scrolls.
}
