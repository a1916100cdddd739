/** `<trace-exercise>`: brings what an exercise is about, and hands it to whoever answers. */

import { Answer } from "./answer.js";
import { words } from "./words.js";

const FOLDER = new URL("../../playground/", import.meta.url);

/**
 * Also where it stands in another document, whose constructors are its own.
 * @param {Element?} found
 * @returns {found is HTMLTemplateElement}
 */
const isTemplate = (found) => found?.localName === "template";

/** @param {string} file */
async function brought(file) {
  const response = await fetch(new URL(file, FOLDER));
  if (!response.ok) throw new Error(`${file} did not come`);
  return response.text();
}

class TraceExercise extends HTMLElement {
  #connection = new AbortController();
  #isAwake = false;

  disconnectedCallback() {
    this.#connection.abort();
    delete this.dataset["ready"];
  }

  /** Bring what it is about, unless that is on its way: others on the page may sleep on. */
  async wake() {
    if (this.#isAwake) return;
    this.#isAwake = true;
    const { signal } = this.#connection;
    const own = this.querySelector("template[data-part=words]");
    try {
      const name = `exercises/${this.dataset["name"]}.json`;
      const [source, panel] = await Promise.all([brought(name), brought("panel.html")]);
      if (signal.aborted) return;
      const page = new DOMParser().parseFromString(panel, "text/html");
      const more = page.querySelector("template[data-part=words]");
      if (isTemplate(own) && isTemplate(more)) own.content.append(more.content);
      new Answer(this, JSON.parse(source), source, signal);
      this.dataset["ready"] = "";
      this.dispatchEvent(new Event("ready"));
    } catch {
      const status = this.querySelector("[data-part=status]");
      if (!signal.aborted) status?.replaceChildren(words(this).say("why exercise"));
    }
  }
}

if (!customElements.get("trace-exercise")) customElements.define("trace-exercise", TraceExercise);

/** @param {Element} one */
export function wakeUp(one) {
  if (one instanceof TraceExercise) void one.wake();
}
