/**
 * Sentences of the page with their places filled, as its language counts. No DOM, no clock.
 *
 * @typedef {Record<string, string | undefined>} Texts By name, as the page's markup has them.
 */

import { counted, days } from "./schedule.js";

/**
 * @param {Texts} texts
 * @param {string} name
 * @param {Record<string, string | number>} places
 * @returns {string}
 */
export function say(texts, name, places) {
  return (texts[name] ?? "").replace(/\{(\w+)\}/g, (_, place) => String(places[place] ?? ""));
}

/**
 * @param {Texts} texts
 * @param {string} name
 * @param {number} n
 */
export function many(texts, name, n) {
  return say(texts, `${name}${n === 1 ? "One" : "Many"}`, { n });
}

/**
 * When a card comes again.
 * @param {Texts} texts
 * @param {number} when `Infinity`: never
 * @param {number} today
 * @param {(day: number) => string} spoken a day as people say it
 */
export function again(texts, when, today, spoken) {
  if (when === Infinity) return texts.againNever ?? "";
  return when === today + 1
    ? (texts.againTomorrow ?? "")
    : say(texts, "again", { date: spoken(when) });
}

/**
 * What is still due, what comes next and when, and how much was never seen.
 * @param {Texts} texts
 * @param {string[]} ids
 * @param {import("./schedule.js").Cards} cards
 * @param {number} today
 * @param {(day: number) => string} spoken
 */
export function upcoming(texts, ids, cards, today, spoken) {
  const { due, fresh } = counted(ids, cards, today);
  const next = days(ids, cards, today).find(([day]) => day > today);
  const said = [];
  if (due) said.push(say(texts, "nextToday", { cards: many(texts, "cards", due) }));
  if (next) {
    const [day, count] = next;
    const name = day === today + 1 ? "nextTomorrow" : "next";
    said.push(say(texts, name, { cards: many(texts, "cards", count), date: spoken(day) }));
  }
  if (fresh) said.push(say(texts, "nextNew", { cards: many(texts, "cards", fresh) }));
  return said.join(" ") || (texts.nextNever ?? "");
}
