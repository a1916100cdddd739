/**
 * `<trace-playground>`: the services in the page, to change and to run.
 *
 * It brings its markup, unless that stands in it already, and the catalog of what can be changed;
 * then the panel takes over. Python comes once somebody presses Run, not before.
 */

import { STYLES } from "./plan.js";
import { open } from "./link.js";
import { words } from "./words.js";

/** @typedef {import("./plan.js").Style} Style */

const FOLDER = new URL("../../playground/", import.meta.url);
const { lang } = document.documentElement;
const PANEL = lang === "en" ? "panel.html" : `panel.${lang}.html`;

/** @type {Promise<import("./plan.js").Catalog> | null} */
let catalog = null;

class TracePlayground extends HTMLElement {
  /** @type {AbortController} */
  #connection = new AbortController();

  connectedCallback() {
    this.#connection = new AbortController();
    void this.#open(this.#connection.signal);
  }

  disconnectedCallback() {
    this.#connection.abort();
    delete this.dataset["ready"];
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    try {
      const isDrawn = this.querySelector(".tg-pg") !== null;
      if (!isDrawn) this.innerHTML = await (await brought(PANEL)).text();
      catalog ??= brought("catalog.json").then((response) => response.json());
      const found = await catalog;
      if (signal.aborted) return;
      const { scenario, style } = this.#asked(found);
      await open(this, found, scenario, style, signal);
      this.dataset["ready"] = "";
      if (this.dataset["early"] === undefined) return;
      delete this.dataset["early"];
      /** @type {HTMLElement | null} */ (this.querySelector("[data-do=run]"))?.click();
    } catch (error) {
      catalog = null;
      if (!(error instanceof MissingError)) throw error;
      if (!signal.aborted) this.#complain(error);
    }
  }

  /**
   * What the page shows, or its address asks for.
   * @param {import("./plan.js").Catalog} found
   * @returns {{ scenario: string, style: Style }}
   */
  #asked(found) {
    const asked = this.dataset["page"] === undefined ? null : new URLSearchParams(location.search);
    const scenario = asked?.get("scenario") ?? "";
    const style = asked?.get("style") ?? this.getAttribute("style-name");
    return {
      scenario: Object.hasOwn(found.scenarios, scenario)
        ? scenario
        : (this.getAttribute("scenario") ?? ""),
      style: style === STYLES[1] ? style : STYLES[0],
    };
  }

  /** @param {MissingError} error */
  #complain({ isUnbuilt }) {
    const status = this.querySelector("[data-part=status]");
    if (!status) return void this.dispatchEvent(new CustomEvent("missing", { bubbles: true }));
    status.replaceChildren(words(this).say(isUnbuilt ? "catalog unbuilt" : "catalog"));
  }
}

/** A file of the panel's own is not there, or cannot be had. */
class MissingError extends Error {
  /** @param {boolean} isUnbuilt */
  constructor(isUnbuilt) {
    super("a file did not come");
    this.isUnbuilt = isUnbuilt;
  }
}

/** @param {string} file */
async function brought(file) {
  const response = await fetch(new URL(file, FOLDER)).catch(() => null);
  if (!response?.ok) throw new MissingError(response?.status === 404);
  return response;
}

const NAME = "trace-playground";
if (!customElements.get(NAME)) customElements.define(NAME, TracePlayground);
