import assert from "node:assert/strict";
import test from "node:test";

import { positionOf, pxOf } from "../../docs/assets/js/player/spacetime-places.js";

const EDGES = [100, 196, 320, 430];

test("a whole row stands at its end, and half a row half way down it", () => {
  assert.deepEqual([1, 2, 3].map((position) => pxOf(EDGES, position)), [196, 320, 430]);
  assert.equal(pxOf(EDGES, 0.5), 148);
  assert.equal(pxOf(EDGES, 2.5), 375);
});

test("at the start the playhead rests a little below the head of the table", () => {
  assert.equal(pxOf(EDGES, 0), 108);
  assert.ok(pxOf(EDGES, 0.2) > 108);
});

test("what stands at a place is the position that stands there", () => {
  for (const position of [0.5, 1, 1.25, 2, 2.9, 3]) {
    assert.ok(Math.abs(positionOf(EDGES, pxOf(EDGES, position)) - position) < 0.01);
  }
});

test("near the end of a row a drag means the whole row, and outside the table its ends", () => {
  assert.deepEqual([192, 200, 317, 428].map((px) => positionOf(EDGES, px)), [1, 1, 2, 3]);
  assert.deepEqual([-50, 94, 900].map((px) => positionOf(EDGES, px)), [0, 0, 3]);
});

test("a table that is not seen has no places, and nothing throws", () => {
  assert.equal(positionOf([], 50), 0);
  assert.ok(Number.isFinite(pxOf([], 2)));
});
