// Motion is a function of time: it begins where it begins, ends where it ends, and never turns.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as playback from "../../docs/assets/js/player/playback.js";

const VIEWS = ["spacetime", "flow", "all"];

test("a glide begins at its start, ends at its end exactly, and goes one way", () => {
  for (const [from, to] of [[0, 1], [3, 2], [0.1, 0.3], [5, 5]]) {
    assert.equal(playback.glide(from, to, 0, playback.GLIDE_MS), from);
    assert.equal(playback.glide(from, to, playback.GLIDE_MS, playback.GLIDE_MS), to);
    assert.equal(playback.glide(from, to, 1e9, playback.GLIDE_MS), to);
    let last = from;
    for (let ms = 0; ms <= playback.GLIDE_MS; ms += 10) {
      const at = playback.glide(from, to, ms, playback.GLIDE_MS);
      assert.ok((at - last) * Math.sign(to - from) >= 0);
      last = at;
    }
  }
});

test("a glide that takes no time is at its end", () => {
  assert.equal(playback.glide(1, 2, 0, 0), 2);
});

test("playing goes forward, row by row, and rests at the end of each", () => {
  for (const view of VIEWS) {
    const seen = [];
    let last = 0;
    for (let ms = 0; ms < 20_000; ms += 20) {
      const at = playback.playedTo(0, ms, view, 1, false);
      assert.ok(at >= last);
      if (at === last && Number.isInteger(at)) seen.push(at);
      last = at;
    }
    assert.ok(view === "all" || seen.includes(1), view);
    assert.ok(last > 3);
  }
});

test("twice the speed is there in half the time", () => {
  for (const view of VIEWS) {
    for (const ms of [0, 100, 1234, 5000]) {
      assert.equal(playback.playedTo(1, ms, view, 2, false), playback.playedTo(1, ms * 2, view, 1, false));
    }
  }
});

test("playing from within a row goes on from there", () => {
  for (const view of VIEWS) {
    assert.ok(Math.abs(playback.playedTo(2.5, 0, view, 1, false) - 2.5) < 1e-9);
    assert.ok(playback.playedTo(2.5, 100, view, 1, false) > 2.5);
  }
});

test("without motion whole rows come at once, each as long as it takes to read", () => {
  const at = (ms) => playback.playedTo(1.4, ms, "spacetime", 1, true);
  assert.deepEqual(
    [0, playback.DISCRETE_MS - 1, playback.DISCRETE_MS, playback.DISCRETE_MS * 3].map(at),
    [1, 1, 2, 4],
  );
});
