// A frame says what the status tracker says, at every row of every scenario; and between rows what
// a count of the spans by hand says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { frameAt } from "../../docs/assets/js/player/frame.js";
import { momentAt } from "../../docs/assets/js/player/story.js";
import { STYLES, chance, names, recording, recordings, stories } from "./data.mjs";

for (const story of stories()) {
  test(`${story.folder}, ${story.order}: each row's end is as the tracker has it`, () => {
    const both = recordings(story);
    for (let row = 0; row <= story.rows.length; row += 1) {
      const moment = momentAt(story, row, both);
      for (const style of STYLES) {
        const frame = frameAt(both[style], moment.cuts[style], story.order);
        assert.deepEqual(frame, story.frames[style][row], `${style}, row ${row}`);
      }
    }
  });
}

test("the way does not matter: forth, back and across, a position has one frame", () => {
  const story = stories().find((each) => each.run === "silent-service");
  const [one, other] = [recordings(story), recordings(story)];
  const positions = Array.from({ length: story.rows.length * 10 + 1 }, (_, at) => at / 10);
  const frames = (both, order) =>
    new Map(
      order.map((position) => [
        position,
        STYLES.map((style) =>
          frameAt(both[style], momentAt(story, position, both).cuts[style], story.order),
        ),
      ]),
    );
  const forth = frames(one, positions);
  const random = chance(1);
  const across = frames(other, positions.map((at) => [random(), at]).sort().map(([, at]) => at));
  for (const position of positions) assert.deepEqual(across.get(position), forth.get(position));
});

test("within a row a message is read, then written, then committed", () => {
  const story = stories().find((each) => each.folder === "happy-path-1");
  const both = recordings(story);
  const row = story.rows.findIndex((each) => each.sides.choreography.title === "B takes payment");
  const at = (fraction) => {
    const cut = momentAt(story, row + fraction, both).cuts.choreography;
    const frame = frameAt(both.choreography, cut, story.order);
    const payment = frame.participants.find((each) => each.service === "payment");
    const [orders, payments] = frame.logs;
    return [payment.knows, payments.end, orders.readers[0].committed];
  };
  assert.deepEqual([0.1, 0.4, 0.7, 1].map(at), [
    ["nothing", 0, 0],
    ["part", 0, 0],
    ["part", 1, 0],
    ["part", 1, 1],
  ]);
});

test("as the position grows logs and commits only grow, and no group is ahead of its log", () => {
  for (const story of stories()) {
    const both = recordings(story);
    const last = new Map();
    for (let tenth = 0; tenth <= story.rows.length * 10; tenth += 1) {
      for (const style of STYLES) {
        const cut = momentAt(story, tenth / 10, both).cuts[style];
        for (const { topic, partition, end, readers } of frameAt(both[style], cut, "").logs) {
          const where = `${story.folder}, ${story.order}, ${style} at ${tenth / 10}: ${topic}`;
          for (const { service, committed, lag } of readers) {
            const { gaps, topics } = both[style];
            const holes = gaps.filter((gap) => topics[gap.topic].name === topic && gap.partition === partition);
            if (holes.length) assert.ok(committed + lag <= end, `${where}, ${service}`);
            else assert.equal(committed + lag, end, `${where}, ${service}`);
          }
          const now = [end, ...readers.map((reader) => reader.committed)];
          const before = last.get(`${style} ${topic} ${partition}`) ?? now.map(() => 0);
          now.forEach((value, index) => assert.ok(value >= before[index], where));
          last.set(`${style} ${topic} ${partition}`, now);
        }
      }
    }
  }
});

/** Count by hand, slowly. */
function counted(recording, until) {
  const is = (seq, name) => recording.operations[recording.operation[seq]] === name;
  const seqs = Array.from({ length: Math.min(until + 1, recording.loaded) }, (_, seq) => seq);
  return recording.topics.flatMap(({ name, partitions }, topic) =>
    Array.from({ length: partitions }, (_, partition) => {
      const here = seqs.filter(
        (seq) => recording.topic[seq] === topic && recording.partition[seq] === partition,
      );
      const written = new Set(
        here.filter((seq) => is(seq, "send")).map((seq) => recording.offset[seq]),
      );
      let end = 0;
      while (written.has(end)) end += 1;
      const readers = recording.groups
        .filter((group) => group.topics.includes(name))
        .map(({ service }) => {
          const index = recording.services.indexOf(service);
          const settled = here.filter(
            (seq) => is(seq, "settle") && recording.service[seq] === index,
          );
          return [service, Math.max(0, ...settled.map((seq) => recording.offset[seq]))];
        });
      return { topic: name, partition, end, readers };
    }),
  );
}

for (const folder of ["many-orders-1", "silent-service-2", "large"]) {
  for (const file of names(folder)) {
    test(`${folder}/${file}: at any cut logs and commits are what a count by hand gives`, () => {
      const found = recording(folder, file);
      const random = chance(7);
      const cuts = [-1, 0, found.spanCount - 1, found.spanCount, Infinity];
      for (let n = 0; n < 40; n += 1) cuts.push(Math.floor(random() * found.spanCount));
      for (const until of cuts) {
        const { logs } = frameAt(found, until, found.orders[0]);
        const plain = logs.map(({ topic, partition, end, readers }) => ({
          topic,
          partition,
          end,
          readers: readers.map(({ service, committed }) => [service, committed]),
        }));
        assert.deepEqual(plain, counted(found, until), `until ${until}`);
      }
    });
  }
}

test("of an order that nobody has heard of, nobody knows anything", () => {
  const [file] = names("happy-path-1");
  const found = recording("happy-path-1", file);
  for (const order of ["order-none", "__proto__", "constructor", ""]) {
    const { participants } = frameAt(found, found.spanCount, order);
    assert.deepEqual(new Set(participants.map((each) => each.knows)), new Set(["nothing"]));
    assert.deepEqual(new Set(participants.map((each) => each.status)), new Set([""]));
  }
});

test("while nothing changes a frame is the same object", () => {
  const [file] = names("happy-path-1");
  const found = recording("happy-path-1", file);
  assert.equal(frameAt(found, 9, "order-17"), frameAt(found, 9, "order-17"));
  assert.notEqual(frameAt(found, 9, "order-17"), frameAt(found, 10, "order-17"));
});
