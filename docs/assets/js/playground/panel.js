/**
 * The panel: what a reader has changed, and the parts that show it.
 *
 * A draft is all there is to it. Whatever changes it goes through `change`, which keeps it in the
 * browser and tells the parts; whatever shows it reads it from here.
 */

import { connect as editing } from "./editor.js";
import { connect as breaking } from "./faults-form.js";
import * as keep from "./keep.js";
import { connect as owning } from "./mine.js";
import {
  ORDERS_MAX, SEED_MAX, blank, changedOf, filesOf, isUntouched, planOf, rowsOf,
} from "./plan.js"; // prettier-ignore
import { connect as filing } from "./files.js";
import { connect as running } from "./run.js";
import { connect as tabbing } from "./tabs.js";
import { words } from "./words.js";

/** @typedef {import("./plan.js").Catalog} Catalog */
/** @typedef {import("./plan.js").Draft} Draft */
/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Style} Style */

const FIRST = "payment"; // Where there is most to see.

export class Panel {
  /** The file that is shown. */
  path = "";
  /** Where the last run failed. @type {{ file: string, line: number, said: string } | null} */
  failure = null;
  /** A link's changes, beside the reader's own, which stay kept until they decide. */
  isBeside = false;
  isLinked = false;

  /**
   * @param {HTMLElement} root
   * @param {Catalog} catalog
   * @param {Draft} draft
   * @param {AbortSignal} signal
   */
  constructor(root, catalog, draft, signal) {
    this.root = root;
    this.catalog = catalog;
    this.draft = draft;
    this.signal = signal;
    const { say, text, has } = words(root);
    this.say = say;
    this.text = text;
    this.has = has;
    this.editor = editing(
      this.part("editor"),
      /** @type {HTMLElement} */ (root.querySelector("#tg-pg-leave")),
      (content) => this.#edited(content),
      signal,
    );
    this.tabs = tabbing(this.part("tabs"), this.part("editor"), (path) => this.open(path), signal);
    this.faults = breaking(this);
    this.files = filing(this);
    this.mine = owning(this);
    this.run = running(this);
    this.#listen();
    this.showAll();
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-part="${name}"]`));
  }

  /** @param {string} name @returns {HTMLButtonElement} */
  action(name) {
    return /** @type {HTMLButtonElement} */ (this.root.querySelector(`[data-do="${name}"]`));
  }

  get side() {
    const told = this.catalog.scenarios[this.draft.scenario];
    if (!told) throw new Error(`no scenario ${this.draft.scenario}`);
    return told.styles[this.draft.style];
  }

  get rows() {
    return rowsOf(this.draft, this.catalog);
  }

  /** What runs now. */
  get plan() {
    return planOf(this.draft, this.catalog);
  }

  get isUntouched() {
    return isUntouched(this.draft, this.catalog);
  }

  /** @param {Partial<Draft>} changed */
  change(changed) {
    this.draft = { ...this.draft, ...changed };
    this.keep();
    this.#mark();
  }

  /** Keep what is changed, unless it came with a link and the reader has changes of their own. */
  keep() {
    if (this.isBeside) return;
    const { draft } = this;
    const isPlain = this.isUntouched && draft.seed === 0;
    keep.write(draft.scenario, isPlain ? null : draft);
    if (this.isLinked) history.replaceState(history.state, "", location.href.replace(/#.*$/, ""));
    this.isLinked = false;
  }

  /**
   * Take another draft's place.
   * @param {Draft} draft
   */
  put(draft) {
    this.draft = draft;
    this.failure = null;
    this.showAll();
  }

  /** @param {string} path */
  open(path) {
    this.path = path;
    this.editor.open(path, this.#textOf(path));
    if (this.failure?.file === path) this.editor.mark(this.failure.line, this.failure.said);
    this.#mark();
  }

  /**
   * @param {string} path
   * @param {number} line
   */
  go(path, line) {
    if (!filesOf(this.draft, this.catalog).some((file) => file.path === path)) {
      if (this.catalog.files[path] === undefined) return;
      this.change({ files: { ...this.draft.files, [path]: this.#textOf(path) } });
    }
    this.open(path);
    this.editor.go(line);
  }

  /** @param {{ file: string, line: number, said: string } | null} failure */
  fail(failure) {
    this.failure = failure;
    if (failure?.file === this.path) this.editor.mark(failure.line, failure.said);
    else this.editor.unmark();
    this.#mark();
  }

  /**
   * Say something for once, beside the buttons.
   * @param {string} name
   * @param {...(string | number)} more
   */
  tell(name, ...more) {
    this.part("told").replaceChildren(name ? this.say(name, ...more) : "");
  }

  showAll() {
    const { draft } = this;
    const scenario = this.part("scenario");
    if (scenario instanceof HTMLSelectElement) scenario.value = draft.scenario;
    for (const radio of this.root.querySelectorAll("input[name=tg-pg-style]")) {
      if (radio instanceof HTMLInputElement) radio.checked = radio.value === draft.style;
    }
    this.#number("seed").value = String(draft.seed);
    this.#number("orders").value = String(draft.orders ?? this.side.orders.length);
    this.faults.show();
    const files = filesOf(draft, this.catalog);
    const isThere = files.some(({ path }) => path === this.path);
    const acts = files.find(({ title }) => title.endsWith(FIRST)) ?? files[0];
    this.open(isThere ? this.path : (acts?.path ?? ""));
  }

  /** Show what is changed, and what can be done about it. */
  #mark() {
    const changed = changedOf(this.draft, this.catalog);
    const files = filesOf(this.draft, this.catalog);
    const isOwn = (/** @type {string} */ path) => this.catalog.files[path] === undefined;
    const markOf = (/** @type {string} */ path) => {
      if (this.failure?.file === path) return this.text("fails");
      if (changed[path] === undefined) return "";
      return this.text(isOwn(path) ? "added" : "changed");
    };
    this.tabs(
      files.map(({ path, title }) => ({ path, title, mark: markOf(path) })),
      this.path,
    );
    this.action("reset file").disabled = changed[this.path] === undefined || isOwn(this.path);
    this.action("remove file").hidden = !isOwn(this.path);
    this.action("reset all").disabled = this.isUntouched;
    this.mine.refresh();
  }

  /** @param {string} path */
  #textOf(path) {
    return this.draft.files[path] ?? this.catalog.files[path] ?? "";
  }

  /** @param {string} content */
  #edited(content) {
    if (this.failure?.file === this.path) this.failure = null;
    this.mine.settle();
    this.change({ files: { ...this.draft.files, [this.path]: content } });
  }

  /** @param {"seed" | "orders"} name */
  #number(name) {
    return /** @type {HTMLInputElement} */ (this.part(name));
  }

  #listen() {
    const { root, signal } = this;
    root.addEventListener("change", (event) => this.#chosen(event), { signal });
    root.addEventListener("click", (event) => this.#pressed(event), { signal });
    root.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation(); // Before CodeMirror, which would open a line.
        void this.run.start();
      },
      { signal, capture: true },
    );
  }

  /** @param {Event} event */
  #chosen({ target }) {
    if (target === this.part("scenario") && target instanceof HTMLSelectElement) {
      this.isBeside = false;
      this.part("notice").replaceChildren();
      this.put(keep.read(target.value) ?? blank(target.value, this.draft.style));
      this.run.clear();
    } else if (target === this.#number("seed")) {
      this.change({ seed: within(this.#number("seed"), 0, SEED_MAX) });
    } else if (target === this.#number("orders")) {
      const orders = within(this.#number("orders"), 1, ORDERS_MAX);
      this.change({ orders: orders === this.side.orders.length ? null : orders });
    } else if (target instanceof HTMLInputElement && target.name === "tg-pg-style") {
      this.draft = { ...this.draft, style: /** @type {Style} */ (target.value) };
      this.keep();
      this.failure = null;
      this.showAll();
    }
  }

  /** @param {Event} event */
  #pressed({ target }) {
    const button = target instanceof Element ? target.closest("[data-do]") : null;
    if (!(button instanceof HTMLElement)) return;
    switch (button.dataset["do"]) {
      case "run":
        return void this.run.start();
      case "stop":
        return this.run.stop();
      case "another": {
        const seed = Math.floor(Math.random() * 10_000);
        this.#number("seed").value = String(seed);
        return this.change({ seed });
      }
      case "add fault":
        return this.faults.add();
      case "remove fault":
        return this.faults.remove(button);
      case "mine":
      case "theirs":
        return this.#decided(button.dataset["do"] === "theirs");
      default:
        if (!this.files.press(button)) this.mine.press(button);
    }
  }

  /** @param {boolean} isTheirs */
  #decided(isTheirs) {
    this.isBeside = false;
    this.part("notice").replaceChildren();
    if (isTheirs) this.keep();
    else this.put(keep.read(this.draft.scenario) ?? this.draft);
    history.replaceState(history.state, "", location.href.replace(/#.*$/, ""));
    this.action("run").focus();
  }
}

/**
 * What a reader typed, brought within bounds.
 * @param {HTMLInputElement} field
 * @param {number} least
 * @param {number} most
 */
function within(field, least, most) {
  const value = Math.min(most, Math.max(least, Math.trunc(Number(field.value)) || least));
  field.value = String(value);
  return value;
}
