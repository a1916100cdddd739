// What Material's markup lacks for those who use the keyboard. Every page is whole without it.
{
  /** Labels that open the menu and the search are buttons to everybody, not to the mouse alone. */
  const press = () => {
    for (const label of document.querySelectorAll("label[data-tg-press]")) {
      if (!(label instanceof HTMLLabelElement)) continue;
      const box = /** @type {HTMLInputElement} */ (label.control);
      const tell = () => label.setAttribute("aria-expanded", String(box.checked));
      label.tabIndex = 0;
      label.setAttribute("role", "button");
      label.setAttribute("aria-label", label.dataset.tgPress ?? "");
      tell();
      box.addEventListener("change", tell);
      label.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        box.click();
      });
    }
  };

  /** Escape closes the menu, and goes back to where it was opened. */
  const escape = () => {
    const box = document.getElementById("__drawer");
    const label = document.querySelector("label[data-tg-press][for=__drawer]");
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !(box instanceof HTMLInputElement) || !box.checked) return;
      box.click();
      if (label instanceof HTMLElement) label.focus();
    });
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

  press();
  escape();
  open();
  addEventListener("load", scroll); // Material wraps tables once the document is read.
  new ResizeObserver(scroll).observe(document.body);
}
