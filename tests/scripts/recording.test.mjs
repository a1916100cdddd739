// Goal: of a file that nobody vouches for, either a sound recording comes, or a RecordingError that
// says where, what, what would be right and what to do. Nothing else, and nothing of it is kept.
// Method: every recording is read whole; then heads and chunks with one thing wrong; then 5,000
// mutated ones, the same in each run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { frameAt } from "../../docs/assets/js/player/frame.js";
import {
  RecordingError,
  SPANS_PER_CHUNK,
  addChunk,
  decodeHead,
} from "../../docs/assets/js/player/recording.js";
import { chance, json, names, recording, stories } from "./data.mjs";

const SMALL = ["silent-service-1", "silent-service.orchestration.columns.json"];
const LARGE = ["large", "many-orders.orchestration.columns.json"];
const MUTANTS = 5000;

const folders = [...new Set(stories().map((story) => story.folder)), "large"];

/** What must be true of every recording that is let in. */
function isSound(found) {
  const { loaded, topics } = found;
  assert.ok(loaded <= found.spanCount);
  assert.equal(new Set(found.services).size, found.services.length);
  const upTo = { operation: "operations", service: "services", instance: "instances" };
  const orNone = {
    topic: "topics", message: "messages", order: "orders", status: "statuses",
    fault: "faults", reason: "reasons",
  };
  let row = -1;
  for (let seq = 0; seq < loaded; seq += 1) {
    for (const [column, list] of Object.entries(upTo)) {
      assert.ok(found[column][seq] >= 0 && found[column][seq] < found[list].length, column);
    }
    for (const [column, list] of Object.entries(orNone)) {
      assert.ok(found[column][seq] >= -1 && found[column][seq] < found[list].length, column);
    }
    assert.ok(found.parent[seq] >= -1 && found.parent[seq] < seq, "parent");
    assert.ok(Number.isSafeInteger(found.time_us[seq]) && found.time_us[seq] >= 0, "time");
    assert.ok(found.partition[seq] < (topics[found.topic[seq]]?.partitions ?? 0), "partition");
    assert.ok(found.offset[seq] >= -1, "offset");
    const isAct = found.operations[found.operation[seq]] === "process";
    assert.equal(found.grid[seq] >= 0, isAct, "grid");
    if (seq % SPANS_PER_CHUNK === 0) row = -1;
    if (isAct) assert.ok(found.grid[seq] > row && found.grid[seq] < found.gridCount, "grid");
    if (isAct) row = found.grid[seq];
  }
}

for (const folder of folders) {
  for (const file of names(folder)) {
    test(`${folder}/${file} comes in whole`, () => {
      const found = recording(folder, file);
      assert.equal(found.loaded, found.spanCount);
      isSound(found);
      const acts = found.grid.filter((row) => row >= 0).length;
      assert.equal(found.density.reduce((all, count) => all + count, 0), acts);
    });
  }
}

test("rows rise over the chunks of a large recording too", () => {
  const found = recording(...LARGE);
  assert.ok(found.chunkCount > 1);
  const rows = found.grid.filter((row) => row >= 0);
  rows.forEach((row, index) => assert.ok(index === 0 || row > rows[index - 1]));
});

/** Decode with one thing changed; what it complains of. */
function complaint(change, [folder, file] = SMALL) {
  const head = json(folder, file);
  change(head);
  try {
    decodeHead(head, "recordings/x.columns.json");
  } catch (error) {
    assert.ok(error instanceof RecordingError, String(error?.stack));
    return error.message;
  }
  return "";
}

const put = (path, value) => (head) => {
  const keys = path.split(".");
  const last = keys.pop();
  let place = head;
  for (const key of keys) place = place[key];
  if (value === undefined) delete place[last];
  else place[last] = value;
};

test("a complaint says where, what, what would be right and what to do", () => {
  assert.equal(
    complaint(put("version", 3)),
    "recordings/x.columns.json: version 3; this player reads 1. " +
      "Reload the page; if that does not help, build the site again.",
  );
});

for (const [path, value, says] of [
  ["format", "other", 'format "other"; a recording\'s is "tracegen-columns"'],
  ["format", undefined, "format missing;"],
  ["version", true, "version true; this player reads 1"],
  ["version", "1", 'version "1"; this player reads 1'],
  ["name", 7, "name is 7; a text"],
  ["style", "opera", 'style is "opera"; known: choreography, orchestration'],
  ["runtime", "", 'runtime is ""; known: kafka, memory'],
  ["scenario", "x".repeat(2000), `scenario is "${"x".repeat(39)}…"; a text`],
  ["spanCount", 2_000_001, "spanCount is 2000001; a whole number from 0 to 2000000"],
  ["spanCount", 1e300, "spanCount is 1e+300;"],
  ["spanCount", 1.5, "spanCount is 1.5;"],
  ["spanCount", 1e6, "chunkCount is 1; a whole number from 245 to 245"],
  ["spanCount", 5, "chunk.operation is a list of"],
  ["chunkCount", 2, "chunkCount is 2; a whole number from 1 to 1"],
  ["services", {}, "services is an object; a list"],
  ["services.0", "payment", "services is a list of 4; no two may be alike"],
  ["services.0", 7, "services[0] is 7; a text"],
  ["topics.0.partitions", 0, "topics[0].partitions is 0; a whole number from 1"],
  ["topics.0.partitions", 1e9, "topics[0].partitions is 1000000000;"],
  ["topics.0", null, "topics[0] is null; an object belongs here"],
  ["topics.1.name", "orders", "topics is a list of 4; no two may be alike"],
  ["groups.0.service", "nobody", 'groups[0].service is "nobody"; known: '],
  ["groups.0.topics.0", "nothing", 'groups[0].topics[0] is "nothing"; known: '],
  ["participants.0.keepsAll", "yes", 'participants[0].keepsAll is "yes"; known: false, true'],
  ["messages.0.kind", "song", 'messages[0].kind is "song"; known: event, command, reply'],
  ["density.0", -1, "density[0] is -1; a whole number"],
  ["gaps", [{ topic: 0, partition: 0, first: 3, last: 2 }], "gaps[0].last is 2; a whole number"],
  ["gridCount", 1, "chunk.grid["],
  ["chunk", undefined, "chunk is missing; an object belongs here"],
  ["chunk", [], "chunk is a list of 0; an object belongs here"],
  ["chunk.parent", undefined, "chunk.parent is missing; a list of"],
  ["chunk.parent.0", 1, "chunk.parent[0] is 1; it stands before the first span"],
  ["chunk.time_us.0", -1, "chunk.time_us[0] is -1; it leads out of range"],
  ["chunk.time_us.0", 2 ** 53, "chunk.time_us[0] is 9007199254740992; a whole number"],
  ["chunk.operation.0", 16, "chunk.operation[0] is 16; a whole number from 0 to 15"],
  ["chunk.operation.0", null, "chunk.operation[0] is null; a whole number"],
  ["chunk.operation.0", [1], "chunk.operation[0] is a list of 1; a whole number"],
  ["chunk.offset.0", 2 ** 31, "chunk.offset[0] is 2147483648; a whole number"],
  ["chunk.partition.0", 0, "chunk.partition[0] is 0; no such partition"],
  ["chunk.grid.0", 1, "chunk.grid[0] is 1; spans that process have rows, and no others"],
]) {
  test(`${path} as ${String(JSON.stringify(value)).slice(0, 40)} is refused, and it says so`, () => {
    const said = complaint(put(path, value));
    assert.ok(said.startsWith("recordings/x.columns.json: "), said);
    assert.ok(said.includes(says), said);
    assert.ok(said.endsWith("build the site again."), said);
    assert.ok(said.length < 400, said);
  });
}

test("what is no object is no recording", () => {
  for (const value of [undefined, null, 1, "text", [], true, NaN]) {
    assert.throws(() => decodeHead(value), {
      name: "RecordingError",
      message: /^the recording: its content is .+; an object belongs here\. Reload/,
    });
  }
});

test("so many partitions that a frame would take long are refused", () => {
  const head = put("topics.0.partitions", 9_999);
  assert.match(complaint(head), /topics is a list of 4; 10002 partitions in all, and 10000 go/);
});

test("names that mean something to JavaScript or to HTML are names like others", () => {
  for (const name of ["__proto__", "constructor", "toString", "<img src=x onerror=alert(1)>", ""]) {
    const head = json(...SMALL);
    const was = head.orders[0];
    head.orders[0] = name;
    head.instances[0] = name;
    const found = decodeHead(head);
    const plain = decodeHead(json(...SMALL));
    assert.equal(found.orders[0], name);
    assert.deepEqual(
      frameAt(found, found.spanCount, name),
      frameAt(plain, plain.spanCount, was),
    );
  }
  assert.equal({}.polluted, undefined);
});

test("a prototype from the file is never asked", () => {
  const head = JSON.parse('{"__proto__": {"format": "tracegen-columns", "version": 1}}');
  assert.throws(() => decodeHead(head), /format missing/);
});

test("a chunk that is cut off adds nothing", () => {
  const found = decodeHead(json(...LARGE));
  const chunk = json(LARGE[0], LARGE[1].replace(/json$/, "1.json"));
  const { loaded } = found;
  for (const column of Object.keys(chunk)) {
    const cut = { ...chunk, [column]: chunk[column].slice(0, -1) };
    assert.throws(() => addChunk(found, cut, "recordings/x.columns.1.json"), {
      name: "RecordingError",
      message: new RegExp(`^recordings/x.columns.1.json: chunk.${column} is a list of \\d+; `),
    });
    assert.equal(found.loaded, loaded);
  }
  addChunk(found, chunk);
  assert.equal(found.loaded, found.spanCount);
  isSound(found);
  assert.throws(() => addChunk(found, chunk), RecordingError);
});

/** Values that files have been known to hold. */
const STRANGE = [
  null, undefined, true, false, 0, -0, -1, -2, 1, 7, 0.5, NaN, Infinity, -Infinity, 1e300, 2 ** 31,
  2 ** 53, -(2 ** 53), 65536, "", "0", "__proto__", "constructor", "<script>alert(1)</script>",
  "x".repeat(5000), [], {}, [[]], [[[0]]], [0], { length: 3 }, ["__proto__"], { toString: null },
  { valueOf: null, toString: null }, JSON.parse('{"__proto__": [1]}'),
]; // prettier-ignore

/** Change something somewhere in a value. */
function mutate(value, random) {
  const places = [];
  const walk = (at) => {
    const keys = Object.keys(at);
    // Few of a long column's numbers: otherwise nothing else would ever be hit.
    const some = keys.length > 20 ? [0, 1, 2].map(() => keys[Math.floor(random() * keys.length)]) : keys;
    for (const key of some) {
      places.push([at, key]);
      if (typeof at[key] === "object" && at[key]) walk(at[key]);
    }
  };
  walk(value);
  const [at, key] = places[Math.floor(random() * places.length)];
  const kind = random();
  if (kind < 0.1) delete at[key];
  else if (kind < 0.2 && Array.isArray(at)) at.length = Math.floor(random() * at.length);
  else if (kind < 0.3 && Array.isArray(at)) at.push(at[key]);
  else if (kind < 0.5 && typeof at[key] === "number") at[key] += Math.round((random() - 0.5) * 9);
  else at[key] = structuredClone(STRANGE[Math.floor(random() * STRANGE.length)]);
}

test(`of ${MUTANTS} mutated files each is refused in words, or sound`, () => {
  const random = chance(2026);
  const texts = [SMALL, ["happy-path-1", "happy-path.choreography.columns.json"]].map((path) =>
    JSON.stringify(json(...path)),
  );
  let refused = 0;
  for (let n = 0; n < MUTANTS; n += 1) {
    const head = JSON.parse(texts[n % texts.length]);
    for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) mutate(head, random);
    let found;
    try {
      found = decodeHead(head);
    } catch (error) {
      assert.ok(error instanceof RecordingError, `${n}: ${error?.stack}`);
      assert.match(error.message, /^the recording: .+; .+\. Reload the page; /s);
      assert.ok(error.message.length < 500, `${n}: ${error.message.length} characters`);
      refused += 1;
      continue;
    }
    isSound(found);
    for (const order of [found.orders[0] ?? "", "nobody"]) {
      for (const until of [-1, 5, found.loaded]) {
        const { logs } = frameAt(found, until, order);
        for (const { end, readers } of logs) {
          assert.ok(end >= 0 && readers.every((reader) => reader.lag >= 0), `${n}`);
        }
      }
    }
  }
  assert.ok(refused > MUTANTS / 2 && refused < MUTANTS, `${refused} refused`);
});
