// When cards come again, by days that are handed in; what a browser kept, whoever wrote it; and the
// reader's days as a calendar.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { calendar } from "../../docs/assets/js/recall/calendar.js";
import { today } from "../../docs/assets/js/recall/clock.js";
import * as schedule from "../../docs/assets/js/recall/schedule.js";
import { again, many, say, upcoming } from "../../docs/assets/js/recall/words.js";

const DAY_MS = 86_400_000;
const TODAY = schedule.dayOf(2026, 11, 23);
const { answered, due } = schedule;
const plain = (cards) => Object.fromEntries(cards);

/** Answer a card right on each day on which it is due. */
function* rightEachTime(card, day) {
  while (due(card, day) !== Infinity) {
    day = due(card, day);
    card = answered(card, true, day);
    yield { card, day };
  }
}

test("a day's number and its date are each other's, over leap years and centuries", () => {
  for (let day = -200_000; day <= 200_000; day += 97) {
    const date = new Date(day * DAY_MS);
    const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    assert.deepEqual(schedule.dateOf(day), parts);
    assert.equal(schedule.dayOf(...parts), day);
  }
  assert.deepEqual(schedule.dateOf(schedule.dayOf(2028, 2, 29) + 1), [2028, 3, 1]);
});

test("what is known each time comes after 1, 3, 7 and 21 days, and then no more", () => {
  const first = answered(undefined, true, TODAY);
  const later = [...rightEachTime(first, TODAY)].map(({ card, day }) => due(card, day));

  assert.deepEqual([due(first, TODAY), ...later], [1, 4, 11, 32, Infinity].map((n) => TODAY + n));
});

test("what was not known starts again at one day, however far it had come", () => {
  for (const { card, day } of rightEachTime(answered(undefined, true, TODAY), TODAY)) {
    const fallen = answered(card, false, day + 100);
    assert.equal(due(fallen, day + 100), day + 101);
    assert.equal(due(answered(fallen, true, day + 101), day + 101), day + 104);
  }
  assert.equal(due(answered(undefined, false, TODAY), TODAY), TODAY + 1);
});

test("what is known before it is due stays when it is due; so does what is learned", () => {
  const card = { box: 2, day: TODAY };
  assert.deepEqual(answered(card, true, TODAY + 6), card);
  assert.deepEqual(answered(card, true, TODAY + 7), { box: 3, day: TODAY + 7 });
  const learned = { box: schedule.DAYS.length, day: TODAY };
  assert.deepEqual(answered(learned, true, TODAY + 1000), learned);
  assert.equal(due(answered(learned, false, TODAY + 1000), TODAY + 1000), TODAY + 1001);
});

test("a card that is long overdue moves on by one, and is due from the day of the answer", () => {
  const card = answered({ box: 0, day: TODAY - 400 }, true, TODAY);
  assert.equal(due(card, TODAY), TODAY + 3);
});

test("a clock that goes back holds no card for longer than its days", () => {
  const ahead = { box: 3, day: TODAY + 5000 };
  assert.equal(due(ahead, TODAY), TODAY + 21);
  assert.equal(due(answered(ahead, false, TODAY), TODAY), TODAY + 1);
});

test("where clocks change, midnight by the wall still begins the next day, and only that", () => {
  const zone = process.env.TZ;
  try {
    for (const [name, from] of [
      ["Europe/Berlin", "2026-03-27T12:00:00Z"],
      ["Europe/Berlin", "2026-10-23T12:00:00Z"],
      ["America/Sao_Paulo", "2018-11-02T12:00:00Z"], // Where that day began at one o'clock.
      ["Pacific/Auckland", "2026-04-03T12:00:00Z"],
    ]) {
      process.env.TZ = name;
      mock.timers.enable({ apis: ["Date"], now: new Date(from) });
      const seen = new Map();
      for (let quarter = 0; quarter < 4 * 24 * 4; quarter += 1) {
        const now = new Date();
        const wall = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
        seen.set(today(), [...(seen.get(today()) ?? []), now.getTime()]);
        assert.deepEqual(schedule.dateOf(today()), wall);
        mock.timers.tick(DAY_MS / 96);
      }
      mock.timers.reset();
      const days = [...seen.keys()];
      assert.deepEqual(days, days.map((_, index) => days[0] + index));
      const hours = new Set([...seen.values()].slice(1, -1).map((all) => all.length / 4));
      assert.ok(hours.has(24) && hours.size === 2, `${name}: ${[...hours]}`);
    }
  } finally {
    mock.timers.reset();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

const IDS = ["a", "b", "c", "d", "e", "f"];
const CARDS = new Map([
  ["a", { box: 0, day: TODAY - 1 }], // Due today.
  ["b", { box: 1, day: TODAY - 9 }], // Since six days.
  ["c", { box: 0, day: TODAY }], // Tomorrow.
  ["d", { box: 2, day: TODAY }], // In seven days.
  ["e", { box: 4, day: TODAY }], // Learned.
  ["gone", { box: 0, day: 0 }], // No card of this site.
]);

test("each card is counted once, tomorrow's within the week's too; none that is not there", () => {
  const counts = schedule.counted(IDS, CARDS, TODAY);
  assert.deepEqual(counts, { due: 2, tomorrow: 1, week: 2, fresh: 1, learned: 1 });
  const { due: now, week, fresh, learned } = counts;
  assert.equal(now + week + fresh + learned, IDS.length);
});

test("a session takes what has been due for longest, then what is new, up to its size", () => {
  assert.deepEqual(schedule.session(IDS, CARDS, TODAY), ["b", "a", "f"]);
  assert.deepEqual(schedule.session(IDS, CARDS, TODAY, 1), ["b"]);
  const many = Array.from({ length: 45 }, (_, index) => `card-${index}`);
  assert.deepEqual(schedule.session(many, new Map(), TODAY), many.slice(0, schedule.SESSION));
});

test("days come in order, with what is overdue today and what is learned never", () => {
  assert.deepEqual(schedule.days(IDS, CARDS, TODAY), [[TODAY, 2], [TODAY + 1, 1], [TODAY + 7, 1]]);
});

test("what is kept is read again", () => {
  const kept = JSON.parse(JSON.stringify(schedule.closed(CARDS)));
  assert.deepEqual(plain(schedule.opened(kept)), plain(CARDS));
});

test("of what somebody else kept only cards come through, and nothing breaks", () => {
  const whole = { box: 1, day: TODAY };
  const cards = (held) => plain(schedule.opened({ version: 1, cards: held }));
  const others = [null, 3, "x", [], [1], {}, { version: 2, cards: { a: whole } }, { version: 1 },
    { version: 1, cards: [whole] }, { version: 1, cards: "a" }]; // prettier-ignore
  for (const kept of others) {
    assert.deepEqual(plain(schedule.opened(kept)), {}, JSON.stringify(kept));
  }
  const odd = [{ box: 5, day: 1 }, { box: -1, day: 1 }, { box: 0.5, day: 1 }, { box: "0", day: 1 },
    { box: 0, day: null }, { box: 0, day: 1e12 }, { box: 0 }, null, 7, [0, 1]]; // prettier-ignore
  for (const card of odd) assert.deepEqual(cards({ a: card }), {}, JSON.stringify(card));
  const ids = ["__proto__", "<b>", 'x"]', "A", "a--b", "", " a"];
  const named = ids.map((id) => `${JSON.stringify(id)}: {"box": 0, "day": 1}`);
  const hostile = JSON.parse(`{${named.join(",")}}`);
  assert.deepEqual(cards({ ...hostile, a: { ...whole, more: "<img>" } }), { a: whole });
  assert.deepEqual(cards(hostile), {});
  const flood = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`c${n}`, whole]));
  assert.ok(schedule.opened({ version: 1, cards: flood }).size <= 2000);
});

test("options stand in every order, each in the one that its seed says", () => {
  const orders = new Map();
  for (let day = 0; day < 2400; day += 1) {
    const order = schedule.shuffled(4, `${day} card-core-1`);
    assert.deepEqual([...order].sort(), [0, 1, 2, 3]);
    assert.deepEqual(schedule.shuffled(4, `${day} card-core-1`), order);
    orders.set(order.join(""), (orders.get(order.join("")) ?? 0) + 1);
  }
  assert.equal(orders.size, 24);
  assert.ok(Math.min(...orders.values()) > 50, JSON.stringify([...orders]));
  assert.deepEqual(schedule.shuffled(1, ""), [0]);
  assert.deepEqual(schedule.shuffled(0, "x"), []);
});

const TEXTS = {
  again: "on {date}", againTomorrow: "tomorrow", againNever: "never", nextToday: "today {cards}.",
  next: "{cards} on {date}.", nextTomorrow: "{cards} tomorrow.", nextNew: "new {cards}.",
  nextNever: "all learned", cardsOne: "one", cardsMany: "{n}",
}; // prettier-ignore
const spoken = (day) => schedule.dateOf(day).join("-");

test("what comes next is said with its day, and all that is learned as that", () => {
  assert.equal(upcoming(TEXTS, IDS, CARDS, TODAY, spoken), "today 2. one tomorrow. new one.");
  assert.equal(upcoming(TEXTS, ["d", "e"], CARDS, TODAY, spoken), "one on 2026-11-30.");
  assert.equal(upcoming(TEXTS, ["e"], CARDS, TODAY, spoken), "all learned");
  const said = [TODAY + 1, TODAY + 3, Infinity].map((day) => again(TEXTS, day, TODAY, spoken));
  assert.deepEqual(said, ["tomorrow", "on 2026-11-26", "never"]);
  assert.deepEqual([0, 1, 2].map((n) => many(TEXTS, "cards", n)), ["0", "one", "2"]);
});

test("what is put into a place is text, and no place of its own", () => {
  assert.equal(say({ odd: "{a}{b} {a} {none}" }, "odd", { a: "{b}", b: "$&" }), "{b}$& {b} ");
  assert.equal(say({}, "missing", {}), "");
});

test("a calendar's lines end as they must, and none is too long or torn within a character", () => {
  const title = (count) => `${"Überfällig; 日本語, \\ ".repeat(9)}${count}\r\nBEGIN:VEVENT`;
  const say = { title, about: "x".repeat(300), address: `https://example.org/${"a".repeat(90)}/` };
  const text = calendar([[TODAY, 2], [TODAY + 1, 1]], say, "20261123T140000Z");

  assert.ok(text.endsWith("END:VCALENDAR\r\n"));
  assert.equal(text.replaceAll("\r\n", "").search(/[\r\n]/), -1);
  const lines = text.split("\r\n");
  assert.ok(Math.max(...lines.map((line) => Buffer.byteLength(line))) <= 75);
  assert.ok(!lines.some((line) => line.includes("\uFFFD")));
  const unfolded = text.replaceAll("\r\n ", "").split("\r\n");
  assert.equal(unfolded.filter((line) => line === "BEGIN:VEVENT").length, 2);
  assert.ok(unfolded.includes(`DESCRIPTION:${say.about}`));
  const summary = unfolded.find((line) => line.startsWith("SUMMARY:"));
  const escaped = "Überfällig\\; 日本語\\, \\\\ ".repeat(9);
  assert.equal(summary, `SUMMARY:${escaped}2\\nBEGIN:VEVENT`);
});
