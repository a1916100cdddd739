/**
 * The player of a page that stands in a frame on another site. It is a module, as is all that it
 * brings: where a frame's sandbox leaves the page no origin, and the host sends no header that lets
 * others read its files, none of them comes, and the page is whole as it is without a script.
 */

const system = matchMedia("(prefers-color-scheme: dark)");
const { classList } = document.documentElement;

/** Dark where the reader's system is, unless the address says otherwise: `?colours=light`. */
const paint = () => {
  const asked = new URLSearchParams(location.search).get("colours");
  const isDark = asked === "dark" || (asked !== "light" && system.matches);
  document.body.dataset.mdColorScheme = isDark ? "slate" : "default";
};

system.addEventListener("change", paint);
paint();
classList.replace("no-js", "js");
import("./player/element.js").catch(() => classList.replace("js", "no-js"));
