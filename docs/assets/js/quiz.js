/**
 * A quiz that answers: checks a choice, explains it by the steps that decide, and remembers it in
 * this browser alone.
 *
 * The page holds everything, answers and explanations too: this only shows what stands there, and
 * unhides the buttons that need it. Arrow keys move between options, as radio buttons do; nothing
 * is checked before the reader says so.
 */

const POINTED = "tg-pointed";

/** @typedef {Record<string, string>} Answers Letter by number of the question. */

/**
 * Read what was answered before. Storage may be off, full, or hold what somebody else wrote.
 * @param {string} key
 * @returns {Answers}
 */
function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "{}");
    const isObject = typeof found === "object" && found !== null;
    return isObject ? /** @type {Answers} */ (found) : {};
  } catch {
    return {};
  }
}

/**
 * Keep what was answered, where the browser lets us.
 * @param {string} key
 * @param {Answers} answers
 */
function write(key, answers) {
  try {
    if (Object.keys(answers).length) localStorage.setItem(key, JSON.stringify(answers));
    else localStorage.removeItem(key);
  } catch {
    // Without storage the quiz works, and forgets when the page is left.
  }
}

class TraceQuiz extends HTMLElement {
  /** @type {AbortController | undefined} */
  #connection;
  /** @type {Answers} */
  #answers = {};

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    for (const part of this.querySelectorAll("[data-scripted]")) part.removeAttribute("hidden");
    for (const check of this.querySelectorAll("button[type=submit]")) {
      check.removeAttribute("disabled"); // Disabled, Enter sends no form where there is no script.
    }
    this.#answers = read(this.#key);
    for (const form of this.querySelectorAll("form")) this.#restore(form);
    this.#count();
  }

  disconnectedCallback() {
    this.#connection?.abort();
    for (const button of this.#pointing()) this.#point(button, false);
  }

  get #key() {
    return `tracegen.quiz.${this.dataset.name}`;
  }

  /** @param {Event} event */
  #onSubmit(event) {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const chosen = this.#chosen(form);
    if (chosen) this.#answers[this.#number(form)] = chosen;
    write(this.#key, this.#answers);
    this.#judge(form);
    this.#count();
  }

  /** @param {Event} event */
  #onClick(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    switch (button?.dataset.do) {
      case "again":
        this.#again(button);
        break;
      case "point":
        this.#point(button, button.getAttribute("aria-pressed") !== "true");
        break;
      case "forget":
        this.#forget();
        break;
    }
  }

  /**
   * Show the verdict on what is chosen, and why.
   * @param {HTMLFormElement} form
   */
  #judge(form) {
    const verdict = form.querySelector(".tg-verdict");
    const letter = this.#chosen(form);
    const answer = letter && form.querySelector(`[data-option="${letter}"]`);
    if (!verdict) return;
    if (!answer) {
      verdict.textContent = this.dataset.choose ?? "";
      return;
    }
    const right = answer.hasAttribute("data-right");
    const judged = document.createElement("strong");
    judged.textContent = `${letter} ${(right ? this.dataset.right : this.dataset.wrong) ?? ""}`;
    const because = answer.querySelector("[data-because]")?.cloneNode(true);
    verdict.replaceChildren(judged, " ", because ?? "");
    verdict.classList.toggle("tg-is-right", right);
    verdict.classList.toggle("tg-is-wrong", !right);
    form.querySelector("[data-do=again]")?.toggleAttribute("hidden", right);
  }

  /** @param {HTMLButtonElement} button */
  #again(button) {
    const form = button.form;
    if (!form) return;
    delete this.#answers[this.#number(form)];
    write(this.#key, this.#answers);
    this.#clear(form);
    this.#count();
    form.querySelector("input")?.focus(); // The button hides, and focus must not get lost with it.
  }

  #forget() {
    this.#answers = {};
    write(this.#key, this.#answers);
    for (const form of this.querySelectorAll("form")) this.#clear(form);
    this.#count();
    const said = this.querySelector("[data-forgotten]");
    if (said) said.textContent = said.getAttribute("data-forgotten");
  }

  /** Say how many of the answers so far are right, by what is kept; what is no option is none. */
  #count() {
    const score = this.querySelector("[data-score]");
    if (!score) return;
    const forms = [...this.querySelectorAll("form")];
    const answers = forms.flatMap((form) => {
      const kept = this.#answers[this.#number(form)];
      return [...form.querySelectorAll("[data-option]")].filter(
        (option) => option.getAttribute("data-option") === kept,
      );
    });
    const right = answers.filter((option) => option.hasAttribute("data-right")).length;
    const left = forms.length - answers.length;
    /** @param {string} name @param {number} first @param {number} [second] */
    const say = (name, first, second) =>
      (score.getAttribute(name) ?? "").replace("#", String(first)).replace("#", String(second));
    score.textContent =
      (answers.length ? say("data-score", right, answers.length) : "") +
      (answers.length && left ? say("data-left", left) : "");
  }

  /** @param {HTMLFormElement} form */
  #clear(form) {
    form.reset();
    form.querySelector("[data-do=again]")?.setAttribute("hidden", "");
    const verdict = form.querySelector(".tg-verdict");
    verdict?.replaceChildren();
    verdict?.classList.remove("tg-is-right", "tg-is-wrong");
  }

  /** @param {HTMLFormElement} form */
  #restore(form) {
    const letter = this.#answers[this.#number(form)];
    for (const input of form.querySelectorAll("input")) {
      if (input.value === letter) {
        input.checked = true;
        this.#judge(form);
      }
    }
  }

  /**
   * Highlight the steps that a hint is about, move the player to the first where there is one, and
   * bring it into view; or let them be.
   * @param {HTMLButtonElement} button
   * @param {boolean} on
   */
  #point(button, on) {
    if (on) for (const other of this.#pointing()) this.#point(other, false); // One at a time.
    const ids = (button.dataset.steps ?? "").split(" ");
    const found = ids.map((id) => document.getElementById(id)).filter((step) => step !== null);
    for (const step of found) step.classList.toggle(POINTED, on);
    button.setAttribute("aria-pressed", String(on));
    if (!on) return;
    document.dispatchEvent(new CustomEvent("tg-goto", { detail: ids[0] }));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // The player shows what it was sent to in the next frame.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const seen = found.find((step) => step.getClientRects().length);
        const shown = seen ?? found[0]?.closest("trace-player");
        shown?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
      }),
    );
  }

  /** @returns {HTMLButtonElement[]} */
  #pointing() {
    return [...this.querySelectorAll("button")].filter(
      (button) => button.dataset.do === "point" && button.getAttribute("aria-pressed") === "true",
    );
  }

  /**
   * The letter that is chosen; empty if none is.
   * @param {HTMLFormElement} form
   */
  #chosen(form) {
    return [...form.querySelectorAll("input")].find((input) => input.checked)?.value ?? "";
  }

  /** @param {HTMLFormElement} form */
  #number(form) {
    return form.dataset.question ?? "";
  }
}

// Instant navigation keeps the document, and with it the definition.
if (!customElements.get("trace-quiz")) customElements.define("trace-quiz", TraceQuiz);
