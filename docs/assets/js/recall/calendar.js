/**
 * Days on which cards are due, as a calendar that other programs read. No DOM, no clock.
 * Source: RFC 5545, "Internet Calendaring and Scheduling Core Object Specification".
 */

import { dateOf } from "./schedule.js";

const LINE_OCTETS_MAX = 75;
const PRODUCT = "-//tracegen//Recall//EN";

/**
 * An event for each day, all day long. A day keeps its UID, so a program that reads a newer file
 * changes the event that it has.
 * @param {[day: number, count: number][]} days
 * @param {{title: (count: number) => string, about: string, address: string}} say the title of an
 * event, what it is about, and where the cards are
 * @param {string} stamp when this is written: UTC, as in 20261123T140000Z
 * @returns {string}
 */
export function calendar(days, say, stamp) {
  const events = days.flatMap(([day, count]) => [
    "BEGIN:VEVENT",
    `UID:recall-${basic(day)}@tracegen`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${basic(day)}`,
    `DTEND;VALUE=DATE:${basic(day + 1)}`, // The first day after it.
    `SUMMARY:${escaped(say.title(count))}`,
    `DESCRIPTION:${escaped(say.about)}`,
    `URL:${say.address}`,
    "TRANSP:TRANSPARENT", // Nobody is busy all day with a few cards.
    "END:VEVENT",
  ]);
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:${PRODUCT}`, "CALSCALE:GREGORIAN"];
  return [...head, ...events, "END:VCALENDAR"].map((line) => `${folded(line)}\r\n`).join("");
}

/**
 * A day as 20261123.
 * @param {number} day
 */
function basic(day) {
  const [year, month, date] = dateOf(day);
  return [year, month, date].map((part) => String(part).padStart(2, "0")).join("");
}

/**
 * Text as section 3.3.11 has it.
 * @param {string} text
 */
function escaped(text) {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|[\r\n]/g, "\\n");
}

/**
 * Fold a line so that no part has more than 75 octets, and no character is torn; section 3.1.
 * @param {string} line
 */
function folded(line) {
  let parts = "";
  let octets = 0;
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (octets + size > LINE_OCTETS_MAX) {
      parts += "\r\n ";
      octets = 1; // The space counts.
    }
    parts += character;
    octets += size;
  }
  return parts;
}
