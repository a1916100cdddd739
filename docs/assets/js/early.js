// Runs before the first paint of every page: the reader's colours, the player's view, and the four
// names that Material's bundle expects from an inline script, which our policy does not allow.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = new URL("../../", script.src); // The site's, wherever it is served.

  /**
   * Read what this site keeps under a name.
   * @param {string} name
   * @param {() => Storage} from asked late: to name a storage that is blocked throws
   * @param {URL} scope
   * @returns {unknown} null where there is nothing, or nothing may be kept
   */
  const read = (name, from = () => localStorage, scope = root) => {
    try {
      return JSON.parse(from().getItem(`${scope.pathname}.${name}`) ?? "null");
    } catch {
      return null;
    }
  };

  /**
   * Keep a value under a name; a browser that keeps nothing is no error.
   * @param {string} name
   * @param {unknown} value null forgets it
   * @param {() => Storage} to
   * @param {URL} scope
   */
  const keep = (name, value, to = () => localStorage, scope = root) => {
    const key = `${scope.pathname}.${name}`;
    try {
      if (value === null) to().removeItem(key);
      else to().setItem(key, JSON.stringify(value));
    } catch {
      // The page works as well with what it has.
    }
  };

  /** @param {string} text */
  const hash = (text) => [...text].reduce((sum, c) => (sum << 5) - sum + c.charCodeAt(0), 0);

  Object.assign(globalThis, {
    __md_scope: root,
    __md_hash: hash,
    __md_get: (/** @type {string} */ name, /** @type {Storage?} */ storage, scope = root) =>
      read(name, () => storage ?? localStorage, scope),
    __md_set: (
      /** @type {string} */ name,
      /** @type {unknown} */ value,
      /** @type {Storage?} */ storage,
      scope = root,
    ) => keep(name, value, () => storage ?? localStorage, scope),
  });

  const system = matchMedia("(prefers-color-scheme: dark)");

  /** @returns {boolean} whether the page is to be dark: the reader's choice, else the system's */
  const isDark = () => {
    const chosen = read("colours");
    return chosen === null ? system.matches : chosen === "dark";
  };

  const paint = () => {
    document.body.dataset.mdColorScheme = isDark() ? "slate" : "default";
  };

  document.documentElement.classList.replace("no-js", "js");
  // The player comes later: what its address asks for takes its place now, so that nothing shifts.
  const asked = new URLSearchParams(location.search);
  const view = asked.get("view");
  const { dataset } = document.documentElement;
  if (view === "flow" || view === "all") dataset.tgView = view;
  const second = "orchestration";
  const isNamed = /^#(?!record-).*-orchestration-/.test(location.hash);
  if (isNamed || asked.get("style") === second) dataset.tgStyle = second;
  paint();
  system.addEventListener("change", paint);
  addEventListener("storage", paint); // Chosen in another tab.
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-tg-scheme]")) return;
    const dark = document.body.dataset.mdColorScheme !== "slate";
    // Back at the system's colours there is nothing to remember: the page follows it again.
    keep("colours", dark === system.matches ? null : dark ? "dark" : "light");
    document.body.dataset.mdColorScheme = dark ? "slate" : "default";
  });
}
