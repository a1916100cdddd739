/**
 * A recording, indexed by the rows of the layout of all orders. No DOM and no clock.
 *
 * An act stands on a row of its own, and rows rise with `seq`; see tracegen/grid.py. So what stands
 * on the visible rows is looked up, never searched for, however long the recording is. Indexes grow
 * as chunks arrive.
 */

/** @typedef {import("./recording.js").Recording} Recording */

/**
 * @typedef {object} Index
 * @property {Recording} recording
 * @property {number} seen Spans that are indexed.
 * @property {number} rowEnd First row that no act has reached yet.
 * @property {number} actCount
 * @property {number} damagedCount Acts that stand where none can stand.
 * @property {Int32Array} actAt `seq` of the act by row; -1 for none.
 * @property {Int32Array} firstChild By `seq`; -1 for none.
 * @property {Int32Array} nextChild By `seq`; -1 for none.
 * @property {Int32Array} lastChild By `seq`; -1 for none.
 * @property {Int32Array} nextOfOrder The next act of the same order, by `seq`; -1 for none.
 * @property {Int32Array} firstOfOrder The first act of an order; -1 for none.
 * @property {Int32Array} lastOfOrder
 * @property {Int32Array[]} waiting By topic and row: records that wait unread after that row.
 * @property {Int32Array[]} stuck Of those, the ones that nobody ever reads; known at the end.
 * @property {("event" | "command" | "reply")[]} kinds What travels on each topic.
 * @property {boolean[]} isRead Whether a group reads each topic.
 * @property {Down[]} downs
 * @property {{ process: number, send: number, timer: number, skip: number }} codes Operations.
 *
 * @typedef {object} Down No instance of a service is alive.
 * @property {number} service
 * @property {number} from Row before which it went down.
 * @property {number} to Row before which it was back; infinite if it never was.
 */

/** How many spans of a recording are taken in at once, so that no frame waits long. */
const SPANS_AT_ONCE = 2048;

/**
 * @param {Recording} recording
 * @param {number} [most] Spans to begin with.
 * @returns {Index}
 */
export function makeIndex(recording, most = Infinity) {
  const { spanCount, gridCount, topics, orders, groups, operations } = recording;
  const none = (/** @type {number} */ length) => new Int32Array(length).fill(-1);
  const counts = () => topics.map(() => new Int32Array(gridCount + 1));
  const index = {
    recording,
    seen: 0,
    rowEnd: 0,
    actCount: 0,
    damagedCount: 0,
    actAt: none(gridCount),
    firstChild: none(spanCount),
    nextChild: none(spanCount),
    lastChild: none(spanCount),
    nextOfOrder: none(spanCount),
    firstOfOrder: none(orders.length),
    lastOfOrder: none(orders.length),
    waiting: counts(),
    stuck: counts(),
    kinds: topics.map(() => /** @type {"event" | "command" | "reply"} */ ("event")),
    isRead: topics.map(({ name }) => groups.some((group) => group.topics.includes(name))),
    downs: [],
    codes: {
      process: operations.indexOf("process"),
      send: operations.indexOf("send"),
      timer: operations.indexOf("timer"),
      skip: operations.indexOf("skip"),
    },
  };
  grow(index, most);
  return index;
}

/**
 * Take in the spans that have arrived since.
 * @param {Index} index
 * @param {number} [most] Of them.
 * @returns {boolean} Whether there were any.
 */
export function grow(index, most = Infinity) {
  const { recording, seen, codes } = index;
  const end = Math.min(recording.loaded, seen + most);
  if (end <= seen) return false;
  let rowFrom = index.rowEnd; // An act's records may come a chunk after it.
  for (let seq = seen; seq < end; seq += 1) {
    const parent = recording.parent[seq];
    if (parent >= 0 && parent < seq) link(index, parent, seq);
    const operation = recording.operation[seq];
    if (operation === codes.process) place(index, seq);
    if (operation === codes.send) {
      const message = recording.messages[recording.message[seq]];
      if (message && recording.topic[seq] >= 0) index.kinds[recording.topic[seq]] = message.kind;
      const row = parent < 0 ? -1 : recording.grid[parent];
      if (row >= 0) rowFrom = Math.min(rowFrom, row);
    }
  }
  index.seen = end;
  count(index, index.waiting, rowFrom, false);
  if (index.seen === recording.spanCount) {
    count(index, index.stuck, 0, true);
    index.downs = downs(index);
  }
  return true;
}

/**
 * Take in what has arrived of both recordings, or some of it.
 * @param {Partial<Record<string, Index>>} indexes By style; what is new is put there.
 * @param {Partial<Record<string, Recording>>} recordings
 * @returns {boolean} Whether there was any; then there may be more.
 */
export function growAll(indexes, recordings) {
  let isNew = false;
  for (const [style, recording] of Object.entries(recordings)) {
    const index = indexes[style];
    if (!recording) continue;
    if (index?.recording === recording) isNew = grow(index, SPANS_AT_ONCE) || isNew;
    else {
      indexes[style] = makeIndex(recording, SPANS_AT_ONCE);
      isNew = true;
    }
  }
  return isNew;
}

/**
 * @param {Index} index
 * @param {number} parent
 * @param {number} child
 */
function link(index, parent, child) {
  const last = index.lastChild[parent];
  if (last < 0) index.firstChild[parent] = child;
  else index.nextChild[last] = child;
  index.lastChild[parent] = child;
}

/**
 * @param {Index} index
 * @param {number} seq
 */
function place(index, seq) {
  const row = index.recording.grid[seq];
  if (row < index.rowEnd || row >= index.actAt.length) {
    index.damagedCount += 1;
    return;
  }
  index.actAt[row] = seq;
  index.rowEnd = row + 1;
  index.actCount += 1;
  const order = index.recording.order[seq];
  if (order < 0 || order >= index.firstOfOrder.length) return;
  const last = index.lastOfOrder[order];
  if (last < 0) index.firstOfOrder[order] = seq;
  else index.nextOfOrder[last] = seq;
  index.lastOfOrder[order] = seq;
}

/**
 * Count, row by row, the records that wait on each topic.
 * @param {Index} index
 * @param {Int32Array[]} counts
 * @param {number} from Row from which on to count.
 * @param {boolean} forever Only those that nobody ever reads.
 */
function count(index, counts, from, forever) {
  const { recording, actAt } = index;
  const now = counts.map((rows) => (from > 0 ? rows[from - 1] : 0));
  const end = index.seen === recording.spanCount ? actAt.length : index.rowEnd;
  for (let row = from; row < end; row += 1) {
    const act = actAt[row];
    if (act >= 0) {
      const cause = recording.parent[act];
      const wasWaiting = cause >= 0 && firstRead(index, cause) === act;
      if (!forever && wasWaiting && now[recording.topic[cause]]) now[recording.topic[cause]] -= 1;
      for (let child = index.firstChild[act]; child >= 0; child = index.nextChild[child]) {
        if (!mayWait(index, child)) continue;
        if (!forever || firstRead(index, child) < 0) now[recording.topic[child]] += 1;
      }
    }
    counts.forEach((rows, topic) => (rows[row] = now[topic]));
  }
}

/**
 * Whether a span wrote a record that waits until an act reads it: not one that no group reads, nor
 * one that was read and put aside, nor one whose transaction came to nothing.
 * @param {Index} index
 * @param {number} seq
 */
function mayWait(index, seq) {
  const { recording, codes } = index;
  const { topic, partition, offset, operation, gaps } = recording;
  if (operation[seq] !== codes.send || !index.isRead[topic[seq]]) return false;
  const child = index.lastChild[seq];
  if (child >= 0 && operation[child] === codes.skip && firstRead(index, seq) < 0) return false;
  return !gaps.some(
    (gap) =>
      gap.first <= offset[seq] && offset[seq] <= gap.last &&
      gap.topic === topic[seq] && gap.partition === partition[seq],
  );
}

/**
 * The act that read a record first; -1 while nobody has.
 * @param {Index} index
 * @param {number} send
 */
export function firstRead(index, send) {
  const { recording, codes } = index;
  if (recording.operation[send] !== codes.send) return -1;
  let child = index.firstChild[send];
  while (child >= 0 && recording.operation[child] !== codes.process) child = index.nextChild[child];
  return child;
}

/**
 * When no instance of a service was alive.
 * @param {Index} index
 * @returns {Down[]}
 */
function downs({ recording, codes }) {
  const [started, crashed] = ["started", "crashed"].map((o) => recording.operations.indexOf(o));
  /** @type {Set<number>[]} */
  const alive = recording.services.map(() => new Set());
  /** @type {Down[]} */
  const found = [];
  let row = 0;
  for (let seq = 0; seq < recording.loaded; seq += 1) {
    const operation = recording.operation[seq];
    if (operation === codes.process) row = Math.max(row, recording.grid[seq] + 1);
    if (operation !== started && operation !== crashed) continue;
    const service = recording.service[seq];
    const instance = recording.instance[seq];
    const open = found.find((down) => down.service === service && down.to === Infinity);
    if (operation === started) {
      alive[service]?.add(instance);
      if (open) open.to = row;
    } else {
      alive[service]?.delete(instance);
      if (!alive[service]?.size && !open) found.push({ service, from: row, to: Infinity });
    }
  }
  return found;
}

/**
 * Where the run stood when the acts above a row were done: all that had happened before the next
 * act began, and what the last act sent.
 * @param {Index} index
 * @param {number} row
 * @returns {number} `seq` of the last span that has happened; -1 for none.
 */
export function untilOf(index, row) {
  const { actAt, recording, codes } = index;
  let next = row;
  while (next < index.rowEnd && actAt[next] < 0) next += 1;
  const before = next < index.rowEnd ? actAt[next] - 1 : index.seen - 1;
  let last = Math.min(row, index.rowEnd) - 1;
  while (last >= 0 && actAt[last] < 0) last -= 1;
  let until = before;
  let child = last < 0 ? -1 : index.firstChild[actAt[last]];
  for (; child >= 0; child = index.nextChild[child]) {
    if (recording.operation[child] === codes.send) until = Math.max(until, child);
  }
  return until;
}

/**
 * The causes of an act back to the trigger, and its effects onward: acts and records.
 * @param {Index} index
 * @param {number} seq
 * @returns {Set<number>}
 */
export function kin(index, seq) {
  const { recording, codes } = index;
  const found = new Set();
  for (let at = seq; at >= 0; at = recording.parent[at]) found.add(at);
  const open = [seq];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    found.add(at);
    for (let child = index.firstChild[at]; child >= 0; child = index.nextChild[child]) {
      const operation = recording.operation[child];
      if (operation === codes.process || operation === codes.send || operation === codes.timer) {
        open.push(child);
      }
    }
  }
  return found;
}
