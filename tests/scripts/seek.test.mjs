// A seek looks at what is about it, not at the recording: reads are counted, for seconds say little.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeIndex, untilOf } from "../../docs/assets/js/player/all-index.js";
import { heightOf, lineAt, makeLines } from "../../docs/assets/js/player/all-lines.js";
import { frameAt } from "../../docs/assets/js/player/frame.js";
import { extend } from "../../docs/assets/js/player/tracks.js";
import { chance, recording, STYLES } from "./data.mjs";

const EVERYTHING = { order: "order-1", others: "alike", which: "", unfinished: [] };
const READS_MAX = 1000; // An order has some 60 spans, of which each is looked at a few times.

/** The same, with every list of numbers in a guise that counts who looks into it. */
function counted(given, count) {
  const guise = (list) =>
    new Proxy(list, {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) count.reads += 1;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
      set: (target, name, value) => Reflect.set(target, name, value),
    });
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? guise(value) : value,
    ]),
  );
}

for (const style of STYLES) {
  test(`${style}: a seek looks at few spans, however many there are`, () => {
    const most = {};
    for (const folder of ["many-orders-1", "large"]) {
      const count = { reads: 0 };
      const held = counted(recording(folder, `many-orders.${style}.columns.json`), count);
      extend(held);
      const index = counted(makeIndex(held), count);
      const lines = counted(makeLines(held.gridCount, [index], EVERYTHING), count);
      const random = chance(7);
      most[folder] = 0;
      for (let seek = 0; seek < 200; seek += 1) {
        count.reads = 0;
        const position = random() * held.gridCount;
        lineAt(lines, heightOf(lines, position));
        frameAt(held, untilOf(index, Math.ceil(position)), "order-1");
        most[folder] = Math.max(most[folder], count.reads);
      }
    }
    assert.ok(most.large > 10);
    assert.ok(most.large <= READS_MAX, `${most.large} reads`);
    assert.ok(most.large <= 2 * most["many-orders-1"] + 50, JSON.stringify(most));
  });
}
