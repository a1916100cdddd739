/**
 * The page Deep: what stands before and after a record that a reader chose, and the decision aid,
 * which shows the reasons that were ticked and keeps the ticks.
 */

import { names, tally } from "./deep/tally.js";
import { read, write } from "./kept.js";

const KEPT = "decide";

/**
 * @param {Element} aid the view, table and all
 * @param {HTMLElement} shown where the reasons are listed
 */
function connect(aid, shown) {
  /** @type {HTMLInputElement[]} */
  const boxes = [...aid.querySelectorAll("input[data-for]")].filter(
    (box) => box instanceof HTMLInputElement,
  );
  const clear = /** @type {HTMLButtonElement?} */ (shown.querySelector("[data-do=clear]"));
  const reasons = boxes.map((box) => ({ name: box.value, style: box.dataset.for ?? "" }));

  const show = () => {
    const { verdict, names: listed } = tally(
      reasons,
      boxes.filter((box) => box.checked).map((box) => box.value),
    );
    for (const one of shown.querySelectorAll("[data-verdict]")) {
      one.toggleAttribute("hidden", one.getAttribute("data-verdict") !== verdict);
    }
    for (const one of shown.querySelectorAll("[data-reason]")) {
      one.toggleAttribute("hidden", !listed.includes(one.getAttribute("data-reason") ?? ""));
    }
    for (const one of shown.querySelectorAll("[data-reasons]")) {
      one.toggleAttribute("hidden", !one.querySelector("[data-reason]:not([hidden])"));
    }
    if (clear) clear.disabled = !listed.length;
    return listed;
  };
  const changed = () => {
    const listed = show();
    write(KEPT, listed.length ? listed : null);
    const detail = { what: "deep/decide", done: listed.length > 0 };
    if (detail.done) aid.dispatchEvent(new CustomEvent("tg-did", { bubbles: true, detail }));
  };

  const before = names(read(KEPT));
  for (const box of boxes) {
    box.hidden = false;
    box.checked = before.includes(box.value);
    box.addEventListener("change", changed);
  }
  clear?.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    changed();
    boxes[0]?.focus();
  });
  shown.hidden = false;
  show();
}

/**
 * @param {Element} view
 * @param {HTMLButtonElement[]} picks one for each record
 */
function relate(view, picks) {
  /** @param {HTMLButtonElement?} chosen none: no record is told apart */
  const show = (chosen) => {
    const { pick = "", before = "", after = "" } = chosen?.dataset ?? {};
    /** @type {[string, string[]][]} */
    const known = [["self", [pick]], ["before", before.split(" ")], ["after", after.split(" ")]];
    for (const mark of view.querySelectorAll("[data-rec]")) {
      const name = mark.getAttribute("data-rec") ?? "";
      const relation = known.find(([, names]) => names.includes(name))?.[0] ?? "free";
      if (chosen) mark.setAttribute("data-rel", relation);
      else mark.removeAttribute("data-rel");
    }
    for (const one of picks) one.setAttribute("aria-pressed", String(one === chosen));
    for (const said of view.querySelectorAll("[data-said]")) {
      said.toggleAttribute("hidden", said.getAttribute("data-said") !== pick);
    }
  };
  for (const one of picks) {
    one.disabled = false;
    one.addEventListener("click", () => show(one.ariaPressed === "true" ? null : one));
  }
  for (const part of view.querySelectorAll("[data-scripted], [data-related]")) {
    part.removeAttribute("hidden");
  }
}

const orders = document.querySelector("[data-orders]")?.closest(".tg");
if (orders) relate(orders, [...orders.querySelectorAll("button.tg-pick")].filter(
  (one) => one instanceof HTMLButtonElement,
));
const shown = document.querySelector("[data-tally]");
const aid = shown?.closest(".tg");
if (aid && shown instanceof HTMLElement) connect(aid, shown);
