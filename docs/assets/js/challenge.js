/**
 * What problems have on top: logs that can be filtered, and a stopwatch for who wants one.
 * All words stand in the page; numbers are put into them.
 */

import { write } from "./kept.js";

/**
 * @param {Element | null} place
 * @param {string} name Of the attribute that has the words.
 * @param {number[]} numbers
 */
function say(place, name, numbers) {
  let said = place?.getAttribute(name) ?? "";
  for (const number of numbers) said = said.replace("#", String(number));
  if (place && place.textContent !== said) place.textContent = said;
}

/**
 * Show the records that are asked for. A whole key means that one alone: `order-1`, not `order-13`.
 * @param {Element} desk
 */
function filter(desk) {
  const topic = value(desk, "topic");
  const text = value(desk, "text").trim().toLowerCase();
  const rows = [...desk.querySelectorAll("[data-topic] tbody tr")];
  const keys = new Set(rows.map((row) => row.children[2]?.textContent ?? ""));
  let found = 0;
  for (const table of desk.querySelectorAll("[data-topic]")) {
    const here = [...table.querySelectorAll("tbody tr")];
    table.toggleAttribute("hidden", Boolean(topic) && table.getAttribute("data-topic") !== topic);
    for (const row of here) {
      const [key, message] = [2, 3].map((at) => row.children[at]?.textContent ?? "");
      const fits = keys.has(text) ? key === text : `${key} ${message}`.toLowerCase().includes(text);
      row.toggleAttribute("hidden", !fits);
    }
    const left = here.filter((row) => !row.hasAttribute("hidden")).length;
    if (!table.hasAttribute("hidden")) found += left;
    say(table.querySelector("[data-count]"), "data-count", [left, here.length]);
  }
  say(desk.querySelector("[data-found]"), "data-found", [found, rows.length]);
}

/**
 * @param {Element} desk
 * @param {string} name
 */
function value(desk, name) {
  const field = desk.querySelector(`[data-filter=${name}]`);
  const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
  return isField ? field.value : "";
}

/** @param {Element} bar */
function stopwatch(bar) {
  const button = bar.querySelector("[data-do=clock]");
  const face = bar.querySelector("[data-clock]");
  let ticking = 0;
  let before = 0;
  button?.addEventListener("click", () => {
    const on = !ticking;
    button.setAttribute("aria-pressed", String(on));
    face?.removeAttribute("hidden");
    clearInterval(ticking);
    ticking = 0;
    if (!on) return;
    const since = performance.now() - before;
    ticking = setInterval(() => {
      before = performance.now() - since;
      const [minutes, seconds] = [before / 60_000, (before / 1000) % 60].map(Math.floor);
      if (face) face.textContent = `${minutes}:${String(seconds).padStart(2, "0")}`;
    }, 250);
  });
}

function forget() {
  for (const quiz of document.querySelectorAll("trace-quiz")) {
    if (quiz instanceof HTMLElement) write(`quiz.${quiz.dataset.name}`, null);
  }
  location.reload();
}

for (const hidden of document.querySelectorAll(".tg-solving, .tg-log-filters")) {
  hidden.removeAttribute("hidden");
}
for (const desk of document.querySelectorAll("[data-desk]")) {
  desk.addEventListener("input", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-filter]")) filter(desk);
  });
}
for (const bar of document.querySelectorAll(".tg-solving")) stopwatch(bar);
document.querySelector("[data-do=forget-all]")?.addEventListener("click", forget);
