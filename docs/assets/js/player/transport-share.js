/** Copy a link to what is shown, and show it to a class: both as far as the browser allows. */

import { hrefOf } from "./location.js";

/** @typedef {import("./types.js").Player} Player */

const SAID_MS = 4000;

/**
 * @param {Player} player
 * @returns {{ copy: () => void, full: () => void }}
 */
export function connect(player) {
  const { root, signal } = player;
  const field = root.querySelector("[data-part=link]");
  const said = root.querySelector("[data-part=copied]");
  const button = root.querySelector("[data-action=full]");
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    field?.setAttribute("hidden", "");
    if (said) said.textContent = "";
  };
  const copy = async () => {
    const href = linkTo(player);
    hide();
    try {
      await navigator.clipboard.writeText(href); // Missing where the page is not secure.
      if (signal.aborted || !said) return;
      said.textContent = said.getAttribute("data-said");
      timer = setTimeout(hide, SAID_MS);
    } catch {
      if (signal.aborted || !(field instanceof HTMLInputElement)) return;
      field.hidden = false;
      field.value = href;
      field.select();
    }
  };
  const full = () => {
    if (!document.fullscreenEnabled) return;
    const done = document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
    done.catch(() => {}); // Refused: everything is as it was.
  };
  const tell = () => {
    button?.setAttribute("aria-pressed", String(document.fullscreenElement === root));
  };

  button?.toggleAttribute("hidden", !document.fullscreenEnabled);
  tell();
  field?.addEventListener("blur", hide, { signal });
  document.addEventListener("fullscreenchange", tell, { signal });
  signal.addEventListener("abort", () => {
    hide();
    button?.removeAttribute("aria-pressed");
  });
  return { copy: () => void copy(), full };
}

/**
 * What is shown, for somebody else: where the step has words on view, the browser scrolls to them.
 * @param {Player} player
 */
function linkTo(player) {
  const { root, moment } = player;
  const href = hrefOf(player);
  const cells = root.querySelectorAll(`td[id][data-row="${moment.row}"]`);
  const shown = [...cells].findLast((cell) => cell.getClientRects().length);
  return shown ? `${href}#${shown.id}` : href;
}
