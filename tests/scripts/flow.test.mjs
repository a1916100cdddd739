// The flow view's pure part: what is there, where a marker stands, where a message is.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LEAVE, SEND, SLIDE, current, pointAt, reached, sending, standing, travelled, wayOf, whenOf,
} from "../../docs/assets/js/player/flow-moves.js";
import { COMMIT, READ, WRITE } from "../../docs/assets/js/player/story.js";

/** @param {number} row @param {number} fraction */
const at = (row, fraction) => ({ row, fraction });

test("what a row brings is not there before its part of the row, new in the row, and old after it", () => {
  assert.equal(whenOf(at(0, 1), 1, WRITE), "yet");
  assert.equal(whenOf(at(3, WRITE - 0.01), 3, WRITE), "yet");
  assert.equal(whenOf(at(3, WRITE), 3, WRITE), "now");
  assert.equal(whenOf(at(3, 1), 3, WRITE), "now");
  assert.equal(whenOf(at(4, 0.01), 3, WRITE), "");
});

test("a status is the newest until the next one is read, even in the row after", () => {
  assert.equal(whenOf(at(3, 0.2), 2, READ, 3, READ), "now");
  assert.equal(whenOf(at(3, READ), 2, READ, 3, READ), "");
  assert.equal(whenOf(at(9, 1), 2, READ, Infinity, READ), "now");
  assert.equal(whenOf(at(2, READ), 2, READ, 2, READ), "");
  assert.equal(reached(at(2, 0.1), 2, READ), false);
});

test("records of one row go one after the other, and the last arrives when the row has written", () => {
  assert.deepEqual(sending(0, 1), [SEND, WRITE]);
  const [first, second, third] = [0, 1, 2].map((index) => sending(index, 3));
  assert.equal(first[0], SEND);
  assert.equal(first[1], second[0]);
  assert.ok(Math.abs(second[1] - third[0]) < 1e-12);
  assert.equal(third[1], WRITE);
});

test("a message is on its way in its own part of its own row, and nowhere else", () => {
  for (const moment of [at(2, 0.2), at(3, 0), at(3, LEAVE - 0.001), at(3, READ), at(3, 1), at(4, 0.2)]) {
    assert.equal(travelled(moment, 3, [LEAVE, READ]), null);
  }
  assert.equal(travelled(at(3, LEAVE), 3, [LEAVE, READ]), 0);
  let last = -1;
  for (let fraction = LEAVE; fraction < READ; fraction += 0.01) {
    const share = travelled(at(3, fraction), 3, [LEAVE, READ]) ?? NaN;
    assert.ok(share > last && share < 1);
    last = share;
  }
});

const path = "M100 20L50 20Q40 20 40 30L40 80";

test("a copy of a record leaves from its cell, and a record ends in its cell", () => {
  const read = wayOf(path, 130, false);
  assert.deepEqual(pointAt(read, 0), [130, 20]);
  assert.deepEqual(pointAt(read, 1), [40, 80]);
  const write = wayOf("M0 10L50 10", 90, true);
  assert.deepEqual(pointAt(write, 0), [0, 10]);
  assert.deepEqual(pointAt(write, 0.5), [45, 10]);
  assert.deepEqual(pointAt(write, 1), [90, 10]);
});

test("on its way it keeps to the line, at an even pace, bends included", () => {
  const way = wayOf(path, 100, false);
  const total = way.lengths.at(-1) ?? 0;
  assert.ok(total > 50 + 14 + 50 && total < 50 + 20 + 50);
  let [x, y] = pointAt(way, 0);
  for (let index = 1; index <= 100; index += 1) {
    const [right, bottom] = pointAt(way, index / 100);
    assert.ok(Math.hypot(right - x, bottom - y) < total / 100 + 0.01);
    assert.ok(y === 20 || x === 40 || (x >= 40 && x <= 50 && y >= 20 && y <= 30), `${x} ${y}`);
    [x, y] = [right, bottom];
  }
});

const times = [
  { row: 0, next: 0, lag: 0, x: 10, width: 0, shift: -20, isDown: false },
  { row: 1, next: 0, lag: 1, x: 10, width: 40, shift: -20, isDown: false },
  { row: 3, next: 1, lag: 0, x: 50, width: 0, shift: 0, isDown: false },
];

test("lag grows as the record is written, and goes as the group commits", () => {
  assert.deepEqual(standing(times, at(0, 1)), { ...times[0], row: 0 });
  assert.equal(standing(times, at(1, WRITE - 0.01)).lag, 0);
  assert.equal(standing(times, at(1, WRITE)).lag, 1);
  assert.equal(standing(times, at(1, WRITE)).width, 40);
  assert.deepEqual(standing(times, at(2, 0.5)), { ...times[1], row: 2 });
  assert.equal(standing(times, at(3, COMMIT - 0.01)).lag, 1);
  assert.deepEqual(standing(times, at(3, COMMIT)), { ...times[2], row: 3 });
  assert.deepEqual(standing(times, at(6, 1)), { ...times[2], row: 6 });
});

test("the marker slides while the group commits, and its bar ends where the log ends", () => {
  assert.equal(standing(times, at(3, SLIDE)).x, 10);
  let last = 10;
  for (let fraction = SLIDE + 0.01; fraction < COMMIT; fraction += 0.01) {
    const { x, width, next } = standing(times, at(3, fraction));
    assert.ok(x > last && x < 50);
    assert.ok(Math.abs(x + width - 50) < 1e-9);
    assert.equal(next, 0);
    last = x;
  }
});

test("a service that goes down is down once the row has read", () => {
  const down = [times[0], { ...times[0], row: 2, isDown: true }];
  assert.equal(standing(down, at(2, READ - 0.01)).isDown, false);
  assert.equal(standing(down, at(2, READ)).isDown, true);
  assert.equal(current(down, at(0, 0), 0), times[0]);
});
