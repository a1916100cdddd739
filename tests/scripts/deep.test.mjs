// What the decision aid says of the reasons that somebody ticked: lists, no score.

import assert from "node:assert/strict";
import { test } from "node:test";
import { names, tally } from "../../docs/assets/js/deep/tally.js";

const REASONS = [
  { name: "notice", style: "orchestration" },
  { name: "records", style: "choreography" },
  { name: "undo", style: "orchestration" },
];

test("nothing ticked says nothing", () => {
  assert.deepEqual(tally(REASONS, []), { verdict: "none", names: [] });
});

test("reasons of one style speak for it, and stand in the order of the table", () => {
  const said = tally(REASONS, ["undo", "notice"]);
  assert.deepEqual(said, { verdict: "orchestration", names: ["notice", "undo"] });
  assert.equal(tally(REASONS, ["records"]).verdict, "choreography");
});

test("one reason against two is a contradiction, and no defeat", () => {
  const said = tally(REASONS, ["undo", "notice", "records"]);
  assert.deepEqual(said, { verdict: "both", names: ["notice", "records", "undo"] });
});

test("what no reason is called counts for nothing, nor what is said twice", () => {
  assert.deepEqual(tally(REASONS, ["gone", "records", "records"]).names, ["records"]);
});

test("what a browser kept may be anything", () => {
  assert.deepEqual(names(["a", 1, null, "b"]), ["a", "b"]);
  for (const found of [null, undefined, "notice", 3, { notice: true }]) {
    assert.deepEqual(names(found), []);
  }
});
