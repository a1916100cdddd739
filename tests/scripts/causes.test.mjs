// What led to a span and what came of it; and where the card of a record stands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { placed, shared } from "../../docs/assets/js/player/card-place.js";
import * as causes from "../../docs/assets/js/player/causes.js";
import { judge } from "../../docs/assets/js/player/frame.js";
import { momentAt } from "../../docs/assets/js/player/story.js";
import { STYLES, chance, recordings, stories } from "./data.mjs";

const all = stories().map((told) => ({ told, both: recordings(told) }));

test("causes are the parents, one after the other, back to what nobody here sent", () => {
  for (const { both } of all) {
    for (const style of STYLES) {
      const { parent, spanCount } = both[style];
      for (let seq = 0; seq < Math.min(spanCount, 300); seq += 1) {
        const chain = [seq, ...causes.causes(both[style], seq)];
        chain.forEach((each, index) => assert.equal(parent[each], chain[index + 1] ?? -1));
      }
    }
  }
});

test("an effect is what has a cause among its causes, and has happened", () => {
  for (const { both } of all) {
    for (const style of STYLES) {
      const recording = both[style];
      const until = Math.min(recording.spanCount - 1, 200);
      const happened = (seq) => seq <= until;
      for (let seq = 0; seq <= until; seq += 7) {
        const found = new Set(causes.effects(recording, seq, happened));
        for (let at = 0; at < recording.spanCount; at += 1) {
          const isEffect = at <= until && causes.causes(recording, at).includes(seq);
          assert.equal(found.has(at), isEffect, `${recording.name} ${seq} ${at}`);
        }
      }
    }
  }
});

test("what has not happened at a position is no effect yet", () => {
  for (const { told, both } of all) {
    for (const style of STYLES) {
      const first = told.rows[0].sides[style].act;
      if (first === null) continue;
      const counts = [...told.rows.keys()].map((row) => {
        const moment = momentAt(told, row + 1, both);
        return causes.effects(both[style], first, judge(both[style], moment.cuts[style])).length;
      });
      assert.deepEqual(counts, [...counts].sort((a, b) => a - b));
      assert.ok(counts[0] < counts.at(-1));
    }
  }
});

test("a record is found again by the anchor that it has on a page", () => {
  for (const { both } of all) {
    for (const style of STYLES) {
      const recording = both[style];
      const send = recording.operations.indexOf("send");
      const sent = [...recording.operation.keys()].filter((seq) => recording.operation[seq] === send);
      for (const seq of sent.slice(0, 50)) {
        const anchor = causes.recordOf(recording, seq);
        assert.match(anchor, new RegExp(`^record-${style}-[a-z0-9-]+$`));
        assert.equal(causes.senderOf(recording, anchor), seq);
      }
      assert.equal(causes.senderOf(recording, `record-${style}-order-1-nothing`), -1);
      assert.equal(causes.senderOf(recording, "nonsense"), -1);
    }
  }
});

test("names in a chain are those of messages sent, and of what came from outside", () => {
  const { both } = all.find((each) => each.told.folder === "happy-path-1");
  const recording = both.choreography;
  const seq = causes.senderOf(recording, "record-choreography-order-17-ordershipped");
  const chain = causes.causes(recording, seq);
  const names = causes.names(recording, seq, chain);
  assert.equal(causes.nameOf(recording, seq), "OrderShipped");
  assert.deepEqual(names, ["PaymentProcessed", "OrderCreated", "PlaceOrder"]);
});

test("a card stays where the reader sees it, and covers nothing that it can spare", () => {
  const random = chance(5);
  const room = { left: 8, top: 8, right: 1400, bottom: 800 };
  const card = { width: 400, height: 420 };
  for (let count = 0; count < 500; count += 1) {
    const left = 20 + random() * 1300;
    const top = 20 + random() * 740;
    const cell = { left, top, right: left + 44, bottom: top + 28 };
    const at = placed(card, room, [cell]);
    const box = { ...at, right: at.left + card.width, bottom: at.top + card.height };
    assert.ok(box.left >= room.left && box.right <= room.right);
    assert.ok(box.top >= room.top && box.bottom <= room.bottom);
    assert.equal(shared(box, cell), 0);
  }
});

test("what was put aside and what no one can parse are found by anchors of their own", () => {
  const found = [];
  for (const { both } of all) {
    for (const style of STYLES) {
      const recording = both[style];
      for (let seq = 0; seq < recording.loaded; seq += 1) {
        const operation = recording.operations[recording.operation[seq]];
        if (operation !== "bury" && operation !== "poison") continue;
        const anchor = causes.recordOf(recording, seq);
        const begins = operation === "bury" ? "dead-letter" : "unreadable";
        assert.ok(anchor.startsWith(`record-${style}-${begins}`), anchor);
        assert.equal(causes.senderOf(recording, anchor), seq);
        found.push(operation);
      }
    }
  }
  assert.deepEqual(new Set(found), new Set(["bury", "poison"]));
});

test("a read that went no further is an act at which what it did stops", () => {
  const { told, both } = all.find((each) => each.told.run === "retries" && each.told.order === "order-18");
  for (const style of STYLES) {
    const recording = both[style];
    const skips = told.rows
      .map((row) => row.sides[style].act)
      .filter((act) => act !== null && recording.operations[recording.operation[act]] === "skip");
    assert.equal(skips.length, 3);
    const row = 1 + told.rows.findIndex((each) => each.sides[style].act === skips[2]);
    const happened = judge(recording, momentAt(told, row, both).cuts[style]);
    const before = judge(recording, momentAt(told, row - 1, both).cuts[style]);
    assert.ok(happened(skips[2]) && !before(skips[2]));
    const bury = [...Array(recording.loaded).keys()].find((seq) => recording.parent[seq] === skips[2]);
    assert.ok(happened(bury) && !before(bury));
  }
});
