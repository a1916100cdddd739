// An address says a state, and a state its address; from a hostile one comes nothing that is not
// asked for by name.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as address from "../../docs/assets/js/player/address.js";

const RUN = "silent-service";
const HERE = "https://example.org/site/page/?q=kafka#part";
const state = (more = {}) => ({ view: "flow", order: "order-17", record: null, ...more });

const reread = (href, run = RUN) => address.read(new URL(href).search, run);

test("what is written is read again", () => {
  for (const view of ["spacetime", "flow", "all"]) {
    const chosen = state({ view, order: "order-18", record: "record-orders-0-1" });
    const href = address.write(HERE, RUN, "a-step", chosen, "order-17");
    assert.deepEqual(reread(href), {
      step: "a-step",
      view,
      order: "order-18",
      record: "record-orders-0-1",
    });
  }
});

test("what else stands in an address stays, and the fragment goes: the step says it", () => {
  const url = new URL(address.write(HERE, RUN, "a-step", state(), "order-17"));
  assert.equal(url.searchParams.get("q"), "kafka");
  assert.equal(url.hash, "");
  assert.equal(url.pathname, "/site/page/");
});

test("what goes without saying is left out, and taken out again", () => {
  const full = address.write(HERE, RUN, "a", state({ order: "order-18", record: "r" }), "order-17");
  const plain = new URL(address.write(full, RUN, "", state(), "order-17"));
  assert.deepEqual([...plain.searchParams.keys()].sort(), ["q", "run", "view"]);
});

test("to write the same again changes nothing", () => {
  const once = address.write(HERE, RUN, "a-step", state(), "order-17");
  assert.equal(address.write(once, RUN, "a-step", state(), "order-17"), once);
});

test("an address for another run asks for nothing", () => {
  assert.deepEqual(address.read("?run=other&step=a&view=flow&order=x", RUN), {});
});

test("a view that does not exist is not asked for", () => {
  for (const view of ["", "FLOW", "__proto__", "constructor", "flow ", "<b>"]) {
    const asked = address.read(`?${new URLSearchParams({ run: RUN, step: "a", view })}`, RUN);
    assert.deepEqual(asked, { step: "a" });
  }
});

test("hostile text survives the way there and back, and becomes nothing else", () => {
  const texts = [
    "<img src=x onerror=alert(1)>", "__proto__", "constructor", "a&b=c#d?e", "%", "%zz", "😀",
    "\u0000", "javascript:alert(1)", "../../x", "x".repeat(5000), "a+b c",
  ]; // prettier-ignore
  for (const text of texts) {
    const href = address.write(HERE, text, text, state({ order: text, record: text }), "order-17");
    assert.deepEqual(reread(href, text), { step: text, view: "flow", order: text, record: text });
    assert.equal(new URL(href).origin, "https://example.org");
  }
});

test("what is no address at all is read as one that asks for nothing", () => {
  for (const search of ["", "?", "?&&&", "?=", "?%", "?__proto__=1", "?step=", "?view=&order="]) {
    assert.deepEqual(address.read(search, RUN), {});
  }
  assert.equal({}.step, undefined);
});
