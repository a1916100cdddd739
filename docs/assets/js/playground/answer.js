/**
 * An answer to an exercise: files to write, a run to look at, and checks that say if it is right.
 *
 * An answer is what differs from the files that the exercise begins with. What runs are all of its
 * files; what is judged is what came of the runs.
 */

import { connect as editing } from "./editor.js";
import { judge } from "./judge.js";
import { connect as running } from "./run.js";
import { runner } from "./runner.js";
import { words } from "./words.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {Record<string, string>} Files Texts by path. */

/**
 * @typedef {object} Told What `tracegen.exercises.published` has of an exercise.
 * @property {string} name
 * @property {Files} files
 * @property {Files} beside
 * @property {{ title: string, plan: Omit<Plan, "files"> }[]} runs
 */

const KEPT = "tracegen.exercise.";

export class Answer {
  path = "";
  /** Where the last run failed. @type {{ file: string, line: number, said: string } | null} */
  failure = null;
  /** What the reader wrote. @type {Files} */
  #answer = {};
  /** Before they began anew. @type {Files | null} */
  #before = null;
  #number = 0;

  /**
   * @param {HTMLElement} root
   * @param {Told} told
   * @param {string} source The same as text, for the judge.
   * @param {AbortSignal} signal
   */
  constructor(root, told, source, signal) {
    this.root = root;
    this.told = told;
    this.source = source;
    this.signal = signal;
    const { say, text, has } = words(root);
    this.say = say;
    this.text = text;
    this.has = has;
    this.#answer = kept(told);
    const change = (/** @type {string} */ content) => this.#edited(content);
    this.editor = editing(this.part("editor"), this.part("leave"), change, signal);
    // What runs and draws a plan asks a panel for no more than is here.
    const panel = /** @type {Panel} */ (/** @type {unknown} */ (this));
    this.run = running(panel);
    this.#listen();
    this.open(Object.keys(told.files)[0] ?? "");
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-part="${name}"]`));
  }

  /** @param {string} name @returns {HTMLButtonElement} */
  action(name) {
    return /** @type {HTMLButtonElement} */ (this.root.querySelector(`[data-do="${name}"]`));
  }

  /** The run to look at. @returns {Plan} */
  get plan() {
    const [first] = this.told.runs;
    if (!first) throw new Error("an exercise without a run");
    return { ...first.plan, files: this.files };
  }

  get files() {
    return { ...this.told.files, ...this.#answer };
  }

  /** @param {string} path */
  open(path) {
    const isOurs = this.told.files[path] === undefined;
    this.path = path;
    /** @type {HTMLSelectElement} */ (this.part("file")).value = path;
    this.editor.open(path, isOurs ? (this.told.beside[path] ?? "") : (this.files[path] ?? ""));
    if (this.failure?.file === path) this.editor.mark(this.failure.line, this.failure.said);
    this.action("over").disabled = !Object.keys(this.#answer).length;
  }

  /**
   * @param {string} path
   * @param {number} line
   */
  go(path, line) {
    if (this.told.files[path] === undefined && this.told.beside[path] === undefined) return;
    this.open(path);
    this.editor.go(line);
  }

  /** @param {{ file: string, line: number, said: string } | null} failure */
  fail(failure) {
    this.failure = failure;
    if (failure?.file === this.path) this.editor.mark(failure.line, failure.said);
    else this.editor.unmark();
  }

  tell() {
    // What a panel says beside its buttons; there are none here.
  }

  /** Run the answer in every run of the exercise, and have it judged. */
  async check() {
    this.run.clear();
    this.#number += 1;
    const mine = this.#number;
    const isOld = () => mine !== this.#number || this.signal.aborted;
    this.action("stop").disabled = false;
    this.part("checks").replaceChildren();
    try {
      const results = [];
      for (const { plan } of this.told.runs) {
        this.#say("checking", results.length + 1, this.told.runs.length);
        const result = await runner.run({ ...plan, files: this.files });
        if (isOld()) return;
        results.push(result);
        if (result.failure?.kind === "stopped") return this.#ended("kind stopped");
      }
      const answer = await judge.call("judge_exercise", this.source, JSON.stringify(results));
      if (!isOld()) this.#judged(JSON.parse(answer));
    } catch (error) {
      if (isOld()) return;
      this.#ended(`why ${/** @type {{ why?: string }} */ (error).why ?? "judge"}`);
    }
  }

  stop() {
    if (this.#number) runner.stop();
    this.run.stop();
  }

  /** @param {{ passed: boolean, announce: string, html: string }} answer */
  #judged({ passed, announce, html }) {
    this.part("checks").innerHTML = html; // Ours: it took every word of the reader's for text.
    this.#ended("answered", announce);
    const detail = { name: this.told.name, passed };
    this.root.dispatchEvent(new CustomEvent("tg-exercise", { bubbles: true, detail }));
  }

  /**
   * @param {string} name
   * @param {...(string | number)} more
   */
  #say(name, ...more) {
    this.part("progress").replaceChildren();
    this.part("status").replaceChildren(this.say(name, ...more));
  }

  /**
   * @param {string} name
   * @param {...(string | number)} more
   */
  #ended(name, ...more) {
    this.#say(name, ...more);
    const stop = this.action("stop");
    if (document.activeElement === stop) this.action("check").focus();
    stop.disabled = true;
  }

  /** @param {string} content */
  #edited(content) {
    const own = this.told.files[this.path];
    if (own === undefined) return this.open(this.path); // To read only.
    const { [this.path]: _, ...others } = this.#answer;
    this.#answer = content === own ? others : { ...others, [this.path]: content };
    this.#keep();
    this.#forget();
  }

  #keep() {
    keep(this.told.name, this.#answer);
    this.action("over").disabled = !Object.keys(this.#answer).length;
  }

  #forget() {
    this.#before = null;
    this.action("undo").hidden = true;
  }

  /** @param {boolean} isUndo */
  #begin(isUndo) {
    [this.#answer, this.#before] = isUndo ? [this.#before ?? {}, null] : [{}, this.#answer];
    this.failure = null;
    this.#keep();
    this.open(this.path);
    this.action("undo").hidden = isUndo;
    this.action(isUndo ? "over" : "undo").focus();
  }

  #listen() {
    const { root, signal } = this;
    const file = /** @type {HTMLSelectElement} */ (this.part("file"));
    file.addEventListener("change", () => this.open(file.value), { signal });
    root.addEventListener("click", ({ target }) => this.#pressed(target), { signal });
    root.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation(); // Before CodeMirror, which would open a line.
        void this.check();
      },
      { signal, capture: true },
    );
  }

  /** @param {EventTarget?} target */
  #pressed(target) {
    const button = target instanceof Element ? target.closest("[data-do]") : null;
    const asked = button instanceof HTMLElement ? button.dataset["do"] : "";
    if (asked === "check") void this.check();
    if (asked === "run") {
      this.#number += 1;
      void this.run.start();
    }
    if (asked === "stop") this.stop();
    if (asked === "over" || asked === "undo") this.#begin(asked === "undo");
  }
}

/**
 * What a reader wrote before, as far as it is of this exercise.
 * @param {Told} told
 * @returns {Files}
 */
function kept({ name, files }) {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT + name) ?? "{}");
    const entries = Object.entries(found).filter(
      ([path, text]) => Object.hasOwn(files, path) && typeof text === "string",
    );
    return /** @type {Files} */ (Object.fromEntries(entries));
  } catch {
    return {};
  }
}

/**
 * @param {string} name
 * @param {Files} answer
 */
function keep(name, answer) {
  try {
    if (Object.keys(answer).length) localStorage.setItem(KEPT + name, JSON.stringify(answer));
    else localStorage.removeItem(KEPT + name);
  } catch {
    // It works as well with what is in the page.
  }
}
