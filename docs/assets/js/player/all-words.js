/** What is said of an act, in the page's words. No DOM. */

import { firstRead } from "./all-index.js";

/** @typedef {import("./all-index.js").Index} Index */

/**
 * @typedef {object} Told
 * @property {string} style
 * @property {string} order
 * @property {string} who
 * @property {string} reads
 * @property {string} writes
 * @property {string} state
 */

/**
 * A text of the page, with what stands in braces filled in.
 * @param {DOMStringMap} words
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function say(words, name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => {
    const value = values[key];
    return typeof value === "number" ? value.toLocaleString("en") : (value ?? "");
  });
}

/**
 * @param {Index} index
 * @param {number} act
 * @param {DOMStringMap} words
 * @returns {Told}
 */
export function tell(index, act, words) {
  const { recording, codes } = index;
  const service = recording.services[recording.service[act]];
  const who = recording.participants.find((each) => each.service === service);
  const cause = recording.parent[act];
  const isTimer = cause >= 0 && recording.operation[cause] === codes.timer;
  const writes = [];
  for (let child = index.firstChild[act]; child >= 0; child = index.nextChild[child]) {
    if (recording.operation[child] === codes.send) writes.push(record(index, child));
  }
  return {
    style: recording.style,
    order: recording.orders[recording.order[act]] ?? "",
    who: [who?.label ?? service, who?.role].filter(Boolean).join(" "),
    reads: cause >= 0 && !isTimer ? record(index, cause) : say(words, isTimer ? "timer" : "outside"),
    writes: writes.join(", ") || say(words, "nothing"),
    state: recording.statuses[recording.status[act]] ?? "",
  };
}

/**
 * A record: name, kind and place.
 * @param {Index} index
 * @param {number} send
 */
function record({ recording }, send) {
  const { name, kind } = recording.messages[recording.message[send]] ?? { name: "?", kind: "event" };
  const topic = recording.topics[recording.topic[send]]?.name;
  if (topic === undefined) return `${name} (${kind})`;
  const offset = recording.offset[send] < 0 ? "?" : recording.offset[send];
  return `${name} (${kind}) ${topic}[${recording.partition[send]}]@${offset}`;
}

/**
 * The act that a span belongs to: itself, who sent it, or who read it.
 * @param {Index} index
 * @param {number} seq
 */
export function actOfSpan(index, seq) {
  const { recording, codes } = index;
  if (recording.operation[seq] === codes.process) return seq;
  const parent = recording.parent[seq];
  return parent >= 0 ? parent : firstRead(index, seq);
}
