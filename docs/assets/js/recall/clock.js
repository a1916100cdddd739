/** The reader's own clock and calendar, for those who are handed a day. */

import { dateOf, dayOf } from "./schedule.js";

/** The number of the day, by the calendar on the reader's wall. */
export function today() {
  const now = new Date();
  return dayOf(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

/** Now, in UTC, as calendars write it: 20261123T140000Z. */
export function stamp() {
  return new Date().toISOString().replace(/[-:]|\.\d+/g, "");
}

/**
 * A day as people say it, in the page's language.
 * @param {number} day
 */
export function spoken(day) {
  const [year, month, date] = dateOf(day);
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
  const { lang } = document.documentElement;
  return new Intl.DateTimeFormat(lang || "en", style).format(Date.UTC(year, month - 1, date));
}
