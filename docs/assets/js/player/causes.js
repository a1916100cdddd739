/** What led to a span and what it led to, by the `parent` column. No DOM and no clock. */

/** @typedef {import("./recording.js").Recording} Recording */
/** @typedef {import("./types.js").Style} Style */

/**
 * The spans that led to one, nearest first, back to what came from outside.
 * @param {Recording} recording
 * @param {number} seq
 */
export function causes(recording, seq) {
  const found = [];
  for (let at = parentOf(recording, seq); at >= 0; at = parentOf(recording, at)) found.push(at);
  return found;
}

/**
 * The spans that one led to and that have happened, in order.
 * @param {Recording} recording
 * @param {number} seq
 * @param {(seq: number) => boolean} happened
 */
export function effects(recording, seq, happened) {
  const found = new Set([seq]);
  for (let at = seq + 1; at < recording.loaded; at += 1) {
    if (found.has(parentOf(recording, at)) && happened(at)) found.add(at);
  }
  found.delete(seq);
  return [...found];
}

/**
 * The names of the messages in a chain, each sending once. What began it was not sent, and a timer
 * is named where it brought something.
 * @param {Recording} recording
 * @param {number} seq The span whose chain it is.
 * @param {readonly number[]} chain
 */
export function names(recording, seq, chain) {
  const brought = new Set([seq, ...chain].map((each) => parentOf(recording, each)));
  return chain
    .filter((each) => {
      const operation = recording.operations[recording.operation[each] ?? -1];
      if (operation === "timer") return brought.has(each);
      return operation === "send" || (operation === "process" && parentOf(recording, each) < 0);
    })
    .map((each) => nameOf(recording, each));
}

/**
 * @param {Recording} recording
 * @param {number} seq
 */
export function nameOf(recording, seq) {
  return recording.messages[recording.message[seq] ?? -1]?.name ?? "";
}

/**
 * The sending of the record that a span sends or reads; the span itself where there is none.
 * @param {Recording} recording
 * @param {number} seq
 */
export function sendingOf(recording, seq) {
  const send = recording.operations.indexOf("send");
  const parent = parentOf(recording, seq);
  return recording.operation[seq] !== send && recording.operation[parent] === send ? parent : seq;
}

/**
 * The anchor of the record that a span wrote; as `record_anchor` of `tracegen.acts` makes it.
 * @param {Recording} recording
 * @param {number} seq
 */
export function recordOf(recording, seq) {
  const { order, message } = recording;
  const name = kindOf(recording, seq);
  let nth = 1; // Of those with the same name and order.
  for (let at = 0; at < seq; at += 1) {
    const isTwin = message[at] === message[seq] && order[at] === order[seq];
    if (isTwin && wroteOf(recording, at) === wroteOf(recording, seq)) nth += 1;
  }
  return nth > 1 ? `${name}-${nth}` : name;
}

/**
 * What the anchors of all records with the same name and order begin with.
 * @param {Recording} recording
 * @param {number} seq
 */
function kindOf(recording, seq) {
  const order = recording.orders[recording.order[seq] ?? -1] ?? "";
  const wrote = wroteOf(recording, seq) ?? "";
  return slug(`record ${recording.style} ${wrote} ${order} ${nameOf(recording, seq)}`);
}

/** What a span wrote where it did, as its anchor says it. @type {Record<string, string>} */
const WROTE = { send: "", bury: "dead letter", poison: "unreadable" };

/**
 * How a span wrote a record that Kafka acknowledged; undefined where it did not.
 * @param {Recording} recording
 * @param {number} seq
 */
function wroteOf({ operations, operation, offset }, seq) {
  return (offset[seq] ?? -1) < 0 ? undefined : WROTE[operations[operation[seq] ?? -1] ?? ""];
}

/**
 * Words as an anchor; as `tracegen.acts` makes one.
 * @param {string} words
 */
export function slug(words) {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/**
 * The span that wrote a record; -1 where none of those loaded did.
 * @param {Recording} recording
 * @param {string} anchor
 */
export function senderOf(recording, anchor) {
  const [, name = "", nth = "1"] = /^(.*?)(?:-(\d+))?$/.exec(anchor) ?? [];
  const { order, message, operation } = recording;
  /** By what makes its name: whether the anchor has it. @type {Map<string, boolean>} */
  const named = new Map();
  let left = Number(nth);
  for (let seq = 0; seq < recording.loaded; seq += 1) {
    if (wroteOf(recording, seq) === undefined) continue;
    const made = [order[seq], message[seq], operation[seq]].join();
    if (!named.has(made)) named.set(made, kindOf(recording, seq) === name);
    if (named.get(made)) left -= 1;
    if (!left) return seq;
  }
  return -1;
}

/**
 * @param {Recording} recording
 * @param {number} seq
 */
function parentOf(recording, seq) {
  return recording.parent[seq] ?? -1;
}
