/**
 * What stood where at a cut of a recording. No DOM and no clock.
 *
 * Rule 1: of the order that a story follows, what its acts did up to the cut has happened, and
 * nothing else, whatever the clocks say. Of other orders, and of what was read and led to nothing,
 * what stands in the recording up to there.
 * Rule 2: a log is counted to the first record that is not in it yet, and so is what a group has
 * committed. Gaps count as passed once a record before them is there.
 * Rule 3: a service is down once an instance of it was killed and none is alive.
 *
 * Whatever changes at a span is kept as a list of changes, so that any cut is a binary search, and
 * a few corrections for the order that is followed.
 *
 * @typedef {object} Frame
 * @property {readonly Participant[]} participants In the flow's order.
 * @property {readonly Log[]} logs By topic and partition.
 *
 * @typedef {object} Participant
 * @property {string} service
 * @property {string} label A, B, C or Orchestrator.
 * @property {"nothing" | "part" | "all" | "down"} knows Of the order.
 * @property {string} status Of the order, as it has it; empty if it has not heard of it.
 *
 * @typedef {object} Log
 * @property {string} topic
 * @property {number} partition
 * @property {number} end The offset that the next record would get.
 * @property {readonly Reader[]} readers
 *
 * @typedef {object} Reader A group on a partition.
 * @property {string} service
 * @property {number} committed The offset that it reads next.
 * @property {number} lag Records from there to the end.
 * @property {boolean} isDown No instance of it is alive.
 *
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {Pick<import("./types.js").Cut, "until" | "acts" | "all" | "idle" | "stage">} Cut
 */

import { codes, extend, placeOf, spansOf } from "./tracks.js";

/** @typedef {import("./tracks.js").Tracks} Tracks */
/** @typedef {import("./tracks.js").Place} Place */

/** @type {Cut} */
const NOTHING = { until: -1, acts: [], all: [], idle: -1, stage: "committed" };

/**
 * @param {Recording} recording
 * @param {Cut | number} cut A number: all up to the span of that `seq` has happened, of each order.
 * @param {string} order The order whose state is asked for.
 * @returns {Frame} The same object again while nothing changes.
 */
export function frameAt(recording, cut, order) {
  const tracks = extend(recording);
  const at = typeof cut === "number" ? { ...NOTHING, until: cut } : cut;
  const key = [at.until, at.idle, at.stage, recording.loaded, order, ...at.acts].join(" ");
  if (tracks.last?.key === key) return tracks.last.frame;
  const happened = judge(recording, at);
  const index = tracks.orders.get(order) ?? -1;
  const acts = lastActs(recording, spansOf(tracks, index), at, happened);
  const downs = tracks.lives.map((life) => life.down.at(at.until) === 1);
  /** @type {Frame} */
  const frame = {
    participants: recording.participants.map(({ service, label, keepsAll }) => {
      const place = recording.services.indexOf(service);
      const act = acts[place];
      const heard = act === undefined ? "nothing" : keepsAll ? "all" : "part";
      const status = recording.statuses[recording.status[act ?? -1] ?? -1] ?? "";
      return { service, label, knows: downs[place] ? "down" : heard, status };
    }),
    logs: logsAt(recording, tracks, at, happened, downs),
  };
  tracks.last = { key, frame };
  return frame;
}

/** @typedef {(seq: number) => boolean} Happened */

/**
 * The order that a cut follows; -1 for none.
 * @param {Recording} recording
 * @param {Cut} cut
 */
const followed = (recording, cut) => recording.order[cut.acts[0] ?? -1] ?? -1;

/**
 * Whether a span has happened by a cut.
 * @param {Recording} recording
 * @param {Cut} cut
 * @returns {Happened}
 */
export function judge(recording, cut) {
  const order = followed(recording, cut);
  const acts = new Set(cut.acts);
  const last = cut.stage === "committed" ? -1 : cut.acts.at(-1);
  const [process, skip, send, bury] = codes(recording, ["process", "skip", "send", "bury"]);
  /** @type {Happened} */
  const happened = (seq) => {
    if (order < 0 || recording.order[seq] !== order) return seq <= cut.until;
    const operation = recording.operation[seq];
    const isAct = operation === process || operation === skip;
    const act = isAct ? seq : (recording.parent[seq] ?? -1);
    if (!acts.has(act)) {
      const cause = recording.parent[act] ?? -1; // What led to nothing was written before.
      return !cut.all.includes(act) && seq <= cut.idle && (cause < 0 || happened(cause));
    }
    const isWritten = operation === send || operation === bury;
    return act !== last || act === seq || (isWritten && cut.stage === "written");
  };
  return happened;
}

/**
 * `seq` of the last thing that each service did for an order, of what has happened.
 * @param {Recording} recording
 * @param {readonly number[]} seqs What is about the order.
 * @param {Cut} cut
 * @param {Happened} happened
 */
function lastActs(recording, seqs, cut, happened) {
  const [process] = codes(recording, ["process"]);
  /** @type {number[]} */
  const acts = [];
  const own = recording.order[seqs[0] ?? -1] === followed(recording, cut);
  for (const seq of own ? cut.acts : seqs) {
    const done = happened(seq) && recording.operation[seq] === process;
    if (done) acts[/** @type {number} */ (recording.service[seq])] = seq;
  }
  return acts;
}

/**
 * @param {Recording} recording
 * @param {Tracks} tracks
 * @param {Cut} cut
 * @param {Happened} happened
 * @param {readonly boolean[]} downs
 * @returns {Log[]}
 */
function logsAt(recording, tracks, cut, happened, downs) {
  const amends = amendments(recording, tracks, cut, happened);
  return recording.topics.flatMap(({ name }, topic) => {
    const groups = recording.groups.filter((group) => group.topics.includes(name));
    return (tracks.places[topic] ?? []).map((place, partition) => {
      const amend = amends.get(place);
      const counted = Math.min(place.ends.at(cut.until), amend?.end ?? Infinity);
      const isThere = (/** @type {number} */ at) => {
        const seq = place.records.get(at);
        return seq !== undefined && happened(seq);
      };
      const end = amend ? place.reach(counted, isThere) : counted;
      const readers = groups.map(({ service }) => {
        const index = recording.services.indexOf(service);
        const read = amend?.reads.get(index);
        const plain = place.commits.get(index)?.at(cut.until) ?? 0;
        const from = Math.min(plain, read?.end ?? Infinity);
        const committed = read ? place.reach(from, (at) => read.settled.has(at)) : from;
        const lag = place.between(committed, end);
        return { service, committed, lag, isDown: downs[index] ?? false };
      });
      return { topic: name, partition, end, readers };
    });
  });
}

/**
 * What of the order that is followed counts though it stands behind the cut, and what does not
 * though it stands before it.
 * @typedef {object} Amendment
 * @property {number} end Records from here on do not count by the recording's order.
 * @property {Map<number, { end: number, settled: Set<number> }>} reads By service.
 *
 * @param {Recording} recording
 * @param {Tracks} tracks
 * @param {Cut} cut
 * @param {Happened} happened
 */
function amendments(recording, tracks, cut, happened) {
  const [send, bury, settle] = codes(recording, ["send", "bury", "settle"]);
  /** @type {Map<Place, Amendment>} */
  const found = new Map();
  for (const seq of spansOf(tracks, followed(recording, cut))) {
    const operation = recording.operation[seq];
    const place = placeOf(recording, tracks, seq);
    const isWrite = operation === send || operation === bury;
    if (!place || (!isWrite && operation !== settle)) continue;
    const amend = found.get(place) ?? { end: Infinity, reads: new Map() };
    found.set(place, amend);
    const about = isWrite ? seq : /** @type {number} */ (recording.parent[seq]);
    const offset = recording.offset[about] ?? -1;
    if (isWrite) {
      if (!happened(seq)) amend.end = Math.min(amend.end, place.before(offset));
      continue;
    }
    const service = /** @type {number} */ (recording.service[seq]);
    const read = amend.reads.get(service) ?? { end: Infinity, settled: new Set() };
    amend.reads.set(service, read);
    if (happened(seq)) read.settled.add(offset);
    else if (!read.settled.has(offset)) read.end = Math.min(read.end, place.before(offset));
  }
  return found;
}
