/**
 * Asks before a key step is uncovered, and keeps the guess on view beside what happened.
 *
 * Questions, options and what is said of each stand in a template of the page. Playing and stepping
 * ask; dragging, jumping and deep links never do, for who goes there knows what for.
 */

import { guessesOf } from "./ask-guess.js";

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const { root, signal } = player;
  const template = root.querySelector("template[data-part=questions]");
  if (!(template instanceof HTMLTemplateElement)) return { show() {} };
  const questions = new Map(
    [...template.content.querySelectorAll("[data-edge]")].map((each) => [
      Number(each.getAttribute("data-edge")),
      each,
    ]),
  );
  /** What was said at each edge: a letter, or `skip`. @type {Map<number, string>} */
  const said = new Map();
  const guesses = guessesOf(player, template, questions, said);
  const live = root.querySelector("[data-part=asking]");
  /** @typedef {{ edge: number, plays: boolean, card: import("./ask-card.js").Card | null }} Open */
  /** @type {Open | null} */
  let open = null;

  /** @param {string} text */
  const tell = (text) => {
    if (live) live.textContent = text;
  };
  const close = () => {
    open?.card?.remove();
    open = null;
    tell("");
  };
  /** @param {number} edge */
  const ask = (edge) => {
    const question = questions.get(edge);
    const { asks, view, playing } = player.state;
    if (!question || !asks || view === "all" || said.has(edge)) return false;
    if (open?.edge !== edge) {
      close();
      open = { edge, plays: playing, card: null };
      tell(live?.getAttribute("data-text") ?? "");
      void show(open, question);
    }
    open.plays = playing;
    open.card?.focus();
    return true;
  };
  /**
   * Fetched for the first question. Where it cannot be, nothing is asked, and nothing stands still.
   * @param {Open} asked
   * @param {Element} question
   */
  const show = async (asked, question) => {
    const module = await import("./ask-card.js").catch(() => null);
    if (open !== asked) return;
    if (!module) return choose("skip");
    asked.card = module.cardOf(player, question, asked.edge);
    asked.card.focus();
  };
  /** @param {string} answer */
  const choose = (answer) => {
    if (!open) return;
    const { edge, plays } = open;
    said.set(edge, answer);
    close();
    tell(guesses.add(edge));
    if (plays) player.set({ playing: true });
    else player.step(1);
  };

  player.mayPass = (edge) => !ask(edge);
  root.addEventListener(
    "click",
    (event) => {
      const hit = event.target instanceof Element ? event.target : null;
      const answer = hit?.closest(".tg-ask [data-answer]")?.getAttribute("data-answer");
      if (answer) choose(answer);
      const again = Number(hit?.closest("[data-again]")?.getAttribute("data-again"));
      if (!again) return;
      said.delete(again);
      guesses.remove(again);
      player.set({ position: again, playing: false, asks: true });
      ask(again);
    },
    { signal },
  );
  root.addEventListener(
    "tg-key",
    (event) => {
      if (!(event instanceof CustomEvent) || !open) return;
      const key = String(event.detail);
      const answer = key === "close" ? "skip" : /^answer:(\w)$/.exec(key)?.[1];
      if (!answer || !questions.get(open.edge)?.querySelector(`[data-answer=${answer}]`)) return;
      event.preventDefault();
      choose(answer);
    },
    { signal },
  );
  signal.addEventListener("abort", () => {
    close();
    player.mayPass = () => true;
  });
  return {
    show(moment, state, before) {
      if (open && (moment.position !== open.edge || !state.asks || state.view === "all")) close();
      if (state.view !== before?.view) open?.card?.place();
      guesses.show(moment, state);
    },
  };
}
