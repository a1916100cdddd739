// A recording comes from the site, chunk by chunk; what goes wrong on the way is said in words.
// `fetch` is played by this file.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { given, load } from "../../docs/assets/js/player/load.js";
import { json } from "./data.mjs";

const LARGE = "many-orders.orchestration";
const HEAD = `${LARGE}.columns.json`;
const genuine = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = genuine;
  given.clear();
});

/** Answer as a site with these files would; a function answers itself. */
function serve(files = {}) {
  const asked = [];
  globalThis.fetch = async (url, { signal }) => {
    signal.throwIfAborted();
    const file = decodeURIComponent(new URL(url).pathname.split("/").at(-1));
    asked.push(new URL(url).pathname.split("/").slice(-2).join("/"));
    const held = file in files ? files[file] : JSON.stringify(json("large", file));
    const given = typeof held === "function" ? held() : held;
    if (given instanceof Error) throw given;
    return given instanceof Response ? given : new Response(given);
  };
  return asked;
}

const never = () => new AbortController().signal;

/** Wait until a load is over, and list what it told on the way. */
function loaded(name) {
  const told = [];
  return new Promise((resolve, reject) => {
    let found;
    const on = (problem) => {
      told.push(problem?.message ?? found.loaded);
      if (problem || found.loaded === found.spanCount) resolve({ found, told });
    };
    load(name, never(), on).then((recording) => {
      found = recording;
      told.push(recording.loaded);
    }, reject);
  });
}

test("it is there with the first chunk, and grows by a chunk at a time", async () => {
  const asked = serve();
  const { found, told } = await loaded(LARGE);
  assert.deepEqual(told, [4096, found.spanCount]);
  assert.deepEqual(asked, [`recordings/${HEAD}`, `recordings/${LARGE}.columns.1.json`]);
});

test("a small one takes one request", async () => {
  const asked = serve();
  const found = await load("many-orders.choreography", never());
  assert.equal(found.loaded, found.spanCount);
  assert.equal(asked.length, 1);
});

for (const [what, given, says] of [
  ["is missing", new Response("", { status: 404 }), "the site answers 404; it should have the file."],
  ["is out of reach", new TypeError("fetch failed"), "it could not be fetched; the site must be within reach."],
  ["is no JSON", "<!doctype html>", "it is not JSON, or cut off; a recording's columns belong here."],
  ["is cut off", '{"format":"tracegen-columns","ver', "it is not JSON, or cut off;"],
  ["is empty", "", "it is not JSON, or cut off;"],
  ["is another thing", "[]", "its content is a list of 0; an object belongs here."],
  ["is too large", new Response("{}", { headers: { "content-length": "99999999" } }), "over 64 MB;"],
]) {
  test(`a file that ${what} is complained of in words`, async () => {
    serve({ [HEAD]: given });
    await assert.rejects(load(LARGE, never()), (error) => {
      assert.equal(error.name, "RecordingError");
      assert.ok(error.message.startsWith(`recordings/${HEAD}: ${says}`), error.message);
      assert.ok(error.message.endsWith("build the site again."));
      return true;
    });
  });
}

test("a file that holds another recording is not taken for this one", async () => {
  serve({ "x.y.columns.json": JSON.stringify(json("large", HEAD)) });
  await assert.rejects(load("x.y", never()), /it holds many-orders.orchestration; /);
});

test("what fails in a later chunk is told, and what is here stays good", async () => {
  const piece = `${LARGE}.columns.1.json`;
  for (const given of ["{}", "", new Response("", { status: 500 }), new TypeError("gone")]) {
    serve({ [piece]: given });
    const { found, told } = await loaded(LARGE);
    assert.equal(found.loaded, 4096);
    assert.match(told[1], new RegExp(`^recordings/${piece}: .+; .+ Reload the page; `));
  }
});

test("who leaves while a chunk comes is told nothing, and gets no more", async () => {
  const leaving = new AbortController();
  const piece = `${LARGE}.columns.1.json`;
  const text = JSON.stringify(json("large", piece));
  serve({
    [piece]: () => {
      leaving.abort();
      return text;
    },
  });
  const told = [];
  const left = await load(LARGE, leaving.signal, (problem) => told.push(problem));
  await loaded(LARGE); // All that the first one still does is done before this one is there.
  assert.deepEqual([told, left.loaded, leaving.signal.aborted], [[], 4096, true]);
  await assert.rejects(load(LARGE, leaving.signal), { name: "AbortError" });
});

test("what was handed over is not asked of the site, and is checked like everything else", async () => {
  const asked = serve();
  const head = { ...json("large", HEAD), name: "mine.orchestration", scenario: "happy-path" };
  given.set("mine.orchestration.columns.json", JSON.stringify(head));
  given.set("mine.orchestration.columns.1.json", JSON.stringify(json("large", `${LARGE}.columns.1.json`)));
  const { found } = await loaded("mine.orchestration");
  assert.deepEqual([found.loaded, found.scenario, asked], [found.spanCount, "happy-path", []]);
  given.set("mine.orchestration.columns.json", JSON.stringify(json("large", HEAD)));
  await assert.rejects(load("mine.orchestration", never()), /it holds many-orders.orchestration; /);
});

test("a name cannot lead out of the folder", async () => {
  const asked = serve({ "../../x.y.columns.json": "{}" });
  await assert.rejects(load("../../x.y", never()), { name: "RecordingError" });
  assert.deepEqual(asked, ["recordings/..%2F..%2Fx.y.columns.json"]);
});
