/** The page's side of the runner: prepares it, runs a plan, ends what does not end. One a page. */

import { judge } from "./judge.js";
import { CAGE, PlaygroundError, bring } from "./parts.js";
import { checked, failed, placeOf } from "./result.js";

/** @typedef {import("./result.js").Result} Result */
/** @typedef {import("./parts.js").Why} Why */

/**
 * @typedef {{ name: "idle" | "starting" | "ready" | "running" | "restarting" }
 *   | { name: "fetching", bytes: number, total: number }
 *   | { name: "failed", why: Why, detail: string }} State
 */

/** @typedef {{ resolve: (result: Result) => void, timer: number, isOurs: boolean }} Run */
/** @typedef {{ resolve: () => void, reject: (error: PlaygroundError) => void }} Boot */

const END_MS = 2_300; // From here on a run is ended by force; its own deadline is 1.7 s.
const BOOT_MS_MAX = 60_000;
const CAGE_MS_MAX = 15_000; // It is a small page; where it is missing, nobody answers.
const HEAP_KEPT_BYTES_MAX = 64 * 1024 * 1024; // A heap never shrinks: one that grew is replaced.
const DEATHS = new Set(["recursion", "memory", "exit", "output"]);

class Runner extends EventTarget {
  /** @type {State} */
  #state = { name: "idle" };
  /** @type {Promise<unknown> | null} */
  #ready = null;
  /** @type {HTMLIFrameElement | null} */
  #cage = null;
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {Boot | null} */
  #boot = null;
  /** @type {Run | null} */
  #run = null;
  #worker = 0; // The number of the worker that is heard.
  #heapBytes = 0;
  /** @type {{ file: string, line: number } | null} */
  #at = null;
  #printed = "";

  /** Changes are told by an event, "state". */
  get state() {
    return this.#state;
  }

  /**
   * Bring and boot all, unless it is here already: for a first sign that somebody wants to run.
   * @throws {PlaygroundError} The next call tries again.
   */
  prepare() {
    this.#ready ??= this.#prepared().catch((error) => this.#give(error));
    return this.#ready;
  }

  /**
   * @param {{ files: object }} plan
   * @returns {Promise<Result>} Whatever the code does.
   * @throws {PlaygroundError} There is no Python to run it.
   */
  async run(plan) {
    this.stop();
    await this.prepare();
    this.stop();
    this.#at = null;
    this.#printed = "";
    this.#tell({ name: "running" });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#died("killed"), END_MS);
      this.#run = { resolve, timer, isOurs: Object.keys(plan.files).length === 0 };
      this.#port?.postMessage({ do: "say", text: JSON.stringify(plan) });
    });
  }

  /** End a run that goes on. */
  stop() {
    if (this.#run) this.#died("stopped");
  }

  /** @param {State} state */
  #tell(state) {
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }

  /**
   * @param {unknown} error
   * @returns {never}
   */
  #give(error) {
    const known = error instanceof PlaygroundError ? error : new PlaygroundError("boot", error);
    this.#cage?.remove();
    this.#port?.close();
    this.#cage = this.#port = this.#ready = null;
    this.#tell({ name: "failed", why: known.why, detail: known.detail });
    throw known;
  }

  async #prepared() {
    const parts = await bring((bytes, total) => this.#tell({ name: "fetching", bytes, total }));
    this.#tell({ name: "starting" });
    const [snapshot] = await Promise.all([judge.snapshot(), this.#open(parts)]);
    await this.#start({ snapshot }, [snapshot]);
    this.#tell({ name: "ready" });
  }

  /**
   * Open the cage, and hand it what it holds; it compiles while the judge boots.
   * @param {import("./parts.js").Parts} parts
   */
  async #open({ scripts, wasm, library, info }) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.hidden = true;
    frame.src = CAGE;
    this.#cage = frame;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    await within(CAGE_MS_MAX, (resolve) => {
      port1.onmessage = resolve;
      // Its origin is none, so no name stands for it; what it gets is the port and nothing else.
      frame.onload = () => frame.contentWindow?.postMessage("port", "*", [port2]);
      document.body.append(frame);
    });
    port1.onmessage = ({ data: [number, text] }) => {
      if (number === this.#worker) this.#heard(text);
    };
    port1.postMessage({ do: "hold", scripts, wasm, library, info });
  }

  /**
   * Start a worker, in place of one that runs.
   * @param {object} [more]
   * @param {Transferable[]} [transfer]
   */
  async #start(more = {}, transfer = []) {
    this.#worker += 1;
    await within(BOOT_MS_MAX, (resolve, reject) => {
      this.#boot = { resolve, reject };
      this.#port?.postMessage({ do: "start", number: this.#worker, ...more }, transfer);
    });
  }

  /** @param {string} said */
  #heard(said) {
    const space = said.indexOf(" ");
    const [word, text] = [said.slice(0, space), said.slice(space + 1)];
    if (word === "ready") this.#boot?.resolve();
    else if (word === "failed") this.#boot?.reject(new PlaygroundError("boot", text));
    else if (word === "heap") this.#heapBytes = Number(text);
    else if (word === "line") this.#at = placeOf(text);
    else if (word === "printed") this.#printed = text;
    else if (word === "fatal") this.#died(DEATHS.has(text) ? text : "error");
    else if (word === "result") {
      const isClean = this.#run?.isOurs && this.#heapBytes < HEAP_KEPT_BYTES_MAX;
      this.#finish(checked(text), isClean ? "clean" : "used");
    }
  }

  /** @param {string} kind */
  #died(kind) {
    this.#finish(failed(kind, this.#at, this.#printed), "dead");
  }

  /**
   * @param {Result} result
   * @param {"clean" | "used" | "dead"} worker What has become of it. Where a reader's code ran,
   *   something may have stayed behind: the next run gets a fresh one, which is there in a moment.
   */
  #finish(result, worker) {
    const run = this.#run;
    if (!run) return;
    this.#run = null;
    clearTimeout(run.timer);
    if (worker !== "clean") this.#restart();
    this.#tell({ name: worker === "dead" ? "restarting" : "ready" });
    run.resolve(result);
  }

  #restart() {
    this.#ready = this.#start().then(
      () => this.#state.name === "restarting" && this.#tell({ name: "ready" }),
      (error) => this.#give(error),
    );
    this.#ready.catch(() => {}); // Whoever runs next is told.
  }
}

/**
 * @param {number} limitMs
 * @param {(resolve: () => void, reject: (error: PlaygroundError) => void) => void} begin
 */
function within(limitMs, begin) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new PlaygroundError("slow")), limitMs);
      const ended = (/** @type {() => void} */ done) => {
        clearTimeout(timer);
        done();
      };
      begin(
        () => ended(resolve),
        (error) => ended(() => reject(error)),
      );
    })
  );
}

export const runner = new Runner();
