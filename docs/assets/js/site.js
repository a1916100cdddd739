// What Material's markup lacks for those who use the keyboard, and what its bundle would do for a
// page that nobody searches. Every page is whole without it.
{
  const HERE = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const WRITES = "input:not([type=radio]), select, textarea, [contenteditable]";
  const PASSED_PX = 100; // A heading this far below the top has been reached.

  const field = /** @type {HTMLInputElement?} */ (document.querySelector(".md-search__input"));
  const asked = new URLSearchParams(location.search);

  /** @param {string} name a module beside this script */
  const fetched = (name) => void import(new URL(name, HERE).href);

  /**
   * What an address or a link names on this page.
   * @param {string} hash
   */
  const named = (hash) => {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch {
      return null; // Anybody can write an address.
    }
  };

  /** The buttons that open the menu and the search, each by the box that the theme goes by. */
  const press = () => {
    for (const button of document.querySelectorAll("button[data-tg-press]")) {
      if (!(button instanceof HTMLButtonElement)) continue;
      const box = document.getElementById(button.dataset.tgPress ?? "");
      if (!(box instanceof HTMLInputElement)) continue;
      button.addEventListener("click", () => box.click());
      box.addEventListener("change", () =>
        button.setAttribute("aria-expanded", String(box.checked)),
      );
      addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !box.checked) return;
        box.click();
        field?.blur();
        button.focus();
      });
    }
    for (const toggle of document.querySelectorAll("input.md-nav__toggle")) {
      const nav = document.querySelector(`[aria-labelledby="${toggle.id}_label"]`);
      toggle.addEventListener("change", () =>
        nav?.setAttribute("aria-expanded", String(toggle.matches(":checked"))),
      );
    }
  };

  /**
   * Material's bundle, which runs the search: it comes when somebody goes there, not before.
   * Until it is here, what it would do with the first key or click is done by this.
   */
  const search = () => {
    const box = document.getElementById("__search");
    const later = document.querySelector("script[type='text/later']");
    if (!(box instanceof HTMLInputElement) || !(later instanceof HTMLScriptElement)) return;
    if (!field) return;
    let [isComing, isHere] = [false, false];

    const bring = () => {
      if (isComing) return;
      isComing = true;
      // It would ask for a site map beside each page in another language.
      for (const link of document.querySelectorAll("link[rel=alternate]")) link.remove();
      const script = document.createElement("script");
      script.src = later.dataset.src ?? "";
      script.addEventListener("load", () => {
        isHere = true;
        // It closes the search where an address has a target, as if the reader had just gone there.
        if (!named(location.hash)) return;
        box.addEventListener("click", (event) => event.isTrusted || event.preventDefault(), {
          once: true,
        });
      });
      script.addEventListener("error", () => {
        script.remove();
        isComing = false; // The next touch tries again.
      });
      document.head.append(script);
    };

    for (const place of document.querySelectorAll(".md-search, [data-tg-press=__search]")) {
      for (const touch of ["pointerover", "focusin"]) place.addEventListener(touch, bring);
    }
    box.addEventListener("change", () => {
      bring();
      if (box.checked) field.focus();
    });
    field.addEventListener("focus", () => box.checked || box.click());
    field.form?.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("keydown", (event) => {
      const { key, target, metaKey, ctrlKey, altKey, defaultPrevented } = event;
      if (isHere || metaKey || ctrlKey || altKey || defaultPrevented) return;
      if (!(target instanceof HTMLElement) || target.closest(WRITES)) return;
      if (["f", "s", "/"].includes(key)) {
        event.preventDefault();
        field.focus();
        field.select();
      }
      const to = { p: "prev", ",": "prev", n: "next", ".": "next" }[key];
      const link = to && document.querySelector(`link[rel=${to}]`);
      if (link instanceof HTMLLinkElement) location.href = link.href;
      if (key === "Enter" && target instanceof HTMLLabelElement) target.click();
    });
    if (asked.has("q")) bring();
  };

  /** What scrolls sideways can be scrolled by keyboard, and has a name; what fits is no stop. */
  const scroll = () => {
    const boxes = [...document.querySelectorAll(".md-typeset__scrollwrap, .md-content pre > code")];
    // To measure what is folded away would lay it out for nothing; once open, it comes here again.
    const seen = boxes.filter((box) => box.checkVisibility());
    const scrolling = seen.filter((box) => box.scrollWidth > box.clientWidth); // All reads first.
    for (const box of seen) {
      const caption = box.querySelector("caption")?.textContent ?? "Table";
      const name = { role: "region", "aria-label": `${caption}, scrolls sideways` };
      const says = { tabindex: "0", ...(box.matches("code") ? {} : name) };
      for (const [attribute, value] of Object.entries(says)) {
        if (scrolling.includes(box)) box.setAttribute(attribute, value);
        else box.removeAttribute(attribute);
      }
    }
  };

  /** The contents beside a page say how far the reader has come. */
  const follow = () => {
    const links = [...document.querySelectorAll(".md-nav--secondary a[href^='#']")];
    const headings = links.map((link) => named(link.getAttribute("href") ?? ""));
    if (!links.length) return;
    let frame = 0;
    const mark = () => {
      frame = 0;
      const now = headings.findLastIndex(
        (heading) => heading && heading.getBoundingClientRect().top < PASSED_PX,
      );
      for (const [index, link] of links.entries()) {
        link.classList.toggle("md-nav__link--passed", index < now);
        link.classList.toggle("md-nav__link--active", index === now);
      }
    };
    addEventListener("scroll", () => (frame ||= requestAnimationFrame(mark)), { passive: true });
  };

  /** What is folded opens for an address that names it, and on paper. */
  const unfold = () => {
    const reveal = () => {
      named(location.hash)?.closest("details:not([open])")?.setAttribute("open", "");
    };
    /** @type {Element[]} */
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll(".md-content details:not([open])")];
      for (const details of folded) details.setAttribute("open", "");
    });
    addEventListener("afterprint", () => {
      for (const details of folded) details.removeAttribute("open");
    });
    addEventListener("hashchange", reveal);
    reveal();
  };

  // What a word of the glossary means shows beside the word, once somebody comes near one.
  for (const touch of ["pointerover", "focusin"]) {
    addEventListener(touch, ({ target }) => {
      if (target instanceof Element && target.closest("a[href*='glossary/#']")) fetched("terms.js");
    });
  }

  // The playground opens beside the link to it; where its script does not come, that leads there.
  document.querySelector("[data-tg-try]")?.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
    if (ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    import(new URL("playground/open.js", HERE).href).then(
      (module) => module.open(link),
      () => location.assign(link.href),
    );
  });

  press();
  search();
  follow();
  unfold();
  if (document.querySelector("trace-player")) fetched("player/element.js");
  if (asked.has("h")) fetched("found.js");
  if (asked.has("present")) fetched("present.js");
  new ResizeObserver(scroll).observe(document.body);
}
