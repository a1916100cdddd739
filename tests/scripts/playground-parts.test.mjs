// What Python is made of comes from the site, once a page; what goes wrong has a reason with a name.
// `fetch` is played by this file.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

const INFO = { pyodide: "1", python: "3", abi_version: "a", arch: "w", platform: "p", digest: "d1" };
const FILES = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm.gz.bin", "python.zip"];
const SIZES = Object.fromEntries(FILES.map((file, at) => [file, 1000 * (at + 1)]));
const genuine = globalThis.fetch;
let number = 0;
let asked = [];
let bring, PlaygroundError;

/** Each test has a module of its own: what came once is kept for good. */
beforeEach(async () => {
  number += 1;
  asked = [];
  const module = await import(`../../docs/assets/js/playground/parts.js?${number}`);
  ({ bring, PlaygroundError } = module);
});
afterEach(() => {
  globalThis.fetch = genuine;
});

/** Answer as a site with its playground would, but for these. */
function serve(other = {}) {
  globalThis.fetch = async (url) => {
    const { pathname, search } = new URL(url);
    const file = pathname.split("/").at(-1);
    asked.push(file + search);
    const given = other[file];
    if (given instanceof Error) throw given;
    if (given) return given();
    if (file === "manifest.json") return Response.json({ ...INFO, bytes: { ...SIZES, "other.js": 9e9 } });
    return new Response("x".repeat(SIZES[file] ?? 10));
  };
}

test("all of it comes at once, under the build's digest, and is handed on whole", async () => {
  serve();
  const parts = await bring();
  assert.deepEqual([parts.wasm.byteLength, parts.library.byteLength], [3000, 4000]);
  assert.deepEqual(Object.values(parts.scripts).map((text) => text.length), [1000, 2000, 10, 10]);
  assert.match(parts.urls.asm, /assets\/playground\/pyodide\.asm\.mjs\?d1$/);
  assert.deepEqual(asked.filter((file) => file.endsWith("?d1")), FILES.map((file) => `${file}?d1`));
});

test("whoever asks again gets the same, and nothing is fetched twice", async () => {
  serve();
  const [one, two] = await Promise.all([bring(), bring()]);
  assert.equal(one, two);
  assert.equal(await bring(), one);
  assert.equal(asked.length, new Set(asked).size);
});

test("how far it is grows to all of it, for each who asked", async () => {
  serve();
  const [first, second] = [[], []];
  await Promise.all([
    bring((...told) => first.push(told)),
    bring((...told) => second.push(told)),
  ]);
  assert.deepEqual(first.at(-1), [10_000, 10_000]);
  assert.deepEqual(first, second);
  assert.ok(first.every(([bytes], at) => at === 0 || bytes >= first[at - 1][0]));
});

const not = (status) => () => new Response("", { status });
for (const [what, other, why] of [
  ["a build without Python", { "manifest.json": not(404) }, "unbuilt"],
  ["a page in place of the manifest", { "manifest.json": () => new Response("<!doctype") }, "unbuilt"],
  ["a manifest of something else", { "manifest.json": () => Response.json([]) }, "unbuilt"],
  ["no network", { "manifest.json": new TypeError("Failed to fetch") }, "fetch"],
  ["a network that goes", { "python.zip": new TypeError("Failed to fetch") }, "fetch"],
  ["a file that is missing", { "python.zip": not(404) }, "unbuilt"],
  ["a server that fails", { "pyodide.asm.mjs": not(500) }, "fetch"],
  ["our own script missing", { "runner-worker.js": not(404) }, "unbuilt"],
  ["a body that breaks off", {
    "python.zip": () => new Response(new ReadableStream({ pull: (to) => to.error(new Error("gone")) })),
  }, "fetch"],
]) {
  test(`${what} is told by name, and the next who asks tries again`, async () => {
    serve(other);
    await assert.rejects(bring(), (error) => error instanceof PlaygroundError && error.why === why);
    serve();
    assert.equal((await bring()).wasm.byteLength, 3000);
  });
}

test("a browser without WebAssembly is told apart from everything else", async () => {
  serve();
  const { WebAssembly } = globalThis;
  try {
    delete globalThis.WebAssembly;
    await assert.rejects(bring(), { why: "wasm" });
    assert.deepEqual(asked, []);
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
});
