/**
 * When a card is due again: after 1, 3, 7 and 21 days, and no more once it was known after those.
 * No DOM, no clock: today is handed in, as the number of a day.
 *
 * Rule 1: a right answer moves a card on, a wrong one starts again at 1 day.
 * Rule 2: only a card that is due can move on; known too early says nothing of later.
 * Rule 3: days are those of the reader's calendar. A day of 23 hours is one, and a card that was
 * answered on a day which is still to come, as the clock was put back, counts as answered today.
 */

/**
 * What is known of a card that was answered.
 * @typedef {{box: number, day: number}} Card `box`: how many of `DAYS` it has come through, all of
 * them for a card that is learned. `day`: when it was answered last.
 * @typedef {Map<string, Card>} Cards By id.
 * @typedef {{due: number, tomorrow: number, week: number, fresh: number, learned: number}} Counts
 * `due`: seen before, and due by today. `week`: due in the seven days after today, tomorrow among
 * them. `fresh`: never answered.
 */

export const DAYS = [1, 3, 7, 21];
export const SESSION = 10;
const VERSION = 1;
const WEEK = 7;
const CARDS_MAX = 2000;
const DAY_MAX = 1_000_000;
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * The number of a day, from 1 January 1970 on, which is 0.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 * @param {number} year
 * @param {number} month from 1
 * @param {number} date from 1
 * @returns {number}
 */
export function dayOf(year, month, date) {
  const y = month > 2 ? year : year - 1; // Years begin in March, so that a leap day is the last.
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leaps + dayOfYear - 719_468;
}

/**
 * The way back from `dayOf`.
 * Source: the same, civil_from_days.
 * @param {number} day
 * @returns {[year: number, month: number, date: number]}
 */
export function dateOf(day) {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const before = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524);
  const yearOfEra = Math.floor((dayOfEra - before + Math.floor(dayOfEra / 146_096)) / 365);
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - (365 * yearOfEra + leaps);
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch + (fromMarch < 10 ? 3 : -9);
  const date = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return [era * 400 + yearOfEra + (month > 2 ? 0 : 1), month, date];
}

/**
 * Take what a browser kept for cards; whatever is not of that shape is left out.
 * @param {unknown} kept
 * @returns {Cards}
 */
export function opened(kept) {
  /** @type {Cards} */
  const cards = new Map();
  if (!isTable(kept) || kept.version !== VERSION || !isTable(kept.cards)) return cards;
  for (const [id, card] of Object.entries(kept.cards).slice(0, CARDS_MAX)) {
    if (!ID.test(id) || !isTable(card)) continue;
    const { box, day } = card;
    if (isWhole(box, DAYS.length) && isWhole(day, DAY_MAX)) cards.set(id, { box, day });
  }
  return cards;
}

/**
 * Cards as a browser keeps them.
 * @param {Cards} cards
 */
export function closed(cards) {
  return { version: VERSION, cards: Object.fromEntries(cards) };
}

/**
 * What becomes of a card by an answer.
 * @param {Card | undefined} card not there before the first answer
 * @param {boolean} right
 * @param {number} today
 * @returns {Card}
 */
export function answered(card, right, today) {
  if (!card || !right) return { box: 0, day: today };
  if (due(card, today) > today) return card;
  return { box: Math.min(card.box + 1, DAYS.length), day: today };
}

/**
 * The day on which a card is due; never for one that is learned.
 * @param {Card} card
 * @param {number} today
 */
export function due({ box, day }, today) {
  return Math.min(day, today) + (DAYS[box] ?? Infinity);
}

/**
 * @param {Iterable<string>} ids of all cards there are; what else was kept does not count
 * @param {Cards} cards
 * @param {number} today
 * @returns {Counts}
 */
export function counted(ids, cards, today) {
  const counts = { due: 0, tomorrow: 0, week: 0, fresh: 0, learned: 0 };
  for (const id of ids) {
    const card = cards.get(id);
    const wait = card ? due(card, today) - today : 0;
    if (!card) counts.fresh += 1;
    else if (wait === Infinity) counts.learned += 1;
    else if (wait <= 0) counts.due += 1;
    else if (wait <= WEEK) counts.week += 1;
    if (card && wait === 1) counts.tomorrow += 1;
  }
  return counts;
}

/**
 * What to take next: what has been due for longest first, then what is new, in its order.
 * @param {string[]} ids
 * @param {Cards} cards
 * @param {number} today
 * @param {number} [size]
 * @returns {string[]}
 */
export function session(ids, cards, today, size = SESSION) {
  const again = ids
    .flatMap((id) => {
      const card = cards.get(id);
      return card && due(card, today) <= today ? [{ id, day: due(card, today) }] : [];
    })
    .sort((one, other) => one.day - other.day);
  const fresh = ids.filter((id) => !cards.has(id));
  return [...again.map(({ id }) => id), ...fresh].slice(0, size);
}

/**
 * How many cards are due on which day, in order; what is overdue is due today.
 * @param {Iterable<string>} ids
 * @param {Cards} cards
 * @param {number} today
 * @returns {[day: number, count: number][]}
 */
export function days(ids, cards, today) {
  /** @type {Map<number, number>} */
  const found = new Map();
  for (const id of ids) {
    const card = cards.get(id);
    const day = card ? Math.max(due(card, today), today) : Infinity;
    if (day !== Infinity) found.set(day, (found.get(day) ?? 0) + 1);
  }
  return [...found].sort(([one], [other]) => one - other);
}

/**
 * The numbers below a count in an order that follows from a seed alone, so that nobody remembers
 * where an answer stood instead of what it said.
 * Source: Fisher and Yates; xorshift32 (Marsaglia 2003), seeded by FNV-1a.
 * @param {number} count
 * @param {string} seed
 * @returns {number[]}
 */
export function shuffled(count, seed) {
  let state = 0x811c9dc5;
  for (const unit of seed) state = Math.imul(state ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  const found = Array.from({ length: count }, (_, index) => index);
  for (let left = count - 1; left > 0; left -= 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (left + 1);
    [found[left], found[other]] = [found[other] ?? 0, found[left] ?? 0];
  }
  return found;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @param {number} most
 * @returns {value is number}
 */
function isWhole(value, most) {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}
