/**
 * Problems on a page: says of each whether it is solved, and opens what comes after.
 *
 * A problem is solved once every question in it has its right answer, as <trace-quiz> shows it.
 * That one keeps what was answered; here what follows from it is shown, and told once it is new.
 */

/** @param {Element} problem */
function isSolved(problem) {
  const forms = [...problem.querySelectorAll("trace-quiz form")];
  return forms.length > 0 && forms.every((form) => form.querySelector(".tg-verdict.tg-is-right"));
}

/**
 * @param {HTMLElement} problem
 * @returns {boolean} whether it is solved now and was not before.
 */
function show(problem) {
  const [before, solved] = [problem.hasAttribute("data-is-solved"), isSolved(problem)];
  problem.toggleAttribute("data-is-solved", solved);
  problem.querySelector("[data-solved]")?.toggleAttribute("hidden", !solved);
  if (!solved || before) return false;
  for (const after of afters(problem)) after.open = true;
  return true;
}

/**
 * Tell of it, and let a player on the page stand at the step that shows why.
 * @param {HTMLElement} problem
 */
function tell(problem) {
  const detail = { what: problem.dataset.problem, done: true };
  problem.dispatchEvent(new CustomEvent("tg-did", { bubbles: true, detail }));
  const step = problem.querySelector(".tg-verdict a.tg-step[href^='#']")?.getAttribute("href");
  if (step) document.dispatchEvent(new CustomEvent("tg-goto", { detail: step }));
}

/**
 * What is opened once a problem is solved: in it, or elsewhere on the page if it says so.
 * @param {HTMLElement} problem
 * @returns {HTMLDetailsElement[]}
 */
function afters(problem) {
  const what = problem.dataset.problem ?? "";
  return [...document.querySelectorAll("details")].filter(
    (one) => one.dataset.after === what || (one.dataset.after === "" && problem.contains(one)),
  );
}

/** How many are solved, where the page says it. */
function count() {
  const place = document.querySelector("[data-solved-count]");
  const problems = [...document.querySelectorAll("[data-problem]")];
  const solved = problems.filter((one) => one.hasAttribute("data-is-solved")).length;
  const said = (place?.getAttribute("data-solved-count") ?? "")
    .replace("#", String(solved))
    .replace("#", String(problems.length));
  if (place && place.textContent !== said) place.textContent = said;
}

/** An address may name a problem, or a record in one: it is of no use in what is folded. */
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let around = target?.closest("details");
  while (around) {
    around.open = true;
    around = around.parentElement?.closest("details");
  }
  target?.scrollIntoView({ block: "nearest" });
}

async function start() {
  await customElements.whenDefined("trace-quiz");
  for (const problem of document.querySelectorAll("[data-problem]")) {
    if (!(problem instanceof HTMLElement)) continue;
    show(problem);
    problem.addEventListener("submit", () => {
      const isNew = show(problem);
      count();
      if (isNew) tell(problem);
    });
    problem.addEventListener("click", ({ target }) => {
      if (!(target instanceof Element && target.closest("[data-do=again]"))) return;
      show(problem);
      count();
    });
  }
  count();
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();
}

void start();
