/**
 * What stood where at a cut of a recording. No DOM and no clock.
 *
 * Rule 1: a log is counted to the first record that is not in it yet, so that a group never seems
 * to have committed what was not there. Gaps count as passed once a record before them is there.
 * Rule 2: a service is down once an instance of it was killed and none is alive.
 *
 * Whatever changes at a span is kept as a list of changes, so that any cut is a binary search.
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
 * @property {number} lag
 * @property {boolean} isDown No instance of it is alive.
 *
 * @typedef {import("./recording.js").Recording} Recording
 */

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

/** One partition: its end, how far its groups are, and what came before its turn. */
class Place {
  ends = new Changes();
  /** @type {Map<number, Changes>} By service. */
  commits = new Map();
  /** @type {Map<number, number>} Last offset of a gap, by its first. */
  gaps = new Map();
  /** @type {Set<number>} */
  early = new Set();
  next = 0;

  /**
   * @param {number} seq
   * @param {number} offset
   */
  write(seq, offset) {
    this.early.add(offset);
    if (!this.next) this.next = this.pass(0);
    let end = this.ends.last;
    while (this.early.delete(this.next)) end = this.next = this.pass(this.next + 1);
    this.ends.put(seq, end);
  }

  /**
   * @param {number} seq
   * @param {number} service
   * @param {number} offset
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
}

/** What was found of a recording so far. */
class Tracks {
  built = 0;
  /** @type {Place[][]} By topic and partition. */
  places;
  /** @type {{ alive: Set<number>, down: Changes }[]} By service; 1 while it is down. */
  lives;
  /** @type {Map<string, number>} */
  orders;
  /** @type {Map<number, { built: number, acts: number[][] }>} Acts of an order, by service. */
  told = new Map();
  /** @type {{ until: number, order: string, loaded: number, frame: Frame } | null} */
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
    this.orders = new Map(recording.orders.map((name, index) => [name, index]));
  }
}

/** @type {WeakMap<Recording, Tracks>} */
const known = new WeakMap();

/**
 * @param {Recording} recording
 * @param {number} until `seq` of the last span that has happened; -1 for none.
 * @param {string} order The order whose state is asked for.
 * @returns {Frame} The same object again while nothing changes.
 */
export function frameAt(recording, until, order) {
  const tracks = extend(recording);
  const { last } = tracks;
  const { loaded } = recording;
  if (last?.until === until && last.order === order && last.loaded === loaded) return last.frame;
  const acts = actsOf(recording, tracks, tracks.orders.get(order) ?? -1);
  const downs = tracks.lives.map((life) => life.down.at(until) === 1);
  /** @type {Frame} */
  const frame = {
    participants: recording.participants.map(({ service, label, keepsAll }) => {
      const index = recording.services.indexOf(service);
      const seqs = acts[index] ?? [];
      const act = seqs[upTo(seqs, until) - 1];
      const heard = act === undefined ? "nothing" : keepsAll ? "all" : "part";
      const status = recording.statuses[recording.status[act ?? -1] ?? -1] ?? "";
      return { service, label, knows: downs[index] ? "down" : heard, status };
    }),
    logs: logsAt(recording, tracks, until, downs),
  };
  tracks.last = { until, order, loaded, frame };
  return frame;
}

/**
 * @param {Recording} recording
 * @param {Tracks} tracks
 * @param {number} until
 * @param {readonly boolean[]} downs
 * @returns {Log[]}
 */
function logsAt(recording, tracks, until, downs) {
  return recording.topics.flatMap(({ name }, topic) => {
    const groups = recording.groups.filter((group) => group.topics.includes(name));
    const readers = groups.map((group) => recording.services.indexOf(group.service));
    return (tracks.places[topic] ?? []).map((place, partition) => {
      const end = place.ends.at(until);
      return {
        topic: name,
        partition,
        end,
        readers: readers.map((service) => {
          const committed = place.commits.get(service)?.at(until) ?? 0;
          const lag = Math.max(0, end - committed);
          return {
            service: /** @type {string} */ (recording.services[service]),
            committed,
            lag,
            isDown: downs[service] ?? false,
          };
        }),
      };
    });
  });
}

/**
 * Take in what has come since the last time, so that no frame has to.
 * @param {Recording} recording
 */
export function extend(recording) {
  const tracks = known.get(recording) ?? new Tracks(recording);
  known.set(recording, tracks);
  const [send, settle, assigned, started, crashed] = [
    "send",
    "settle",
    "assigned",
    "started",
    "crashed",
  ].map((name) => recording.operations.indexOf(name));
  for (let seq = tracks.built; seq < recording.loaded; seq += 1) {
    const operation = recording.operation[seq];
    const service = /** @type {number} */ (recording.service[seq]);
    const instance = /** @type {number} */ (recording.instance[seq]);
    const offset = /** @type {number} */ (recording.offset[seq]);
    const place = tracks.places[recording.topic[seq] ?? -1]?.[recording.partition[seq] ?? -1];
    const life = tracks.lives[service];
    if (operation === send && offset >= 0) place?.write(seq, offset);
    if ((operation === settle || operation === assigned) && offset >= 0) {
      place?.commit(seq, service, offset);
    }
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
 * `seq` of what each service did for an order.
 * @param {Recording} recording
 * @param {Tracks} tracks
 * @param {number} order
 */
function actsOf(recording, tracks, order) {
  if (order < 0) return [];
  const process = recording.operations.indexOf("process");
  const kept = tracks.told.get(order);
  const told = kept ?? { built: 0, acts: recording.services.map(() => []) };
  for (let seq = told.built; seq < recording.loaded; seq += 1) {
    if (recording.order[seq] === order && recording.operation[seq] === process) {
      told.acts[/** @type {number} */ (recording.service[seq])]?.push(seq);
    }
  }
  told.built = recording.loaded;
  if (!kept && tracks.told.size > 99) tracks.told.clear(); // Orders come back; thousands do not.
  tracks.told.set(order, told);
  return told.acts;
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
