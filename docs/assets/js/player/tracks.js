/**
 * What changes along a recording, found once, as it comes. No DOM and no clock.
 *
 * A log is counted to the first record that is not in it yet; gaps count as passed once a record
 * before them is there.
 */

/** @typedef {import("./recording.js").Recording} Recording */

const OPERATIONS = ["settle", "started", "crashed", "send", "bury", "poison"];

/** A number that changes at some spans. */
class Changes {
  /** @type {number[]} */
  #seqs = [];
  /** @type {number[]} */
  #values = [];

  /**
   * @param {number} seq Not before the last one.
   * @param {number} value
   */
  put(seq, value) {
    if (this.last === value) return;
    this.#seqs.push(seq);
    this.#values.push(value);
  }

  get last() {
    return this.#values.at(-1) ?? 0;
  }

  /** @param {number} until */
  at(until) {
    return this.#values[upTo(this.#seqs, until) - 1] ?? 0;
  }
}

/** One partition: its end, and how far its groups are. */
export class Place {
  ends = new Changes();
  /** @type {Map<number, Changes>} By service. */
  commits = new Map();
  /** @type {Map<number, number>} Last offset of a gap, by its first. */
  gaps = new Map();
  /** @type {Map<number, number>} `seq` of the record at an offset. */
  records = new Map();

  /**
   * @param {number} seq
   * @param {number} offset
   */
  write(seq, offset) {
    if (!this.records.has(offset)) this.records.set(offset, seq);
    this.ends.put(seq, this.reach(this.ends.last, (at) => this.records.has(at)));
  }

  /**
   * @param {number} seq
   * @param {number} service
   * @param {number} offset The next one to read.
   */
  commit(seq, service, offset) {
    const changes = this.commits.get(service) ?? new Changes();
    this.commits.set(service, changes);
    changes.put(seq, Math.max(changes.last, offset && this.pass(offset)));
  }

  /**
   * The first offset from here on that can hold a record.
   * @param {number} offset
   */
  pass(offset) {
    let at = offset;
    for (let last; (last = this.gaps.get(at)) !== undefined; ) at = last + 1;
    return at;
  }

  /**
   * The offset after all records from one on of which something is true; 0 for no record at all.
   * @param {number} from
   * @param {(offset: number) => boolean} holds
   */
  reach(from, holds) {
    let end = from;
    for (let at = end || this.pass(0); holds(at); end = at) at = this.pass(at + 1);
    return end;
  }

  /**
   * How many offsets from one up to another can hold a record.
   * @param {number} from
   * @param {number} to
   */
  between(from, to) {
    let count = Math.max(0, to - from);
    for (const [first, last] of this.gaps) {
      count -= Math.max(0, Math.min(last + 1, to) - Math.max(first, from));
    }
    return count;
  }

  /**
   * The offset up to which records count when the one at an offset does not.
   * @param {number} offset
   */
  before(offset) {
    return offset > this.pass(0) ? offset : 0;
  }
}

/** What was found of a recording so far. */
export class Tracks {
  built = 0;
  /** @type {Place[][]} By topic and partition. */
  places;
  /** @type {{ alive: Set<number>, down: Changes }[]} By service; 1 while it is down. */
  lives;
  /** @type {Map<string, number>} */
  orders;
  /** @type {Int32Array} `seq` of the last span about an order. */
  lastOf;
  /** @type {Int32Array} `seq` of the one before about the same order; -1 for none. */
  before;
  /** @type {Map<number, { loaded: number, seqs: number[] }>} What is about an order. */
  told = new Map();
  /** @type {{ key: string, frame: import("./frame.js").Frame } | null} */
  last = null;

  /** @param {Recording} recording */
  constructor(recording) {
    this.places = recording.topics.map(({ partitions }) =>
      Array.from({ length: partitions }, () => new Place()),
    );
    for (const gap of recording.gaps) {
      this.places[gap.topic]?.[gap.partition]?.gaps.set(gap.first, gap.last);
    }
    this.lives = recording.services.map(() => ({ alive: new Set(), down: new Changes() }));
    this.lastOf = new Int32Array(recording.orders.length).fill(-1);
    this.before = new Int32Array(recording.spanCount).fill(-1);
    this.orders = new Map(recording.orders.map((name, index) => [name, index]));
  }
}

/** @type {WeakMap<Recording, Tracks>} */
const known = new WeakMap();

/**
 * Take in what has come since the last time, so that no frame has to.
 * @param {Recording} recording
 */
export function extend(recording) {
  const tracks = known.get(recording) ?? new Tracks(recording);
  known.set(recording, tracks);
  const [settle, started, crashed, ...writes] = codes(recording, OPERATIONS);
  for (let seq = tracks.built; seq < recording.loaded; seq += 1) {
    const operation = recording.operation[seq];
    const service = /** @type {number} */ (recording.service[seq]);
    const instance = /** @type {number} */ (recording.instance[seq]);
    const offset = /** @type {number} */ (recording.offset[seq]);
    const order = /** @type {number} */ (recording.order[seq]);
    const life = tracks.lives[service];
    if (order >= 0) {
      tracks.before[seq] = tracks.lastOf[order] ?? -1;
      tracks.lastOf[order] = seq;
    }
    const isWrite = offset >= 0 && writes.includes(operation ?? -1);
    if (isWrite) placeOf(recording, tracks, seq)?.write(seq, offset);
    if (operation === settle) placeOf(recording, tracks, seq)?.commit(seq, service, offset);
    if (operation === started) life?.alive.add(instance);
    if (operation === crashed) life?.alive.delete(instance);
    if (operation === started || operation === crashed) {
      life?.down.put(seq, life.alive.size ? 0 : 1);
    }
  }
  tracks.built = recording.loaded;
  return tracks;
}

/**
 * What is about an order, as it comes in the recording.
 * @param {Tracks} tracks
 * @param {number} order
 */
export function spansOf(tracks, order) {
  const kept = tracks.told.get(order);
  if (kept?.loaded === tracks.built) return kept.seqs;
  const seqs = [];
  for (let seq = tracks.lastOf[order] ?? -1; seq >= 0; seq = tracks.before[seq] ?? -1) {
    seqs.push(seq);
  }
  seqs.reverse();
  if (tracks.told.size > 99) tracks.told.clear(); // Orders come back; thousands do not.
  tracks.told.set(order, { loaded: tracks.built, seqs });
  return seqs;
}

/**
 * @param {Recording} recording
 * @param {Tracks} tracks
 * @param {number} seq
 */
export function placeOf(recording, tracks, seq) {
  return tracks.places[recording.topic[seq] ?? -1]?.[recording.partition[seq] ?? -1];
}

/**
 * The numbers that stand for operations; -1 for one that the recording does not name.
 * @param {Recording} recording
 * @param {readonly string[]} names
 */
export function codes(recording, names) {
  return names.map((name) => recording.operations.indexOf(name));
}

/**
 * How many of some rising numbers are at most so great.
 * @param {readonly number[]} seqs
 * @param {number} until
 */
function upTo(seqs, until) {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (seqs[middle]) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}
