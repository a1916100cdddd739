/** Opens the playground once somebody means to use it: beside a link, or on a page of its own. */

const STYLES = new URL("../../css/playground.css", import.meta.url).href;
const INTENT = ["pointerover", "focusin", "keydown"];

/** What the panel needs before it can be seen. */
async function bring() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = STYLES;
  const styled = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
  });
  if (!document.querySelector(`link[href$="playground.css"]`)) document.head.append(link);
  else return import("./element.js");
  const [module] = await Promise.all([import("./element.js"), styled]);
  return module;
}

/**
 * Put the panel below the sentence that a link stands in.
 * @param {HTMLAnchorElement} link To the page of its own, which is the way where nothing comes.
 */
export async function open(link) {
  try {
    await bring();
  } catch {
    location.assign(link.href);
    return;
  }
  const asked = new URL(link.href).searchParams;
  const panel = document.createElement("trace-playground");
  panel.setAttribute("scenario", asked.get("scenario") ?? "");
  panel.addEventListener("missing", () => location.assign(link.href));
  const style = new URLSearchParams(location.search).get("style") ?? "";
  panel.setAttribute("style-name", style);
  const sentence = link.closest("p") ?? link;
  sentence.after(panel);
  panel.tabIndex = -1;
  panel.focus(); // The link goes, and focus must not get lost with it.
  sentence.hidden = true;
}

/**
 * On the page of its own the panel stands already, and waits.
 * @param {Element} panel
 */
function wait(panel) {
  panel.addEventListener("click", ({ target }) => {
    const isRun = target instanceof Element && target.closest("[data-do=run]");
    if (isRun && !panel.hasAttribute("data-ready")) panel.setAttribute("data-early", "");
  });
  const asks = location.hash.startsWith("#try=") || location.search.includes("scenario=");
  if (asks) return void bring();
  const begin = () => {
    for (const sign of INTENT) panel.removeEventListener(sign, begin);
    void bring();
  };
  for (const sign of INTENT) panel.addEventListener(sign, begin);
}

const here = document.querySelector("trace-playground[data-page]");
if (here) wait(here);
