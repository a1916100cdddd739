/**
 * Runs our own Python, and never a reader's: it boots, hands out what it is as a snapshot, and then
 * parses, compares and draws.
 */

import { boot, compile, copied } from "./boot.js";

/** @typedef {import("./boot.js").Python} Python */
/** @typedef {import("./boot.js").Info} Info */

/**
 * @typedef {{ pyodide: string, asm: string }} Urls
 * @typedef {{ urls: Urls, wasm: ArrayBuffer, library: ArrayBuffer, info: Info }} Given
 * @typedef {{ do: "boot" } & Given} Boot
 * @typedef {{ do: "snapshot" | "warm" }} Plain
 * @typedef {{ do: "call", name: string, texts: string[] }} Call
 * @typedef {{ id: number } & (Boot | Plain | Call)} Order
 */

const RUNNING = "tracegen.playground.running"; // What it needs is in the snapshot.
const JUDGE = "tracegen.playground.judge"; // And what this one needs is not.

/** @type {Promise<Python>} */
let python = Promise.reject(new Error("not booted"));
python.catch(() => {});

/** @param {Given} given */
async function booted({ urls, wasm, library, info }) {
  const made = await boot({ scripts: urls, module: await compile(wasm), library, info });
  made.runPython(`import gc, ${RUNNING}\n${RUNNING}.warm()\ngc.collect()`);
  return made;
}

/**
 * @param {Order} order
 * @returns {Promise<unknown>}
 */
async function obey(order) {
  if (order.do === "boot") {
    python = booted(order);
    await python;
    return null;
  }
  const held = await python;
  if (order.do === "call") {
    const called = held.pyimport(JUDGE)[order.name];
    if (!called) throw new Error(`the judge has no ${order.name}`);
    return called(...order.texts);
  }
  if (order.do === "snapshot") return copied(held);
  return held.pyimport(RUNNING).warm_judge?.();
}

let last = Promise.resolve(); // One after the other.
addEventListener("message", ({ data }) => {
  last = last.then(async () => {
    try {
      const found = await obey(data);
      const transfer = found instanceof ArrayBuffer ? [found] : [];
      postMessage({ id: data.id, found }, { transfer });
    } catch (error) {
      postMessage({ id: data.id, error: String(error).trimEnd().split("\n").at(-1) });
    }
  });
});
