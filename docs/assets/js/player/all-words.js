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
    return typeof value === "number" ? grouped(value) : (value ?? "");
  });
}

/**
 * A whole number with commas, as the server writes it. The browser's own way needs 15 ms to begin.
 * @param {number} value
 */
function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * @param {DOMStringMap} words
 * @param {string} name Of a text that has another for one, `nameOne`.
 * @param {number} count
 */
export function sayCount(words, name, count) {
  return say(words, count === 1 ? `${name}One` : name, { count });
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
    style: nameOf(recording.style, words),
    order: recording.orders[recording.order[act]] ?? "",
    who: [who?.label ?? service, who?.role].filter(Boolean).join(" "),
    reads:
      cause >= 0 && !isTimer ? record(index, cause) : say(words, isTimer ? "timer" : "outside"),
    writes: writes.join(", ") || say(words, "nothing"),
    state: recording.statuses[recording.status[act]] ?? "",
  };
}

/**
 * What the page calls a side: its style, unless two runs of one style stand there.
 * @param {string} style
 * @param {DOMStringMap} words
 */
function nameOf(style, words) {
  return words[style] ?? style;
}

/**
 * A record: name, kind and place.
 * @param {Index} index
 * @param {number} send
 */
function record({ recording }, send) {
  const unknown = { name: "?", kind: "event" };
  const { name, kind } = recording.messages[recording.message[send]] ?? unknown;
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

/**
 * How much of the recordings is here, and what is wrong.
 * @param {DOMStringMap} words
 * @param {readonly import("./types.js").Style[]} missing Styles that will not come any more.
 * @param {readonly Index[]} indexes
 * @param {string} order The one that is followed.
 */
export function sayState(words, missing, indexes, order) {
  const sum = (/** @type {(index: Index) => number} */ of) =>
    indexes.reduce((total, index) => total + of(index), 0);
  const [part, all] = [sum(({ seen }) => seen), sum(({ recording }) => recording.spanCount)];
  const damaged = sum(({ damagedCount }) => damagedCount);
  const isStrange = !indexes.some(({ recording }) => recording.orders.includes(order));
  const said = [
    indexes.length === 0 ? say(words, missing.length ? "none" : "loading") : "",
    missing[0] && !missing[1] ? say(words, "missing", { style: nameOf(missing[0], words) }) : "",
    part < all ? say(words, "part", { part, all }) : "",
    damaged > 0 ? say(words, "damaged", { count: damaged }) : "",
    indexes.length > 0 && isStrange ? say(words, "strange", { order }) : "",
  ];
  return said.filter(Boolean).join(" ");
}

/**
 * What both styles do in the row that was done last.
 * @param {DOMStringMap} words
 * @param {readonly Index[]} indexes
 * @param {number} position
 * @param {number} rows
 */
export function sayRow(words, indexes, position, rows) {
  const row = Math.ceil(position);
  const acts = indexes.flatMap((index) => {
    const act = index.actAt[row - 1] ?? -1;
    return act < 0 ? [] : [say(words, "act", { ...tell(index, act, words) })];
  });
  return [say(words, "at", { row, rows }), ...acts].join(". ");
}
