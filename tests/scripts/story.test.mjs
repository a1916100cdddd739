// A position means one thing: which row is under way, how far, and what each style has done.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as story from "../../docs/assets/js/player/story.js";
import { STYLES, recordings, stories } from "./data.mjs";

const told = stories().find((each) => each.folder === "happy-path-1");
const both = recordings(told);
const count = told.rows.length;

test("at 0 nothing has been done, and everybody is ready", () => {
  const moment = story.momentAt(told, 0, both);
  assert.deepEqual([moment.position, moment.row, moment.fraction], [0, 0, 1]);
  for (const style of STYLES) {
    const { until, acts } = moment.cuts[style];
    assert.deepEqual([until, acts], [told.start[style], []]);
  }
});

test("at the end of a row all of it has happened", () => {
  told.rows.forEach((row, index) => {
    const moment = story.momentAt(told, index + 1, both);
    assert.deepEqual([moment.row, moment.fraction], [row.number, 1]);
    for (const style of STYLES) {
      const side = row.sides[style];
      const cut = moment.cuts[style];
      assert.equal(cut.until, side.until);
      assert.equal(cut.stage, "committed");
      const done = told.rows.slice(0, index + 1).map((each) => each.sides[style].act);
      assert.deepEqual(cut.acts, done.filter((act) => act !== null));
    }
  });
});

test("positions outside are the nearest inside, and what is no number is the start", () => {
  for (const [position, meant] of [[-1, 0], [-Infinity, 0], [NaN, 0], [count + 3, count], [1e300, count]]) {
    assert.equal(story.momentAt(told, position).position, meant);
  }
  assert.equal(story.momentAt(told, Infinity).position, 0);
});

test("within a row what has happened grows, and never shrinks from row to row", () => {
  for (const each of stories()) {
    const files = recordings(each);
    const last = { choreography: -2, orchestration: -2 };
    for (let tenth = 0; tenth <= each.rows.length * 10; tenth += 1) {
      const moment = story.momentAt(each, tenth / 10, files);
      for (const style of STYLES) {
        const { until } = moment.cuts[style];
        assert.ok(until >= last[style], `${each.folder} ${style} at ${tenth / 10}`);
        last[style] = until;
      }
    }
  }
});

test("within a row an act is read, then writes, then is committed", () => {
  const row = told.rows.find((each) => each.sides.orchestration.title === "B takes payment");
  const stages = [0.1, story.READ, story.WRITE, story.COMMIT, 0.999].map((fraction) => {
    const cut = story.momentAt(told, row.number - 1 + fraction + 1e-9, both).cuts.orchestration;
    return [cut.acts.at(-1) === row.sides.orchestration.act, cut.stage];
  });
  assert.deepEqual(stages, [
    [false, "committed"],
    [true, "read"],
    [true, "written"],
    [true, "committed"],
    [true, "committed"],
  ]);
});

test("without a recording a row's writing has happened at its end, not before", () => {
  const row = told.rows.find((each) => each.sides.choreography.title === "B takes payment");
  const cut = (fraction) => story.momentAt(told, row.number - 1 + fraction).cuts.choreography;
  assert.equal(cut(0.7).stage, "read");
  assert.equal(cut(1).until, row.sides.choreography.until);
});

test("a step is found by its anchor, a row named by orchestration's where it has one", () => {
  for (const row of told.rows) {
    const anchor = story.anchorOf(told, row.number);
    assert.equal(anchor, row.sides.orchestration.anchor || row.sides.choreography.anchor);
    assert.equal(story.positionOf(told, anchor), row.number);
  }
  for (const unknown of ["", "nothing", "__proto__"]) {
    assert.equal(story.positionOf(told, unknown), null);
  }
  for (const number of [0, -1, 0.5, count + 1]) assert.equal(story.anchorOf(told, number), "");
});

test("a step goes to a whole row: half a row done is not there yet", () => {
  const from = [
    [0, 1, 1],
    [2, 1, 3],
    [2.5, 1, 3],
    [2.5, -1, 2],
    [3, -1, 2],
  ];
  for (const [position, rows, to] of from) assert.equal(story.stepped(position, rows), to);
});

test("a business step goes to where the next one ends, or the one before", () => {
  const names = [...new Set(told.rows.map((row) => row.step))];
  const ends = names.map((name) => told.rows.findLast((row) => row.step === name).number);
  let position = 0;
  for (const end of ends) {
    position = story.businessStepped(told, position, 1);
    assert.equal(position, end);
  }
  assert.equal(story.businessStepped(told, position, 1), count);
  for (const end of [...ends.slice(0, -1).reverse(), 0, 0]) {
    position = story.businessStepped(told, position, -1);
    assert.equal(position, end);
  }
  assert.equal(story.businessStepped(told, 0.4, -1), 0);
});
