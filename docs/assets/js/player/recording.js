/**
 * A recording as the player holds it: a few lists of names, and one column a field. What a column
 * holds is an index into a list of names, or a number; -1 where a span has none.
 *
 * Nobody vouches for a file. What is not exactly as it should be is refused with a RecordingError,
 * and nothing is kept of it. No DOM and no clock.
 *
 * @typedef {object} Recording
 * @property {string} name What its files begin with: `scenario.style`, or `run.style`.
 * @property {string} scenario
 * @property {import("./types.js").Style} style The side on which it is drawn: its own style, but
 *   where two runs of one style stand side by side.
 * @property {"kafka" | "memory"} runtime
 * @property {number} spanCount
 * @property {number} chunkCount
 * @property {number} loaded How many of the spans are here so far; they come in order.
 * @property {readonly string[]} operations
 * @property {readonly string[]} services
 * @property {readonly string[]} instances
 * @property {readonly { name: string, partitions: number }[]} topics
 * @property {readonly { service: string, topics: string[] }[]} groups What each service reads.
 * @property {readonly Participant[]} participants In the flow's order.
 * @property {readonly { name: string, kind: "event" | "command" | "reply" }[]} messages
 * @property {readonly string[]} orders
 * @property {readonly string[]} statuses
 * @property {readonly string[]} faults What was done on purpose.
 * @property {readonly string[]} reasons
 * @property {readonly { topic: number, partition: number, first: number, last: number }[]} gaps
 *   Offsets that hold no record that a group could read.
 * @property {number} gridCount Rows of the layout of all orders.
 * @property {readonly number[]} density Acts in each of equal stretches of the grid.
 * @property {Int32Array} parent
 * @property {Float64Array} time_us
 * @property {Uint8Array} operation
 * @property {Int16Array} service
 * @property {Int16Array} instance
 * @property {Int16Array} topic
 * @property {Int16Array} partition
 * @property {Int32Array} offset For `settle` and `assigned`, of the next one to read.
 * @property {Int16Array} message
 * @property {Int32Array} order
 * @property {Int16Array} status Of the order, by the state that a `process` span left.
 * @property {Int16Array} fault
 * @property {Int16Array} reason Why a record was not handled, or how far a crash let one come.
 * @property {Int32Array} grid Row in the layout of all orders, from 0; `process` spans alone.
 *
 * @typedef {object} Participant Who takes part.
 * @property {string} service
 * @property {string} label
 * @property {string} role
 * @property {boolean} keepsAll It keeps the state of the whole order.
 */

import { Fields, told, wrong } from "./fields.js";

export { RecordingError } from "./fields.js";

const FORMAT = "tracegen-columns";
const VERSION = 1;
export const SPANS_PER_CHUNK = 4096;
const SPANS_MAX = 2_000_000;
const NAMES_MAX = 32_767; // What an Int16Array can point to.
const PLACES_MAX = 10_000; // Partitions, and groups on partitions: each is looked up for a frame.
const OFFSET_MAX = 2 ** 31 - 1;

/**
 * Read a recording's head, with the first chunk of its spans.
 * @param {unknown} value What the file's JSON says.
 * @param {string} [source] The file, for messages.
 * @returns {Recording}
 */
export function decodeHead(value, source = "the recording") {
  const head = new Fields(value, source, "");
  if (head.of("format") !== FORMAT) {
    throw wrong(source, `format ${told(head.of("format"))}`, `a recording's is "${FORMAT}"`);
  }
  if (head.of("version") !== VERSION) {
    throw wrong(source, `version ${told(head.of("version"))}`, `this player reads ${VERSION}`);
  }
  const names = namesOf(head);
  const spanCount = head.whole("spanCount", 0, SPANS_MAX);
  const chunks = Math.max(1, Math.ceil(spanCount / SPANS_PER_CHUNK));
  const chunkCount = head.whole("chunkCount", chunks, chunks);
  const gridCount = head.whole("gridCount", 0, 2 * SPANS_MAX);
  const recording = {
    ...names,
    spanCount,
    chunkCount,
    loaded: 0,
    gridCount,
    density: head.list("density", 240, (each) => each.whole("", 0, SPANS_MAX), true),
    ...arrays(spanCount),
  };
  addChunk(recording, head.of("chunk"), source);
  return recording;
}

/** @param {Fields} head */
function namesOf(head) {
  const services = head.names("services", 1000);
  const topics = head.list("topics", NAMES_MAX, (topic) => ({
    name: topic.text("name"),
    partitions: topic.whole("partitions", 1, PLACES_MAX),
  }));
  head.distinct("topics", topics.map((topic) => topic.name));
  const count = new Map(topics.map((topic) => [topic.name, topic.partitions]));
  const groups = head.list("groups", services.length, (group) => ({
    service: group.choice("service", services),
    topics: group.names("topics", topics.length, [...count.keys()]),
  }));
  head.distinct("groups", groups.map((group) => group.service));
  head.atMost("topics", PLACES_MAX, sum(count.values()));
  const read = groups.flatMap((group) => group.topics.map((topic) => count.get(topic) ?? 0));
  head.atMost("groups", PLACES_MAX, sum(read));
  return {
    name: head.text("name"),
    scenario: head.text("scenario"),
    style: head.choice("style", /** @type {const} */ (["choreography", "orchestration"])),
    runtime: head.choice("runtime", /** @type {const} */ (["kafka", "memory"])),
    operations: head.names("operations", 100),
    services,
    instances: head.names("instances", NAMES_MAX),
    topics,
    groups,
    participants: head.list("participants", services.length, (each) => ({
      service: each.choice("service", services),
      label: each.text("label"),
      role: each.text("role"),
      keepsAll: each.choice("keepsAll", [false, true]),
    })),
    messages: head.list("messages", NAMES_MAX, (each) => ({
      name: each.text("name"),
      kind: each.choice("kind", /** @type {const} */ (["event", "command", "reply"])),
    })),
    orders: head.names("orders", SPANS_MAX),
    statuses: head.names("statuses", NAMES_MAX),
    faults: head.names("faults", NAMES_MAX),
    reasons: head.names("reasons", NAMES_MAX),
    gaps: head.list("gaps", SPANS_MAX, (gap) => {
      const topic = gap.whole("topic", 0, topics.length - 1);
      const first = gap.whole("first", 0, OFFSET_MAX - 1);
      return {
        topic,
        partition: gap.whole("partition", 0, (topics[topic]?.partitions ?? 1) - 1),
        first,
        last: gap.whole("last", first, OFFSET_MAX - 1),
      };
    }),
  };
}

/** @param {number} count */
function arrays(count) {
  return {
    parent: new Int32Array(count),
    time_us: new Float64Array(count),
    operation: new Uint8Array(count),
    service: new Int16Array(count),
    instance: new Int16Array(count),
    topic: new Int16Array(count),
    partition: new Int16Array(count),
    offset: new Int32Array(count),
    message: new Int16Array(count),
    order: new Int32Array(count),
    status: new Int16Array(count),
    fault: new Int16Array(count),
    reason: new Int16Array(count),
    grid: new Int32Array(count),
  };
}

/**
 * Take the next chunk of spans. They count once all of it has been found well.
 * @param {Recording} recording
 * @param {unknown} value What the file's JSON says.
 * @param {string} [source] The file, for messages.
 */
export function addChunk(recording, value, source = "the recording") {
  const chunk = new Fields(value, source, "chunk.");
  const start = recording.loaded;
  const count = Math.min(SPANS_PER_CHUNK, recording.spanCount - start);
  const { topics, topic, partition, operation } = recording;
  /** @type {(key: keyof ReturnType<typeof arrays>, min: number, max: number) => void} */
  const copy = (key, min, max) => recording[key].set(chunk.column(key, count, min, max), start);
  copy("operation", 0, recording.operations.length - 1);
  copy("service", 0, recording.services.length - 1);
  copy("instance", 0, recording.instances.length - 1);
  copy("topic", -1, topics.length - 1);
  copy("partition", -1, PLACES_MAX);
  copy("offset", -1, OFFSET_MAX);
  copy("message", -1, recording.messages.length - 1);
  copy("order", -1, recording.orders.length - 1);
  copy("status", -1, recording.statuses.length - 1);
  copy("fault", -1, recording.faults.length - 1);
  copy("reason", -1, recording.reasons.length - 1);
  const parents = chunk.column("parent", count, 0, start + count);
  const times = chunk.column("time_us", count, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const rows = chunk.column("grid", count, 0, recording.gridCount);
  const process = recording.operations.indexOf("process");
  let time_us = 0;
  let row = -1;
  for (let index = 0; index < count; index += 1) {
    const seq = start + index;
    const back = /** @type {number} */ (parents[index]);
    const more = /** @type {number} */ (rows[index]);
    time_us += /** @type {number} */ (times[index]);
    row += more;
    recording.parent[seq] = back ? seq - back : -1;
    recording.time_us[seq] = time_us;
    recording.grid[seq] = more ? row : -1;
    const places = topics[topic[seq] ?? -1]?.partitions ?? 0;
    if ((partition[seq] ?? 0) >= places) throw chunk.at("partition", index, "no such partition");
    if (back > seq) throw chunk.at("parent", index, "it stands before the first span");
    if (!(time_us >= 0 && time_us <= Number.MAX_SAFE_INTEGER)) {
      throw chunk.at("time_us", index, "it leads out of range");
    }
    if (row >= recording.gridCount) throw chunk.at("grid", index, "it leads past the last row");
    if ((operation[seq] === process) !== more > 0) {
      throw chunk.at("grid", index, "spans that process have rows, and no others");
    }
  }
  recording.loaded = start + count;
}

/** @param {Iterable<number>} numbers */
function sum(numbers) {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
