/** Brings what Python is made of, once a page, and says how far it is. */

/** @typedef {import("./boot.js").Info} Info */

/**
 * @typedef {object} Parts
 * @property {Info} info
 * @property {{ pyodide: string, asm: string }} urls Of its scripts.
 * @property {{ pyodide: string, asm: string, boot: string, worker: string }} scripts Their texts.
 * @property {ArrayBuffer} wasm Packed by gzip.
 * @property {ArrayBuffer} library
 */

/** @typedef {"wasm" | "unbuilt" | "fetch" | "boot" | "slow" | "judge"} Why */

/** Why there is no Python here; the words for it stand in the page. */
export class PlaygroundError extends Error {
  name = "PlaygroundError";

  /**
   * @param {Why} why
   * @param {unknown} [detail] For those who look closer.
   */
  constructor(why, detail = "") {
    super(`${why}: ${detail}`);
    this.why = why;
    this.detail = String(detail).slice(0, 500);
  }
}

const FOLDER = new URL("../../playground/", import.meta.url);
const FILES = /** @type {const} */ ([
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm.gz.bin",
  "python.zip",
]);
const BYTES_MAX = 32 * 1024 * 1024;

export const CAGE = new URL("cage.html", FOLDER).href;

/** @type {Promise<Parts> | null} */
let coming = null;
/** @type {Set<(bytes: number, total: number) => void>} */
const watching = new Set();

/**
 * @param {(bytes: number, total: number) => void} [onProgress]
 * @returns {Promise<Parts>}
 * @throws {PlaygroundError} They cannot be had; the next call tries again.
 */
export async function bring(onProgress) {
  if (onProgress) watching.add(onProgress);
  try {
    coming ??= fetched();
    return await coming;
  } catch (error) {
    coming = null;
    throw error;
  } finally {
    if (onProgress) watching.delete(onProgress);
  }
}

async function fetched() {
  if (typeof WebAssembly !== "object") throw new PlaygroundError("wasm");
  const manifest = await get(new URL("manifest.json", FOLDER), { cache: "no-cache" });
  /** @type {Info & { digest: string, bytes: Record<string, number> }} */
  const info = await manifest.json().catch((why) => fail("unbuilt", why));
  if (typeof info?.bytes !== "object") throw new PlaygroundError("unbuilt", "manifest.json");
  // What was cached for another build must not meet this one.
  const urls = FILES.map((file) => new URL(`${file}?${info.digest}`, FOLDER));
  const [pyodide, asm, wasm, library] = urls;
  if (!pyodide || !asm || !wasm || !library) throw new PlaygroundError("unbuilt");
  const progress = counter(FILES.reduce((sum, file) => sum + (info.bytes[file] ?? 0), 0));
  const held = Promise.all(urls.map((url) => bytesOf(url, progress)));
  const own = Promise.all(
    ["boot.js", "runner-worker.js"].map(async (file) => {
      const response = await get(new URL(file, import.meta.url));
      return response.text();
    }),
  );
  const [[one, two, three, four], [boot, worker]] = await Promise.all([held, own]);
  const texts = new TextDecoder();
  if (!one || !two || !three || !four || !boot || !worker) throw new PlaygroundError("unbuilt");
  return {
    info,
    urls: { pyodide: pyodide.href, asm: asm.href },
    scripts: { pyodide: texts.decode(one), asm: texts.decode(two), boot, worker },
    wasm: three.buffer,
    library: four.buffer,
  };
}

/** @param {number} total */
function counter(total) {
  let bytes = 0;
  return (/** @type {number} */ more) => {
    bytes += more;
    for (const tell of watching) tell(Math.min(bytes, total), total);
  };
}

/**
 * @param {Why} why
 * @param {unknown} detail
 * @returns {never}
 */
function fail(why, detail) {
  throw new PlaygroundError(why, detail);
}

/**
 * @param {URL} url
 * @param {RequestInit} [how]
 */
async function get(url, how) {
  const response = await fetch(url, how).catch((why) => fail("fetch", why));
  if (response.ok) return response;
  return fail(response.status === 404 ? "unbuilt" : "fetch", `${url.pathname} ${response.status}`);
}

/**
 * @param {URL} url
 * @param {(more: number) => void} progress
 */
async function bytesOf(url, progress) {
  const { body } = await get(url);
  const chunks = [];
  let count = 0;
  const reader = body?.getReader();
  for (;;) {
    const read = await reader?.read().catch((why) => fail("fetch", why));
    if (!read?.value) break;
    chunks.push(read.value);
    count += read.value.length;
    if (count > BYTES_MAX) return fail("fetch", `${url.pathname} is too large`);
    progress(read.value.length);
  }
  const whole = new Uint8Array(count);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
