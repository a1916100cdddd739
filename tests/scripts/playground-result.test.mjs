// What came of a run is read as what a stranger sent: it may be anything, and harms nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checked, failed, placeOf } from "../../docs/assets/js/playground/result.js";

const SOUND = {
  trace: '{"seq":0}\n',
  flow: null,
  printed: "hello",
  printed_more: false,
  failure: null,
};
const FAILURE = {
  kind: "error",
  text: "ZeroDivisionError: division by zero",
  file: "services/payment.py",
  line: 7,
  trail: [{ file: "services/payment.py", line: 7, name: "handle", code: "1 / 0" }],
};
const BROKEN = { ...SOUND, trace: null, failure: FAILURE };
const NONE = { kind: "error", text: "", file: null, line: null, trail: [] };

test("what is as it should be comes through as it is", () => {
  assert.deepEqual(checked(JSON.stringify(SOUND)), SOUND);
  assert.deepEqual(checked(JSON.stringify(BROKEN)), BROKEN);
});

for (const text of ["", "null", "[]", "3", '"x"', "{", "{}", '{"trace":1}', '{"failure":[]}']) {
  test(`${text || "nothing"} is a run that failed, nobody knows why`, () => {
    assert.deepEqual(checked(text), { ...SOUND, trace: null, printed: "", failure: NONE });
  });
}

test("a kind that there is none of is an error, and no word of it is kept", () => {
  const kinds = ["<b>", "__proto__", "constructor", 3, null, "killed "];
  for (const kind of kinds) {
    const found = checked(JSON.stringify({ ...BROKEN, failure: { ...FAILURE, kind } }));
    assert.equal(found.failure.kind, "error");
  }
});

test("files that a reader does not see and lines that are none are left out", () => {
  const files = ["/lib/python314.zip/x.py", "services/../x.py", "services/X.py", "x", 3, {}, "<b>"];
  for (const file of files) {
    const step = { ...FAILURE.trail[0], file };
    const told = { ...FAILURE, file, trail: [step, FAILURE.trail[0]] };
    const found = checked(JSON.stringify({ ...BROKEN, failure: told })).failure;
    assert.deepEqual([found.file, found.trail], [null, FAILURE.trail]);
  }
  for (const line of [0, -1, 1.5, "7", null, 1e99]) {
    const found = checked(JSON.stringify({ ...BROKEN, failure: { ...FAILURE, line } })).failure;
    assert.equal(found.line, null);
  }
});

test("what is too long is cut, and the end of a trail is its telling part", () => {
  const steps = Array.from({ length: 50 }, (_, at) => ({ ...FAILURE.trail[0], line: at + 1 }));
  const told = { ...FAILURE, text: "x".repeat(1e6), trail: steps };
  const found = checked(JSON.stringify({ ...BROKEN, printed: "y".repeat(1e6), failure: told }));
  assert.ok(found.printed.length <= 70_000 && found.failure.text.length <= 2_100);
  assert.deepEqual(found.failure.trail.map(({ line }) => line), steps.slice(-20).map(({ line }) => line));
});

test("a name that means something to JavaScript is a name like any other", () => {
  const found = checked('{"__proto__":{"trace":"x","polluted":1},"trace":"y","constructor":1}');
  assert.deepEqual(Object.keys(found), Object.keys(SOUND));
  assert.deepEqual([found.trace, found.polluted, {}.polluted], ["y", undefined, undefined]);
});

test("where a run was is read from a line of text, and from no other text", () => {
  assert.deepEqual(placeOf("services/payment.py:12"), { file: "services/payment.py", line: 12 });
  assert.deepEqual(placeOf("flows.py:1"), { file: "flows.py", line: 1 });
  for (const text of ["", ":", "x.py:1", "flows.py", "flows.py:x", "flows.py:1e3", "a/flows.py:1"]) {
    assert.equal(placeOf(text), null, text);
  }
});

test("a run that the page ended says at which line it was", () => {
  const found = failed("killed", { file: "flows.py", line: 3 }, "so far");
  assert.deepEqual(found, {
    ...SOUND,
    trace: null,
    printed: "so far",
    failure: { ...NONE, kind: "killed", file: "flows.py", line: 3 },
  });
});
