// What Material's markup lacks for those who use the keyboard. Every page is whole without it.
{
  /** The buttons that open the menu and the search, each by the box that the theme goes by. */
  const press = () => {
    const field = /** @type {HTMLElement?} */ (document.querySelector(".md-search__input"));
    for (const button of document.querySelectorAll("button[data-tg-press]")) {
      if (!(button instanceof HTMLButtonElement)) continue;
      const box = document.getElementById(button.dataset.tgPress ?? "");
      if (!(box instanceof HTMLInputElement)) continue;
      button.addEventListener("click", () => {
        box.click();
        if (box.id === "__search") field?.focus();
      });
      box.addEventListener("change", () =>
        button.setAttribute("aria-expanded", String(box.checked)),
      );
      addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !box.checked) return;
        if (box.id === "__drawer") box.click(); // The theme closes the search itself.
        button.focus();
      });
    }
  };

  /** What scrolls sideways can be scrolled by keyboard, and has a name; what fits is no stop. */
  const scroll = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      const scrolls = box.scrollWidth > box.clientWidth;
      const caption = box.querySelector("caption")?.textContent ?? "Table";
      const names = { tabindex: "0", role: "region", "aria-label": `${caption}, scrolls sideways` };
      for (const [name, value] of Object.entries(names)) {
        if (scrolls) box.setAttribute(name, value);
        else box.removeAttribute(name);
      }
    }
  };

  /** An address that names a tab opens it. */
  const open = () => {
    const tab = document.getElementById(location.hash.slice(1));
    if (tab instanceof HTMLInputElement && tab.name.startsWith("__tabbed_")) tab.checked = true;
  };

  /** The player is fetched where there is one. */
  const play = () => {
    const script = document.querySelector("script[src*='assets/js/site.js']");
    if (!(script instanceof HTMLScriptElement) || !document.querySelector("trace-player")) return;
    void import(new URL("player/element.js", script.src).href);
  };

  press();
  open();
  play();
  addEventListener("load", scroll); // Material wraps tables once the document is read.
  new ResizeObserver(scroll).observe(document.body);
}
