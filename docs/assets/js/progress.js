/**
 * What a reader has done, kept in this browser alone: activities begun and done, tasks solved.
 *
 * A part of a page that knows of it says so by `tg-did {what, done}`, an exercise by `tg-exercise
 * {name, passed}`. Words are those of the template; who keeps nothing is shown nothing.
 */

import { read, write } from "./kept.js";

const NAME = "progress";
const ACTIVITY = "data-tg-activity";
const listed = document.querySelectorAll(`[${ACTIVITY}]`);
const words = /** @type {HTMLElement?} */ (document.querySelector("[data-tg-words]"))?.dataset;
const here = document.querySelector("[data-tg-here]")?.getAttribute(ACTIVITY);

/** @typedef {{activities: Record<string, "begun" | "done">, tasks: string[]}} Progress */

/** @returns {Progress} whatever stands in the browser, as far as it is of this shape. */
function kept() {
  const found = /** @type {Partial<Record<keyof Progress, unknown>>?} */ (read(NAME));
  /** @type {Progress["activities"]} */
  const activities = {};
  for (const [name, state] of Object.entries(found?.activities ?? {})) {
    if (state === "begun" || state === "done") activities[name] = state;
  }
  const tasks = Array.isArray(found?.tasks) ? found.tasks : [];
  return { activities, tasks: tasks.filter((one) => typeof one === "string") };
}

/**
 * Other tabs write as well, so what is there is read again before it is changed.
 * @param {(progress: Progress) => void} change
 */
function keep(change) {
  const progress = kept();
  change(progress);
  write(NAME, progress);
  show(progress);
}

/** @param {Progress} progress */
function show({ activities, tasks }) {
  for (const one of listed) showState(one, activities[one.getAttribute(ACTIVITY) ?? ""]);
  for (const box of document.querySelectorAll("input[data-tg-done]")) {
    if (!(box instanceof HTMLInputElement)) continue;
    box.checked = activities[box.dataset.tgDone ?? ""] === "done";
    if (box.parentElement) box.parentElement.hidden = false;
  }
  for (const task of document.querySelectorAll("[data-tg-task]")) {
    const name = task.getAttribute("data-tg-task") ?? "";
    task.toggleAttribute("data-tg-is-done", tasks.includes(name));
  }
  const sum = document.querySelector("[data-tg-sum]");
  if (!(sum instanceof HTMLElement)) return;
  const done = Object.values(activities).filter((state) => state === "done").length;
  const said = sum.dataset.say ?? "";
  sum.textContent = said.replace("{done}", String(done)).replace("{all}", String(listed.length));
  sum.hidden = !done;
}

/**
 * @param {Element} one activity in the list
 * @param {"begun" | "done" | undefined} state
 */
function showState(one, state) {
  const place = one.querySelector("[data-tg-state]");
  one.toggleAttribute("data-tg-is-done", state === "done");
  if (!(place instanceof HTMLElement)) return;
  place.hidden = !state;
  place.textContent = state ? ` · ${words?.[state]}` : "";
}

/** @param {"begun" | "done"} state */
const mark = (state) => {
  if (here) keep(({ activities }) => (activities[here] = state));
};

/**
 * @param {string} what
 * @param {boolean} done
 */
const did = (what, done) =>
  keep((progress) => {
    const others = progress.tasks.filter((one) => one !== what);
    progress.tasks = done ? [...others, what] : others;
    if (done && here && what === here.toLowerCase()) progress.activities[here] = "done";
  });

addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches("[data-tg-done]")) {
    mark(target.checked ? "done" : "begun");
  }
});
addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-tg-next]")) mark("done");
});
addEventListener("tg-did", (event) => {
  const { what, done } = /** @type {CustomEvent} */ (event).detail;
  did(String(what), Boolean(done));
});
addEventListener("tg-exercise", (event) => {
  const { name, passed } = /** @type {CustomEvent} */ (event).detail;
  if (passed) did(`exercise/${name}`, true); // What was passed once stays passed.
});
addEventListener("storage", () => show(kept()));
addEventListener("pageshow", () => show(kept()));

const progress = kept();
if (here && !progress.activities[here]) mark("begun");
else show(progress);
