/** The page's side of the judge: asks, and waits for the answer. One a page. */

import { PlaygroundError, bring } from "./parts.js";

/** @typedef {{ resolve: (found: unknown) => void, reject: (error: Error) => void }} Waiting */

const BOOT_MS_MAX = 60_000;
const CALL_MS_MAX = 30_000;

class Judge {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Promise<unknown> | null} */
  #ready = null;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #lastId = 0;

  /** Boot it, unless it is here already. */
  start() {
    this.#ready ??= this.#boot();
    return this.#ready;
  }

  /**
   * What a runner is restored from.
   * @returns {Promise<ArrayBuffer>}
   */
  async snapshot() {
    await this.start();
    const found = await this.#ask({ do: "snapshot" }, BOOT_MS_MAX, "boot");
    this.#ask({ do: "warm" }, BOOT_MS_MAX, "judge").catch(() => {}); // Who calls will be told.
    return /** @type {ArrayBuffer} */ (found);
  }

  /**
   * Call a function of `tracegen.playground.judge`.
   * @param {string} name
   * @param {string[]} texts
   * @returns {Promise<string>}
   * @throws {PlaygroundError}
   */
  async call(name, ...texts) {
    await this.start();
    return String(await this.#ask({ do: "call", name, texts }, CALL_MS_MAX, "judge"));
  }

  async #boot() {
    const { urls, wasm, library, info } = await bring().catch((error) => {
      this.#ready = null;
      throw error;
    });
    const worker = new Worker(new URL("judge-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => this.#answered(data);
    worker.onerror = ({ message }) => this.#end(new PlaygroundError("boot", message));
    this.#worker = worker;
    await this.#ask({ do: "boot", urls, wasm, library, info }, BOOT_MS_MAX, "boot");
  }

  /**
   * @param {object} order
   * @param {number} limitMs A judge that takes longer is ended; the next call boots another.
   * @param {import("./parts.js").Why} why It is said to fail.
   */
  #ask(order, limitMs, why) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(new PlaygroundError("slow", why)), limitMs);
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (found) => (done(), resolve(found)),
        reject: (error) => {
          done();
          const isKnown = error instanceof PlaygroundError;
          const known = isKnown ? error : new PlaygroundError(why, error.message);
          if (why === "boot" && this.#worker) this.#end(known);
          reject(known);
        },
      });
      this.#worker?.postMessage({ id, ...order });
    });
  }

  /** @param {{ id: number, found?: unknown, error?: string }} answer */
  #answered({ id, found, error }) {
    const waiting = this.#waiting.get(id);
    if (error === undefined) waiting?.resolve(found);
    else waiting?.reject(new Error(error));
  }

  /** @param {PlaygroundError} error */
  #end(error) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = null;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }
}

export const judge = new Judge();
