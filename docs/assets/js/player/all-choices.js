/** What the reader wants to see: which order to follow, what of the others, and which acts. */

import { say } from "./all-words.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-lines.js").Choice} Choice */

const OFFERED_MAX = 20;
const SELECTED_MAX = 50; // Of more, the page lets the reader search.

/**
 * @param {HTMLElement} panel
 * @param {AbortSignal} signal
 * @param {{ follow: (order: string) => void, change: () => void }} on
 */
export function connectChoices(panel, signal, on) {
  const order = panel.querySelector("[data-all=order]");
  const list = panel.querySelector("datalist");
  const others = /** @type {HTMLSelectElement} */ (panel.querySelector("[data-all=others]"));
  const which = /** @type {HTMLSelectElement} */ (panel.querySelector("[data-all=which]"));
  /** @type {readonly string[]} */
  let orders = [];
  const made = new Set();
  const offer = (/** @type {string} */ text) => {
    const found = [];
    for (const key of orders) {
      if (key.includes(text)) found.push(option(key, key));
      if (found.length === OFFERED_MAX) break;
    }
    list?.replaceChildren(...found);
  };
  signal.addEventListener("abort", () => {
    for (const each of made) each.remove();
    list?.replaceChildren();
  });
  if (order instanceof HTMLInputElement) {
    order.addEventListener("input", () => offer(order.value), { signal });
  }
  const single = () => {
    if (others.value === "alike") others.value = "pale"; // Who follows one wants to see it.
  };
  order?.addEventListener(
    "change",
    () => {
      single();
      on.follow(valueOf(order));
    },
    { signal },
  );
  for (const control of [others, which]) {
    control.addEventListener("change", on.change, { signal });
  }
  return {
    /** @returns {Pick<Choice, "others" | "which">} */
    read: () => ({
      others: /** @type {Choice["others"]} */ (others.value),
      which: which.value,
    }),
    /**
     * @param {readonly Index[]} indexes
     * @param {string} followed
     */
    show(indexes, followed) {
      if (indexes[0] && indexes[0].recording.orders !== orders) {
        orders = indexes[0].recording.orders;
        if (followed !== panel.dataset.order) single();
        fill(order, list, orders, made);
        if (list) offer("");
        for (const each of whichOf(indexes, panel.dataset)) {
          const isThere = [...which.options].some((known) => known.value === each.value);
          if (isThere) continue;
          which.append(each);
          made.add(each);
        }
      }
      if (document.activeElement === order && order instanceof HTMLInputElement) return;
      if (order && valueOf(order) !== followed) put(order, followed);
    },
  };
}

/**
 * @param {Element | null} order
 * @param {Element | null} list
 * @param {readonly string[]} orders
 * @param {Set<Element>} made
 */
function fill(order, list, orders, made) {
  if (list || !(order instanceof HTMLSelectElement)) return;
  const known = new Set([...order.options].map((each) => each.value));
  for (const key of orders.slice(0, SELECTED_MAX)) {
    if (known.has(key)) continue;
    const each = option(key, key);
    order.append(each);
    made.add(each);
  }
}

/**
 * @param {readonly Index[]} indexes
 * @param {DOMStringMap} words
 */
function whichOf(indexes, words) {
  const recordings = indexes.map(({ recording }) => recording);
  const services = new Set(recordings.flatMap((each) => each.participants.map((p) => p.service)));
  const topics = new Set(recordings.flatMap((each) => each.topics.map((topic) => topic.name)));
  return [
    ...[...services].map((name) => option(`service ${name}`, say(words, "service", { name }))),
    ...[...topics].map((name) => option(`topic ${name}`, say(words, "topic", { name }))),
  ];
}

/**
 * @param {string} value
 * @param {string} text
 */
function option(value, text) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  return made;
}

/** @param {Element} control */
function valueOf(control) {
  const isOne = control instanceof HTMLInputElement || control instanceof HTMLSelectElement;
  return isOne ? control.value.trim() : "";
}

/**
 * @param {Element} control
 * @param {string} value
 */
function put(control, value) {
  if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
    control.value = value;
  }
}
