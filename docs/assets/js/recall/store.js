/** What this browser keeps of a reader's answers. */

import * as kept from "../kept.js";
import { today } from "./clock.js";
import * as schedule from "./schedule.js";

const NAME = "recall";

export class Store {
  /** @type {schedule.Cards} What the browser would have kept, where it keeps nothing. */
  #memory = new Map();
  /** Whether it is there next time, too. */
  isKept = kept.read(NAME) !== null || kept.write(NAME, null);

  /** @returns {schedule.Cards} read anew: another tab may have answered. */
  cards() {
    return this.isKept ? schedule.opened(kept.read(NAME)) : this.#memory;
  }

  /**
   * Keep an answer, and nothing else: what other tabs kept of other cards stays.
   * @param {string} id
   * @param {boolean} right
   * @returns {schedule.Card} what the card is now
   */
  answer(id, right) {
    const cards = this.cards();
    const card = schedule.answered(cards.get(id), right, today());
    cards.set(id, card);
    this.#memory = cards;
    this.isKept &&= kept.write(NAME, schedule.closed(cards));
    return card;
  }

  forget() {
    kept.write(NAME, null);
    this.#memory = new Map();
  }
}
