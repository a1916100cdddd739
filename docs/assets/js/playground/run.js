/** Runs what the panel holds, says how far it is, and hands on what came of it. */

import { judge } from "./judge.js";
import { runner } from "./runner.js";
import { connect as drawing } from "./verdict.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./plan.js").Plan} Plan */

const RECORDINGS = new URL("../../../recordings/", import.meta.url);
const MB = 1024 * 1024;

/** There is nothing to compare with. */
class NoRecordingError extends Error {
  why = "recording";
}

/** One run at a time; what a later one overtakes is thrown away. */
class Run {
  /** The run whose end is waited for; another number is another run. */
  #number = 0;
  #isGoing = false;

  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    this.drawn = drawing(panel);
    const { signal } = panel;
    runner.addEventListener("state", () => this.#follow(), { signal });
    signal.addEventListener("abort", () => runner.stop());
  }

  async start() {
    const { panel } = this;
    const number = (this.#number += 1);
    this.#go(true);
    panel.fail(null);
    panel.tell("");
    this.#say("running");
    this.#follow();
    try {
      await this.#whole(panel.plan, () => number !== this.#number || panel.signal.aborted);
    } catch (error) {
      if (number !== this.#number) return;
      this.#say(`why ${/** @type {{ why?: string }} */ (error).why ?? "judge"}`);
    }
    if (number === this.#number) this.#go(false);
  }

  stop() {
    if (!this.#isGoing) return;
    if (runner.state.name === "running") {
      runner.stop();
      return;
    }
    this.#number += 1; // What is on its way comes, and nothing is run with it.
    this.#go(false);
    this.#say("kind stopped");
  }

  /** Nothing was run: another scenario is shown. */
  clear() {
    this.#number += 1;
    runner.stop();
    this.#go(false);
    this.#say("");
    this.drawn.clear();
  }

  /**
   * @param {Plan} plan
   * @param {() => boolean} isOld
   */
  async #whole(plan, isOld) {
    const { drawn } = this;
    const [result, recording] = await Promise.all([runner.run(plan), recorded(plan)]);
    if (isOld()) return;
    if (result.failure || result.trace === null) {
      drawn.failed(result);
      this.#say("failed", drawn.told(result));
      return;
    }
    this.#say("judging");
    const texts = [JSON.stringify(plan), JSON.stringify(result), recording];
    const verdict = JSON.parse(await judge.call("verdict", ...texts));
    if (isOld()) return;
    drawn.judged(result, verdict.html);
    this.#say("done", verdict.announce);
    if (verdict.kind === "impossible") return;
    const { html, columns, step } = JSON.parse(await judge.call("player", ...texts));
    if (!isOld()) drawn.staged(html, columns, step);
  }

  /**
   * @param {string} name
   * @param {...(string | number)} more
   */
  #say(name, ...more) {
    this.panel.part("progress").replaceChildren();
    this.panel.part("status").replaceChildren(name ? this.panel.say(name, ...more) : "");
  }

  /** @param {boolean} isGoing */
  #go(isGoing) {
    const { panel } = this;
    this.#isGoing = isGoing;
    panel.root.toggleAttribute("data-running", isGoing);
    const stop = panel.action("stop");
    if (!isGoing && document.activeElement === stop) panel.action("run").focus();
    stop.disabled = !isGoing;
  }

  /** Say how far Python is. The count is no part of what is announced: it would never be silent. */
  #follow() {
    const { state } = runner;
    if (!this.#isGoing) return;
    if (state.name === "starting" || state.name === "running") this.#say(state.name);
    if (state.name !== "fetching") return;
    const progress = this.panel.part("progress");
    if (!progress.hasChildNodes()) this.#say("fetching");
    const [bytes = "", total = ""] = [state.bytes, state.total].map((n) => (n / MB).toFixed(1));
    progress.replaceChildren(this.panel.say("bytes", bytes, total));
  }
}

/** @param {Panel} panel */
export const connect = (panel) => new Run(panel);

/**
 * What Kafka did.
 * @param {Plan} plan
 */
async function recorded({ scenario, style }) {
  const file = new URL(`${scenario}.${style}.jsonl`, RECORDINGS);
  const response = await fetch(file).catch(() => null);
  if (!response?.ok) throw new NoRecordingError("the recording did not come");
  return response.text();
}
