/**
 * Shows a page's player alone, in the whole window and in larger type, for a class. `site.js`
 * brings this where the address says `?present`. The rest of the page is put away; keys and
 * questions are the player's own. Escape leaves, once the player has no use for it; so does a link.
 */

const AWAY = "tg-away";
const NAME = "tg-present";

/**
 * What is not the player, nor a heading over it: those are heard still.
 * @param {Element} player
 */
const around = (player) => {
  const found = [];
  for (let element = player; element !== document.body; ) {
    const { parentElement } = element;
    if (!parentElement) break;
    found.push(...[...parentElement.children].filter((child) => child !== element));
    element = parentElement;
  }
  const isNamed = (/** @type {Element} */ { nextElementSibling: next }) => next?.contains(player);
  return found.filter(
    (one) => !one.matches("h1, script, link, template") && !(one.matches("h2") && isNamed(one)),
  );
};

/** @param {HTMLElement} player */
const present = (player) => {
  const away = around(player);
  const { classList } = document.documentElement;
  const leave = /** @type {HTMLAnchorElement | null} */ (player.querySelector("[data-leave]"));
  const listening = new AbortController();
  const { signal } = listening;

  const end = () => {
    listening.abort();
    classList.remove(NAME);
    for (const one of away) one.classList.remove(AWAY);
    leave?.setAttribute("hidden", "");
    const url = new URL(location.href);
    url.searchParams.delete("present");
    history.replaceState(history.state, "", url);
    player.scrollIntoView();
  };

  classList.add(NAME);
  for (const one of away) one.classList.add(AWAY);
  leave?.removeAttribute("hidden");
  leave?.addEventListener(
    "click",
    (event) => {
      event.preventDefault();
      end();
    },
    { signal },
  );
  addEventListener(
    "keydown",
    (event) => {
      const isTaken = event.defaultPrevented || player.querySelector("dialog[open]");
      if (event.key === "Escape" && !isTaken) end();
    },
    { signal },
  );
  scrollTo(0, 0);
  const stage = /** @type {HTMLElement | null} */ (player.querySelector(".tg-player-stage"));
  stage?.focus({ preventScroll: true });
};

const player = document.querySelector("trace-player");
if (player instanceof HTMLElement) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("../css/present.css", import.meta.url).href;
  sheet.addEventListener("load", () => present(player)); // Not before: nothing would be put away.
  document.head.append(sheet);
}
