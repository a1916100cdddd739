/**
 * `<trace-recall>`: asks cards one at a time, and when each comes again only this browser knows.
 *
 * The page holds every word; without this script it is a list of questions that open. `schedule`
 * decides, `store` keeps, `stage` draws, `calendar` writes; here are the session and its keys.
 * Keys act while the focus is within: Space or Enter shows an answer and goes on, 1 and 2 grade,
 * a to d choose.
 */

import { calendar } from "./calendar.js";
import { spoken, stamp, today } from "./clock.js";
import * as schedule from "./schedule.js";
import { ask, choose, show } from "./stage.js";
import { Store } from "./store.js";
import { again, many, say, upcoming } from "./words.js";

const OPTION_COUNT = 4;
const STATES = /** @type {const} */ (["start", "stage", "finished"]);

class TraceRecall extends HTMLElement {
  /** @type {AbortController | undefined} */
  #connection;
  #store = new Store();
  /** @type {string[]} The cards of the session. */
  #ids = [];
  /** @type {boolean[]} What was known of them, as far as they were answered. */
  #known = [];
  #at = 0;
  /**
   * What a button does that is not about a card.
   * @type {Record<string, (() => void) | undefined>}
   */
  #does = {
    start: () => this.#begin(schedule.session(this.#all, this.#store.cards(), today())),
    all: () => this.#begin(this.#all),
    list: () => this.#list(this.dataset.list === undefined),
    back: () => this.#back(),
    calendar: () => this.#download(),
    forget: () => this.#sure.showModal(),
    keep: () => this.#sure.close(),
    "forget-all": () => this.#forget(),
  };

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    const look = () => this.#count();
    window.addEventListener("storage", look, { signal }); // Another tab has answered.
    document.addEventListener("visibilitychange", look, { signal }); // A day may have passed.
    this.#go("start");
    this.#openLinked();
  }

  disconnectedCallback() {
    this.#connection?.abort();
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #part(name) {
    const found = this.querySelector(`[data-part="${name}"]`);
    if (!(found instanceof HTMLElement)) throw new Error(`no part '${name}' in the page`);
    return found;
  }

  /** @returns {import("./stage.js").Stage} */
  get #stage() {
    const part = (/** @type {string} */ name) => this.#part(name);
    return {
      question: part("question"),
      about: part("about"),
      options: part("options"),
      asked: part("asked"),
      answer: part("answer"),
      grade: part("grade"),
      next: part("next"),
      again: part("again"),
    };
  }

  get #sure() {
    return /** @type {HTMLDialogElement} */ (this.#part("sure"));
  }

  get #all() {
    return [...this.querySelectorAll("[data-card]")].map(
      (card) => card.getAttribute("data-card") ?? "",
    );
  }

  /**
   * The entry of a card in the list.
   * @param {string | undefined} id
   */
  #entry(id) {
    const found = this.querySelector(`[data-card="${id}"]`);
    return found instanceof HTMLElement ? found : null;
  }

  /** @param {typeof STATES[number]} state */
  #go(state) {
    this.dataset.state = state;
    for (const name of STATES) this.#part(name).hidden = name !== state;
    this.#count();
  }

  /** Say what is due when, and what a session would take. */
  #count() {
    const [ids, cards, day] = [this.#all, this.#store.cards(), today()];
    for (const [name, count] of Object.entries(schedule.counted(ids, cards, day))) {
      const place = this.querySelector(`[data-count="${name}"]`);
      if (place) place.textContent = String(count);
    }
    const size = schedule.session(ids, cards, day).length;
    for (const button of this.querySelectorAll("[data-do=start]")) {
      button.textContent = many(this.dataset, "start", size);
      button.toggleAttribute("hidden", size === 0);
    }
    this.#part("none").hidden = size > 0;
    const next = upcoming(this.dataset, ids, cards, day, spoken);
    this.#part("none").textContent = `${this.dataset.none} ${next}`;
    const dated = schedule.days(ids, cards, day).length > 0;
    this.querySelector("[data-do=calendar]")?.toggleAttribute("hidden", !dated);
    this.querySelector("[data-do=forget]")?.toggleAttribute("hidden", cards.size === 0);
    this.#part("lost").hidden = this.#store.isKept;
  }

  /** @param {Event} event */
  #onClick(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const card = this.#entry(this.#ids[this.#at]);
    const what = button?.dataset.do ?? "";
    if (card && this.dataset.state === "stage") this.#onCard(what, card, button);
    this.#does[what]?.();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.dataset.state !== "stage") return;
    const key = event.key === " " ? "enter" : event.key.toLowerCase();
    const isControl = event.target instanceof Element && event.target.closest("a, button");
    if (isControl && key === "enter") return; // It does what it does.
    const pressed = [...this.#part("stage").querySelectorAll("button")].find(
      (one) => one.dataset.key === key && !one.disabled && !one.closest("[hidden]"),
    );
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  }

  /**
   * @param {string} what
   * @param {HTMLElement} card
   * @param {HTMLElement | null} button
   */
  #onCard(what, card, button) {
    const { right = "", wrong = "", instead = "" } = this.dataset;
    switch (what) {
      case "show":
        show(this.#stage, card);
        break;
      case "choose": {
        const isRight = choose(this.#stage, card, Number(button?.dataset.index), instead);
        const said = this.#answer(isRight);
        this.#part("again").textContent = said;
        this.#part("said").textContent = `${isRight ? right : wrong} ${said}`;
        break;
      }
      case "knew":
      case "not": {
        const said = this.#answer(what === "knew");
        this.#ask(this.#at + 1);
        this.#part("said").textContent = said;
        break;
      }
      case "next":
        this.#ask(this.#at + 1);
        break;
      case "end":
        this.#finish();
    }
  }

  /** @param {string[]} ids */
  #begin(ids) {
    [this.#ids, this.#known] = [ids, []];
    this.#list(false);
    this.#go("stage");
    this.#ask(0);
  }

  /** @param {number} at */
  #ask(at) {
    this.#at = at;
    this.#part("said").textContent = "";
    const card = this.#entry(this.#ids[at]);
    if (!card) return this.#finish();
    const places = { n: at + 1, count: this.#ids.length };
    this.#part("place").textContent = say(this.dataset, "place", places);
    ask(this.#stage, card, schedule.shuffled(OPTION_COUNT, `${today()} ${card.id}`));
    this.#part("stage").scrollIntoView();
  }

  /**
   * Keep an answer to the card that is asked.
   * @param {boolean} right
   * @returns {string} when it comes again
   */
  #answer(right) {
    const id = this.#ids[this.#at] ?? "";
    const card = this.#store.answer(id, right);
    this.#known[this.#at] = right;
    this.#tell(`recall/${id}`, right);
    this.#count();
    return again(this.dataset, schedule.due(card, today()), today(), spoken);
  }

  #finish() {
    const { length } = this.#known;
    const right = this.#known.filter(Boolean).length;
    const next = upcoming(this.dataset, this.#all, this.#store.cards(), today(), spoken);
    this.#part("result").textContent = say(this.dataset, "result", { right, count: length });
    this.#part("upcoming").textContent = next;
    const missed = this.#ids.filter((_, at) => this.#known[at] === false);
    this.#part("missed").hidden = !missed.length;
    this.#part("missed")
      .querySelector("ul")
      ?.replaceChildren(...missed.map((id) => this.#question(id)));
    this.#go("finished");
    this.#part("finished-head").focus();
    if (length === this.#ids.length) this.#tell("recall", true);
  }

  /** @param {string} id */
  #question(id) {
    const item = document.createElement("li");
    const asked = this.#entry(id)?.querySelector("summary");
    const steps = this.#entry(id)?.querySelectorAll("figcaption a") ?? [];
    item.append(...(asked?.cloneNode(true).childNodes ?? []));
    for (const step of steps) item.append(" ", step.cloneNode(true));
    return item;
  }

  #back() {
    this.#go("start");
    const shown = [...this.#part("start").querySelectorAll("button")].find((one) => !one.hidden);
    shown?.focus();
  }

  /** @param {boolean} on */
  #list(on) {
    this.toggleAttribute("data-list", on);
    this.querySelector("[data-do=list]")?.setAttribute("aria-expanded", String(on));
  }

  /** Open the card that the address names. */
  #openLinked() {
    const card = this.#entry(/^#card-([a-z0-9-]+)$/.exec(location.hash)?.[1]);
    if (!card) return;
    this.#list(true);
    card.querySelector("details")?.setAttribute("open", "");
    card.scrollIntoView({ block: "center" });
  }

  #download() {
    const days = schedule.days(this.#all, this.#store.cards(), today());
    const title = (/** @type {number} */ count) => many(this.dataset, "event", count);
    const address = location.href.replace(/[?#].*/, "");
    const words = { title, about: this.dataset.about ?? "", address };
    const blob = new Blob([calendar(days, words, stamp())], { type: "text/calendar" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "recall.ics";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  #forget() {
    this.#store.forget();
    this.#sure.close();
    this.#back();
    this.#part("said").textContent = this.dataset.forgotten ?? "";
  }

  /**
   * Whoever keeps what a reader has done hears of it.
   * @param {string} what
   * @param {boolean} done
   */
  #tell(what, done) {
    this.dispatchEvent(new CustomEvent("tg-did", { bubbles: true, detail: { what, done } }));
  }
}

// Instant navigation keeps the document, and with it the definition.
if (!customElements.get("trace-recall")) customElements.define("trace-recall", TraceRecall);
