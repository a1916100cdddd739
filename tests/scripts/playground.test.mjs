// What the playground's panel computes without a page: a plan and its link, faults as a form has
// them, what differs between two texts. Links and what is kept come from strangers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { diff } from "../../docs/assets/js/playground/diff.js";
import * as faults from "../../docs/assets/js/playground/faults.js";
import * as plans from "../../docs/assets/js/playground/plan.js";
import * as share from "../../docs/assets/js/playground/share.js";

const PAYMENT = "services/payment.py";
const KILL = { service: "shipping", do: "kill" };
const PLACES = [
  { service: "order", message: "PlaceOrder", key: "order-1", delivery: 1, deeds: ["kill"] },
  { service: "payment", message: "OrderCreated", key: "order-1", delivery: 1, deeds: ["kill", "lose"] },
  { service: "payment", message: "OrderCreated", key: "order-1", delivery: 2, deeds: ["kill", "lose"] },
]; // prettier-ignore
const SIDE = {
  files: [{ path: PAYMENT, title: "B payment" }],
  faults: [KILL],
  orders: ["order-1"],
  places: PLACES,
};
const CATALOG = {
  files: { [PAYMENT]: "x = 1\n", "services/fraud.py": "y = 1\n" },
  points: ["processed"],
  back: ["once"],
  scenarios: { calm: { title: "Calm", styles: { choreography: SIDE, orchestration: SIDE } } },
};
const plan = (more = {}) => ({
  scenario: "calm", style: "choreography", seed: 3, orders: null, faults: null, files: {}, ...more,
}); // prettier-ignore
const draft = (more = {}) => ({ ...plans.blank("calm", "choreography"), ...more });
const packed = (value) =>
  `#try=${deflateRawSync(Buffer.from(typeof value === "string" ? value : JSON.stringify(value))).toString("base64url")}`;

test("a link brings what it was made of, whatever the text", async () => {
  const text = 'print("ä😀\\u0000")\n# <img src=x onerror=alert(1)> &amp; %41 __proto__\r\n\t';
  const made = plan({ orders: 200, faults: [KILL], files: { [PAYMENT]: text } });
  const hash = await share.write(made);
  assert.match(hash, /^#try=[\w-]+$/);
  assert.deepEqual(await share.read(hash), made);
});

test("an address with no plan in it asks for nothing", async () => {
  for (const hash of ["", "#", "#step-3", "#tryx=abc", "?try=abc"]) {
    assert.equal(await share.read(hash), null);
  }
});

test("a link that is no plan is refused, and nothing of it is used", async () => {
  const broken = [
    "#try=", "#try=%%%", "#try=AAAA", packed("{"), packed("null"), packed("[]"), packed("7"),
    packed({}), packed(plan({ style: "jazz" })), packed(plan({ scenario: "../x" })),
    packed(plan({ orders: 0 })), packed(plan({ orders: 201 })), packed(plan({ seed: -1 })),
    packed(plan({ seed: 0.5 })), packed(plan({ faults: {} })), packed(plan({ faults: [{}] })),
    packed(plan({ faults: Array(21).fill(KILL) })), packed(plan({ files: [] })),
    packed(plan({ faults: [{ do: "kill", on: { message: [["x"]] } }] })),
    packed(plan({ files: { "services/../x.py": "" } })), packed(plan({ files: { "message.py": "" } })),
    packed(plan({ files: { [PAYMENT]: 7 } })), packed('{"__proto__": {"scenario": "calm"}}'),
  ]; // prettier-ignore
  for (const hash of broken) assert.equal(await share.read(hash), "broken", hash);
  assert.equal({}.scenario, undefined);
});

test("what is more than a link may hold is refused, and a bomb is not unpacked", async () => {
  assert.equal(await share.read(`#try=${"A".repeat(17_000)}`), "long");
  const bomb = packed(" ".repeat(12_000_000));
  assert.ok(bomb.length < 16_384, "it must be short enough to be looked into");
  assert.equal(await share.read(bomb), "long");
});

test("changes that are too long for a link make none", async () => {
  let text = "";
  for (let at = 0; text.length < 60_000; at += 1) text += `${(at * 2654435761) % 4294967296}\n`;
  assert.equal(await share.write(plan({ files: { [PAYMENT]: text } })), null);
  assert.equal(await share.write(plan({ files: { [PAYMENT]: "x".repeat(300_000) } })), null);
});

test("a draft with nothing changed runs the scenario as it is", () => {
  const made = plans.planOf(draft({ files: { [PAYMENT]: "x = 1\n" } }), CATALOG);
  assert.deepEqual(made, plan({ seed: 0 }));
  assert.ok(plans.isUntouched(draft({ seed: 7 }), CATALOG));
});

test("a fault that is switched off does not run, and stays in the draft", () => {
  const rows = { choreography: [{ on: false, table: KILL }] };
  const made = plans.planOf(draft({ rows }), CATALOG);
  assert.deepEqual(made.faults, []);
  const again = plans.draftOf(made, CATALOG);
  assert.deepEqual(again.rows.choreography, rows.choreography);
  assert.ok(!plans.isUntouched(again, CATALOG));
  assert.deepEqual(plans.rowsOf({ ...again, style: "orchestration" }, CATALOG), [
    { on: true, table: KILL },
  ]);
});

test("faults in another order of fields are the same faults", () => {
  const rows = { choreography: [{ on: true, table: { do: "kill", service: "shipping" } }] };
  assert.equal(plans.planOf(draft({ rows }), CATALOG).faults, null);
});

test("what was kept is read again, and what cannot be read is left out", () => {
  const rows = { choreography: [{ on: false, table: KILL }] };
  const kept = draft({ rows, orders: 5, files: { [PAYMENT]: "" } });
  assert.deepEqual(plans.checkedDraft(JSON.parse(JSON.stringify(kept))), kept);
  const strange = { ...kept, rows: { choreography: [{ on: 1, table: KILL }], jazz: [] } };
  assert.deepEqual(plans.checkedDraft(strange), { ...kept, rows: {} });
  for (const value of [null, 7, [], "x", {}, { ...kept, orders: "5" }]) {
    assert.equal(plans.checkedDraft(value), null);
  }
});

test("a file that was added or opened stands after those of the run", () => {
  const files = { "services/mine.py": "", "services/fraud.py": "y = 1\n" };
  const shown = plans.filesOf(draft({ files }), CATALOG);
  assert.deepEqual(shown.map(({ title }) => title), ["B payment", "mine", "fraud"]); // prettier-ignore
  assert.deepEqual(plans.changedOf(draft({ files }), CATALOG), { "services/mine.py": "" });
});

test("a fault is found at its place, and comes from there as it was", () => {
  const on = { message: "OrderCreated", key: "order-1", delivery: 2 };
  const given = { do: "kill", style: "choreography", service: "payment", on, at: "sent", back: "rest" };
  const place = faults.placeOf(given, PLACES);
  assert.equal(place, "2");
  const fields = faults.fieldsFrom(given);
  const made = faults.tableOf(given, "kill", place, PLACES, fields, "choreography");
  assert.ok(plans.isSame(made, given), JSON.stringify(made));
});

test("a fault at the start has no point in a delivery, and says that it stays away", () => {
  const place = faults.placeOf(KILL, PLACES);
  assert.equal(place, faults.atStart("shipping"));
  assert.deepEqual(faults.fieldsOf("kill", place), ["back"]);
  assert.deepEqual(faults.fieldsFrom(KILL), { back: "never" });
});

test("what a form cannot place stays where the scenario has it", () => {
  const given = { do: "refuse", service: "payment", on: { message: ["OrderCreated", "X"], key: "order-1" } };
  assert.equal(faults.placeOf(given, PLACES), faults.AS_GIVEN);
  const made = faults.tableOf(given, "slow", faults.AS_GIVEN, PLACES, { for_ms: "5.7" }, "choreography");
  assert.deepEqual(made, { ...given, do: "slow", for_ms: 5 });
});

test("another fault takes a delivery that has none", () => {
  assert.equal(faults.firstFor("lose", PLACES, []), "1");
  assert.equal(faults.firstFor("lose", PLACES, ["1"]), "2");
  assert.equal(faults.firstFor("lose", PLACES, ["1", "2"]), null);
});

test("what differs is shown with a little around it, and taken together it is both texts", () => {
  const before = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const after = [...before.slice(0, 10), "new", ...before.slice(10, 20), ...before.slice(21)];
  const lines = diff(before.join("\n"), after.join("\n"));
  const signs = lines.map(({ sign }) => sign).join("");
  assert.equal(signs, "…  +  …  -  …");
  assert.deepEqual(lines.filter(({ sign }) => sign === "+"), [{ sign: "+", text: "new" }]); // prettier-ignore
  assert.deepEqual(lines.filter(({ sign }) => sign === "-"), [{ sign: "-", text: "line 20" }]); // prettier-ignore
});

test("texts with nothing in common, nothing at all, or far too much, are compared too", () => {
  assert.deepEqual(diff("a", "b").map(({ sign }) => sign), ["-", "+"]); // prettier-ignore
  assert.deepEqual(diff("", "").map(({ sign }) => sign), ["…"]); // prettier-ignore
  const [one, other] = ["a\n", "b\n"].map((line) => line.repeat(5_000));
  assert.equal(diff(one, other).length, 10_000 + 1);
});
