/** The files as tabs: arrow keys move between them, and what is chosen is shown. */

/** @typedef {{ path: string, title: string, mark: string }} Tab `mark` says what is with it. */

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} shown What a tab shows.
 * @param {(path: string) => void} onChoose
 * @param {AbortSignal} signal
 * @returns {(tabs: Tab[], chosen: string) => void} Draws them.
 */
export function connect(list, shown, onChoose, signal) {
  const all = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const choose = (/** @type {Element | undefined} */ tab) => {
    if (!(tab instanceof HTMLElement)) return;
    onChoose(tab.dataset["path"] ?? "");
    const now = all().find((one) => one.dataset["path"] === tab.dataset["path"]);
    now?.focus();
    now?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  list.addEventListener(
    "click",
    ({ target }) => target instanceof Element && choose(target.closest("[role=tab]") ?? undefined),
    { signal },
  );
  list.addEventListener(
    "keydown",
    (event) => {
      const tabs = all();
      const at = tabs.findIndex((tab) => tab === document.activeElement);
      const last = tabs.length - 1;
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
      if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      choose(tabs[(to + tabs.length) % tabs.length]);
    },
    { signal },
  );
  return (tabs, chosen) => {
    while (list.children.length > tabs.length) list.lastElementChild?.remove();
    for (const [at, tab] of tabs.entries()) {
      const made = /** @type {HTMLElement} */ (list.children[at] ?? list.appendChild(blank(at)));
      draw(made, tab, tab.path === chosen);
      if (tab.path === chosen) shown.setAttribute("aria-labelledby", made.id);
    }
  };
}

/** @param {number} at */
function blank(at) {
  const made = document.createElement("button");
  made.type = "button";
  made.id = `tg-pg-tab-${at}`;
  made.setAttribute("role", "tab");
  made.setAttribute("aria-controls", "tg-pg-editor");
  made.append(...["span", "small"].map((tag) => document.createElement(tag)));
  return made;
}

/**
 * @param {HTMLElement} made
 * @param {Tab} tab
 * @param {boolean} isChosen
 */
function draw(made, { path, title, mark }, isChosen) {
  made.dataset["path"] = path;
  made.title = path;
  made.setAttribute("aria-selected", String(isChosen));
  made.tabIndex = isChosen ? 0 : -1;
  const [name, said] = made.children;
  if (name) name.textContent = title;
  if (said) said.textContent = mark;
}
