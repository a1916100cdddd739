// The view of all orders without a page: what is drawn is a function of recording, window and
// position, so a pen that counts stands in for the canvas.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nextStop, rowAt, stopsOf, storyAt } from "../../docs/assets/js/player/all-axis.js";
import { find } from "../../docs/assets/js/player/all-find.js";
import { firstRead, grow, kin, makeIndex, untilOf } from "../../docs/assets/js/player/all-index.js";
import { heightOf, makeLines, makeTest } from "../../docs/assets/js/player/all-lines.js";
import { actOf, anchorOfAct, anchorOfRecord } from "../../docs/assets/js/player/all-names.js";
import { makePanes } from "../../docs/assets/js/player/all-panes.js";
import { CanvasPen } from "../../docs/assets/js/player/all-pen.js";
import { draw, PALE, PLAIN, STRONG } from "../../docs/assets/js/player/all-scene.js";
import { ACTS_MAX, actsFrom } from "../../docs/assets/js/player/all-table.js";
import { tell } from "../../docs/assets/js/player/all-words.js";
import { json, recording, recordings, stories, STYLES } from "./data.mjs";

const FOLDERS = ["many-orders-1", "silent-service-1", "happy-path-1", "large"];
const EVERYTHING = { order: "order-1", others: "alike", which: "", unfinished: [] };

/** Both recordings of a folder, indexed. */
function indexesOf(folder) {
  const run = folder === "large" ? "many-orders" : folder.replace(/-\d+$/, "");
  return STYLES.map((style) => makeIndex(recording(folder, `${run}.${style}.columns.json`)));
}

/** Lines for a recording, evenly apart. */
function lanesOf({ recording }) {
  const names = [
    ...recording.participants.map(({ service, label, role }) => ["p", service, label, role]),
    ...recording.topics.map(({ name }) => ["t", name, name, ""]),
  ];
  const hung = ["middle", 10];
  const columns = names.map((name, at) => [...name, ((at + 1) * 100) / (names.length + 1), hung, hung]);
  return { columns, head_px: [60, 60], wide_px: 200, unfinished: [] };
}

/** A scene as tall as all of it, unless told otherwise, with the last row done. */
function sceneOf(indexes, choice = EVERYTHING, given = {}) {
  const rows = Math.max(...indexes.map(({ recording }) => recording.gridCount));
  const panes = makePanes(1200, indexes.map((index) => ({ index, lanes: lanesOf(index) })));
  for (const pane of panes) pane.order = pane.index.recording.orders.indexOf(choice.order);
  const lines = makeLines(rows, indexes, choice);
  const height = lines.tops[lines.count] + 60;
  const isPale = choice.others !== "alike";
  return { panes, lines, top: 0, width: 1200, height, headPx: 60, position: rows, isPale, ...given };
}

/** A pen that keeps what it is told. */
function keeper() {
  const told = [];
  const pen = new Proxy({}, { get: (_, name) => (...values) => void told.push([name, ...values]) });
  return { pen, of: (name) => told.filter(([what]) => what === name), told };
}

const actsOf = ({ recording, codes }) =>
  [...recording.operation.keys()].filter((seq) => recording.operation[seq] === codes.process);

for (const folder of FOLDERS) {
  test(`${folder}: every act is drawn exactly once when all is in sight`, () => {
    const indexes = indexesOf(folder);
    const { pen, of } = keeper();
    draw(pen, sceneOf(indexes));
    const drawn = of("bar").map((call) => call.at(-1)).sort((a, b) => a - b);
    assert.deepEqual(drawn, indexes.flatMap(actsOf).sort((a, b) => a - b));
  });

  test(`${folder}: every record is drawn once as sent, and every reading once`, () => {
    const indexes = indexesOf(folder);
    const { pen, of } = keeper();
    draw(pen, sceneOf(indexes));
    const sends = indexes.flatMap(({ recording, codes }) =>
      [...recording.operation.keys()].filter(
        (seq) => recording.operation[seq] === codes.send && recording.topic[seq] >= 0,
      ),
    );
    const reads = indexes.flatMap((index) =>
      actsOf(index).filter((seq) => index.recording.topic[seq] >= 0),
    );
    assert.equal(of("cell").length, sends.length);
    assert.deepEqual(of("cell").map((call) => call.at(-1)).sort(), sends.sort());
    assert.deepEqual(of("read").map((call) => call.at(-1)).sort(), reads.sort());
  });
}

test("nothing below the playhead is drawn, and half a row only as far as it is", () => {
  const indexes = indexesOf("many-orders-1");
  for (const position of [0, 0.2, 7, 20.31, 40.7, 55]) {
    const { pen, of } = keeper();
    draw(pen, sceneOf(indexes, EVERYTHING, { position }));
    const rows = indexes.flatMap(({ recording }, pane) =>
      of("bar").length ? actsOf(indexes[pane]).filter((seq) => recording.grid[seq] < position) : [],
    );
    assert.equal(of("bar").length, rows.length, `at ${position}`);
  }
  const [choreography] = indexes;
  const at = (position) => {
    const { pen, of } = keeper();
    draw(pen, sceneOf([choreography], EVERYTHING, { position }));
    return [of("bar").length, of("cell").length, of("state").length];
  };
  assert.deepEqual(at(0.1), [1, 0, 0]);
  assert.deepEqual(at(0.7), [1, 1, 0]);
  assert.deepEqual(at(1), [1, 1, 1]);
});

test("a frame visits what is in sight, however long the recording is", () => {
  const small = keeper();
  const large = keeper();
  const given = { height: 640 };
  draw(small.pen, sceneOf(indexesOf("many-orders-1"), EVERYTHING, { ...given, top: 800 }));
  draw(large.pen, sceneOf(indexesOf("large"), EVERYTHING, { ...given, top: 20_000 }));
  assert.ok(large.of("bar").length > 10);
  assert.ok(large.told.length < 2 * small.told.length, `${large.told.length} shapes`);
  assert.ok(large.told.length < 600, `${large.told.length} shapes`);
});

test("folded away, other orders leave a band each that counts their acts", () => {
  const indexes = indexesOf("many-orders-1");
  const choice = { ...EVERYTHING, others: "folded", order: "order-7" };
  const { pen, of } = keeper();
  draw(pen, sceneOf(indexes, choice));
  const strong = of("bar").filter((call) => call.at(-2) === STRONG);
  const own = indexes.reduce((sum, index) => sum + actsOf(index).filter(makeTest(index, choice)).length, 0);
  const all = indexes.reduce((sum, index) => sum + actsOf(index).length, 0);
  const folded = of("fold").reduce((sum, call) => sum + call.at(-1), 0);
  assert.ok(own > 0);
  assert.equal(strong.length, own);
  assert.equal(folded + of("bar").length, all, "no act is lost");
});

test("the order that is followed is strong and the others are pale, unless they are alike", () => {
  const indexes = indexesOf("many-orders-1");
  const levels = (choice) => {
    const { pen, of } = keeper();
    draw(pen, sceneOf(indexes, choice));
    return of("bar").map((call) => call.at(-2));
  };
  const pale = levels({ ...EVERYTHING, others: "pale", order: "order-3" });
  assert.equal(pale.filter((level) => level === STRONG).length, 9);
  assert.equal(pale.filter((level) => level === PALE).length, pale.length - 9);
  assert.deepEqual([...new Set(levels(EVERYTHING))], [PLAIN]);
});

test("what is lit is strong, and nothing else", () => {
  const indexes = indexesOf("many-orders-1");
  const scene = sceneOf(indexes);
  const act = indexes[0].actAt.findLast((seq) => seq >= 0);
  scene.panes[0].lit = kin(indexes[0], act);
  const { pen, of } = keeper();
  draw(pen, scene);
  const strong = of("bar").filter((call) => call.at(-2) === STRONG).map((call) => call.at(-1));
  const order = indexes[0].recording.order[act];
  assert.deepEqual(strong, actsOf(indexes[0]).filter((seq) => indexes[0].recording.order[seq] === order));
});

test("a choice of acts keeps those of the service or topic, and no others", () => {
  const [, index] = indexesOf("many-orders-1");
  const { recording } = index;
  const kept = (which) => actsOf(index).filter(makeTest(index, { ...EVERYTHING, which }));
  const name = (seq) => recording.services[recording.service[seq]];
  assert.deepEqual(kept("service payment"), actsOf(index).filter((seq) => name(seq) === "payment"));
  assert.deepEqual(new Set(kept("topic shipping.commands").map(name)), new Set(["orchestrator", "shipping"]));
  assert.deepEqual(kept("topic no.such"), []);
});

test("orders without an end are found where a recording names them", () => {
  const [index] = indexesOf("silent-service-1");
  const choice = { ...EVERYTHING, which: "unfinished", unfinished: ["order-18"] };
  const kept = actsOf(index).filter(makeTest(index, choice));
  assert.ok(kept.length > 0);
  assert.ok(kept.every((seq) => index.recording.orders[index.recording.order[seq]] === "order-18"));
});

test("what waits on a rail is what was sent and not yet read", () => {
  for (const index of indexesOf("large")) {
    const { recording, codes } = index;
    for (const row of [0, 10, 333, 700, recording.gridCount - 1]) {
      recording.topics.forEach((_, topic) => {
        const sent = [...recording.operation.keys()].filter(
          (seq) =>
            recording.operation[seq] === codes.send &&
            recording.topic[seq] === topic &&
            recording.grid[recording.parent[seq]] <= row,
        );
        const unread = sent.filter((seq) => {
          const read = firstRead(index, seq);
          return read < 0 || recording.grid[read] > row;
        });
        const expected = index.isRead[topic] ? unread.length : 0;
        assert.equal(index.waiting[topic][row], expected, `${topic} after row ${row}`);
      });
    }
  }
});

test("a record that a dead service never reads is stuck, and its rail says so", () => {
  const [index] = indexesOf("silent-service-1");
  const { pen, of } = keeper();
  draw(pen, sceneOf([index]));
  assert.ok(of("heap").some((call) => call.at(-1) === true));
  assert.equal(of("down").length, 1);
  const [healthy] = indexesOf("happy-path-1");
  const other = keeper();
  draw(other.pen, sceneOf([healthy]));
  assert.ok(other.of("heap").every((call) => call.at(-1) === false));
});

test("an index that grows by chunks is the one that is made at once", () => {
  const whole = recording("large", "many-orders.orchestration.columns.json");
  const expected = makeIndex(whole);
  const part = { ...whole, loaded: 100 };
  const index = makeIndex(part);
  for (let loaded = 100; loaded < whole.spanCount; loaded += 777) {
    part.loaded = loaded;
    grow(index);
  }
  part.loaded = whole.spanCount;
  assert.equal(grow(index), true);
  assert.equal(grow(index), false);
  const { recording: _, ...own } = index;
  const { recording: __, ...other } = expected;
  assert.deepEqual(own, other);
});

test("acts that stand where none can stand are left out and counted", () => {
  const whole = recording("many-orders-1", "many-orders.choreography.columns.json");
  const grid = whole.grid.slice();
  const [first, second] = [...grid.keys()].filter((seq) => grid[seq] >= 0);
  grid[second] = grid[first];
  const index = makeIndex({ ...whole, grid });
  assert.equal(index.damagedCount, 1);
  assert.doesNotThrow(() => draw(keeper().pen, sceneOf([index])));
});

test("a cut holds what is drawn, and no act that is not", () => {
  for (const index of indexesOf("many-orders-1")) {
    const { recording } = index;
    for (let row = 0; row <= recording.gridCount; row += 1) {
      const until = untilOf(index, row);
      const done = actsOf(index).filter((seq) => recording.grid[seq] < row);
      assert.ok(done.every((seq) => seq <= until), `row ${row}`);
    }
  }
});

test("anchors of acts and records are those of the server", () => {
  const expected = json("acts.json");
  for (const [folder, styles] of Object.entries(expected)) {
    for (const [style, acts] of Object.entries(styles)) {
      const run = folder.replace(/-\d+$/, "");
      const index = makeIndex(recording(folder, `${run}.${style}.columns.json`));
      const told = new Set(acts.map(({ seq }) => seq)); // Of the others nothing came.
      assert.deepEqual(actsOf(index).filter((seq) => told.has(seq)), [...told]);
      for (const act of acts) {
        assert.equal(anchorOfAct(index, act.seq), act.anchor);
        assert.equal(actOf(index, act.anchor), act.seq);
        const records = [];
        for (let child = index.firstChild[act.seq]; child >= 0; child = index.nextChild[child]) {
          const anchor = anchorOfRecord(index, child);
          if (index.recording.operation[child] === index.codes.send && anchor) records.push(anchor);
        }
        assert.deepEqual(records, act.records);
      }
      assert.equal(actOf(index, "no-such-act"), -1);
    }
  }
});

test("the table says of each act what the recording says", () => {
  const words = { outside: "outside", timer: "timer", nothing: "nothing" };
  for (const [folder, styles] of Object.entries(json("acts.json"))) {
    const run = folder.replace(/-\d+$/, "");
    for (const [style, acts] of Object.entries(styles)) {
      const index = makeIndex(recording(folder, `${run}.${style}.columns.json`));
      for (const act of acts) {
        const told = tell(index, act.seq, words);
        assert.equal(told.order, act.order);
        assert.equal(told.state, act.status);
        const isRecord = index.recording.topic[act.seq] >= 0;
        assert.ok(isRecord ? told.reads.startsWith(`${act.reads} (`) : /outside|timer/.test(told.reads));
        assert.equal(told.writes.replace(/ \([^,]*/g, ""), act.writes.join(", ") || "nothing");
      }
    }
  }
});

test("page after page, the table lists every act once", () => {
  const indexes = indexesOf("many-orders-1");
  for (const choice of [EVERYTHING, { ...EVERYTHING, which: "service payment" }]) {
    const { lines } = sceneOf(indexes, choice);
    const found = [];
    for (let from = 0; from < lines.shown[lines.count]; from += ACTS_MAX) {
      found.push(...actsFrom({ indexes, lines, choice, position: 0 }, from));
    }
    const wanted = indexes.flatMap((index) => actsOf(index).filter(makeTest(index, choice)));
    assert.deepEqual(found.map(({ act }) => act).sort(), wanted.sort());
    assert.deepEqual(found.map(({ row }) => row), found.map(({ row }) => row).sort((a, b) => a - b));
  }
});

test("the pointer finds each act and each record where it is drawn", () => {
  const scene = sceneOf(indexesOf("many-orders-1"));
  const { pen, of } = keeper();
  draw(pen, scene);
  for (const [, x, y, height, , seq] of of("bar").slice(0, 40)) {
    assert.equal(find(scene, x, y + height / 2 - 1)?.seq, seq);
  }
  for (const [, x, y, , , , , seq] of of("cell").slice(0, 40)) {
    assert.equal(find(scene, x, y)?.seq, seq);
  }
  assert.equal(find(scene, 5, 20), null, "the head");
});

test("story and rows of all orders lead to each other, and rise together", () => {
  for (const story of stories()) {
    const both = recordings(story);
    const indexes = Object.fromEntries(STYLES.map((style) => [style, makeIndex(both[style])]));
    const rows = story.rows.map((row) => ({ sides: row.sides }));
    if (!rows[0].sides) return;
    const stops = stopsOf({ rows }, indexes);
    stops.forEach((stop, at) => {
      assert.ok(at === 0 || stop >= stops[at - 1]);
      assert.equal(rowAt(stops, at + 1), stop);
      assert.ok(storyAt(stops, stop) >= at + 1);
    });
    assert.equal(storyAt(stops, 0), 0);
    assert.equal(rowAt(stops, 0), 0);
  }
});

test("the next act of an order is found onward and backward", () => {
  const indexes = indexesOf("many-orders-1");
  const ends = indexes
    .flatMap(({ recording }) => {
      const order = recording.orders.indexOf("order-5");
      return [...recording.grid.keys()]
        .filter((seq) => recording.grid[seq] >= 0 && recording.order[seq] === order)
        .map((seq) => recording.grid[seq] + 1);
    })
    .sort((a, b) => a - b);
  const rows = [...new Set(ends)];
  let at = 0;
  for (const row of rows) {
    at = nextStop(indexes, "order-5", at, 1, 9999);
    assert.equal(at, row);
  }
  assert.equal(nextStop(indexes, "order-5", at, 1, 9999), 9999);
  assert.equal(nextStop(indexes, "order-5", rows[1], -1, 9999), rows[0]);
  assert.equal(nextStop(indexes, "no-such", 5, -1, 9999), 0);
});

test("lines lie one below the other, and a position lies between its row's edges", () => {
  const indexes = indexesOf("many-orders-1");
  for (const others of ["alike", "folded"]) {
    const { lines } = sceneOf(indexes, { ...EVERYTHING, others });
    let last = -1;
    for (let position = 0; position <= lines.rowCount; position += 0.25) {
      const height = heightOf(lines, position);
      assert.ok(height >= last, `${others} at ${position}`);
      last = height;
    }
    assert.equal(last, lines.tops[lines.count]);
  }
});

test("a canvas gets every shape, whatever its kind, without a mistake", () => {
  const calls = new Map();
  const given = {
    measureText: (text) => ({ width: 6 * text.length }),
    getTransform: () => ({ a: 1 }),
  };
  const canvas = new Proxy(
    {},
    {
      get: (_, name) =>
        given[name] ?? ((...values) => {
          for (const value of values.flat()) {
            assert.ok(typeof value !== "number" || Number.isFinite(value), `${String(name)}: ${values}`);
          }
          calls.set(name, (calls.get(name) ?? 0) + 1);
        }),
      set: (_, name, value) => {
        assert.notEqual(value, undefined, String(name));
        return true;
      },
    },
  );
  const look = Object.fromEntries(
    "bg tint ink ink2 rail rule event command reply fault sans mono".split(" ").map((n) => [n, n]),
  );
  const sheet = () => ({ to: canvas, done: () => "image" });
  const pen = new CanvasPen(canvas, look, { fold: String, lag: String }, sheet);
  for (const folder of FOLDERS) {
    const indexes = indexesOf(folder);
    for (const others of ["alike", "pale", "folded"]) {
      pen.begin(1200, 640);
      draw(pen, sceneOf(indexes, { ...EVERYTHING, others }, { height: 640 }));
    }
  }
  assert.ok(calls.get("roundRect") > 100);
  assert.ok(calls.get("fillText") > 100);
});
