/**
 * Asks before a key step is uncovered, and keeps the guess on view beside what happened.
 *
 * Questions, options and what is said of each stand in a template of the page. Playing and stepping
 * ask; dragging, jumping and deep links never do, for who goes there knows what for.
 */

import { guessesOf } from "./ask-guess.js";

/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Player} Player */
/** @typedef {{ edge: number, plays: boolean, card: import("./ask-card.js").Card | null }} Open */

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const template = player.root.querySelector("template[data-part=questions]");
  return template instanceof HTMLTemplateElement ? new Asking(player, template) : { show() {} };
}

/** @implements {Part} */
class Asking {
  /** What was said at each edge: a letter, or `skip`. @type {Map<number, string>} */
  #said = new Map();
  /** @type {Open | null} */
  #open = null;

  /**
   * @param {Player} player
   * @param {HTMLTemplateElement} template
   */
  constructor(player, template) {
    this.player = player;
    this.questions = questionsOf(template);
    this.guesses = guessesOf(player, template, this.questions, this.#said);
    this.live = player.root.querySelector("[data-part=asking]");
    player.mayPass = (edge) => !this.#ask(edge);
    listen(player, {
      offers: (answer) => this.#offers(answer),
      choose: (answer) => this.#choose(answer),
      again: (edge) => this.#again(edge),
    });
    player.signal.addEventListener("abort", () => {
      this.#close();
      player.mayPass = () => true;
    });
  }

  /** @type {Part["show"]} */
  show(moment, state, before) {
    const isHere = moment.position === this.#open?.edge && state.asks && state.view !== "all";
    if (this.#open && !isHere) this.#close();
    if (state.view !== before?.view) this.#open?.card?.place();
    this.guesses.show(moment, state);
  }

  /** @param {number} edge */
  #ask(edge) {
    const question = this.questions.get(edge);
    const { asks, view, playing } = this.player.state;
    if (!question || !asks || view === "all" || this.#said.has(edge)) return false;
    if (this.#open?.edge !== edge) {
      this.#close();
      this.#tell(this.live?.getAttribute("data-text") ?? "");
      this.#open = { edge, plays: playing, card: null };
      void this.#bring(this.#open, question);
    }
    this.#open.plays = playing;
    this.#open.card?.focus();
    return true;
  }

  /**
   * Fetched for the first question. Where it cannot be, nothing is asked, and nothing stands still.
   * @param {Open} open
   * @param {Element} question
   */
  async #bring(open, question) {
    const module = await import("./ask-card.js").catch(() => null);
    if (this.#open !== open) return;
    if (!module) return this.#choose("skip");
    open.card = module.cardOf(this.player, question, open.edge);
    open.card.focus();
  }

  /**
   * Whether the open question has an answer.
   * @param {string} answer
   */
  #offers(answer) {
    const question = this.questions.get(this.#open?.edge ?? -1);
    return Boolean(question?.querySelector(`[data-answer=${answer}]`));
  }

  /** @param {string} answer */
  #choose(answer) {
    if (!this.#open) return;
    const { edge, plays } = this.#open;
    this.#said.set(edge, answer);
    this.#close();
    this.#tell(this.guesses.add(edge));
    if (plays) this.player.set({ playing: true });
    else this.player.step(1);
  }

  /** @param {number} edge */
  #again(edge) {
    this.#said.delete(edge);
    this.guesses.remove(edge);
    this.player.set({ position: edge, playing: false, asks: true });
    this.#ask(edge);
  }

  #close() {
    this.#open?.card?.remove();
    this.#open = null;
    this.#tell("");
  }

  /** @param {string} text */
  #tell(text) {
    if (this.live) this.live.textContent = text;
  }
}

/**
 * The questions of a page, by the row after which each is asked.
 * @param {HTMLTemplateElement} template
 */
function questionsOf({ content }) {
  return new Map(
    [...content.querySelectorAll("[data-edge]")].map((each) => [
      Number(each.getAttribute("data-edge")),
      each,
    ]),
  );
}

/**
 * Hear answers, by pointer and by key, and who wants to be asked again.
 * @param {Player} player
 * @param {object} on
 * @param {(answer: string) => boolean} on.offers Whether an open question has that answer.
 * @param {(answer: string) => void} on.choose
 * @param {(edge: number) => void} on.again
 */
function listen({ root, signal }, { offers, choose, again }) {
  root.addEventListener(
    "click",
    (event) => {
      const hit = event.target instanceof Element ? event.target : null;
      const answer = hit?.closest(".tg-ask [data-answer]")?.getAttribute("data-answer");
      if (answer) choose(answer);
      const edge = Number(hit?.closest("[data-again]")?.getAttribute("data-again"));
      if (edge) again(edge);
    },
    { signal },
  );
  root.addEventListener(
    "tg-key",
    (event) => {
      if (!(event instanceof CustomEvent)) return;
      const key = String(event.detail);
      const answer = key === "close" ? "skip" : /^answer:(\w)$/.exec(key)?.[1];
      if (!answer || !offers(answer)) return;
      event.preventDefault();
      choose(answer);
    },
    { signal },
  );
}
