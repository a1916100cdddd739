/** Faults as a form has them and as a scenario's file has them, and the way between. No DOM. */

/** @typedef {import("./plan.js").Table} Table */
/** @typedef {import("./plan.js").Place} Place */

/** @typedef {Record<string, string>} Fields What a form's controls hold, by name. */

/** What a fault needs to say besides what it does, and to whom; `tracegen.faults` has the same. */
const MORE = /** @type {Record<string, string[]>} */ ({
  kill: ["at", "back"],
  pause: ["back"],
  slow: ["for_ms"],
  misspell: ["topic"],
  poison: ["topic", "key"],
  "kill node": ["node", "back"],
  "pause node": ["node", "back"],
});
const NUMBERS = ["for_ms"];
/** What a fault means that does not say it. @type {Table} */
const UNSAID = { back: "never" };
const LEADER_OF = "leader of ";

/** At no delivery, but before all else. */
const START = "start ";
/** Where the scenario has it: a form cannot say all that a file can. */
export const AS_GIVEN = "";

/** @param {string} service */
export const atStart = (service) => START + service;

/**
 * Which controls a fault has.
 * @param {string} deed
 * @param {string} place
 */
export function fieldsOf(deed, place) {
  const isAtStart = place.startsWith(START);
  return (MORE[deed] ?? []).filter((name) => name !== "at" || !isAtStart);
}

/** Whether a deed is done to a delivery. @param {string} deed */
export const hasPlace = (deed) => deed !== "poison";

/**
 * Where a fault bites, as a choice in a form.
 * @param {Table} table
 * @param {Place[]} places
 */
export function placeOf(table, places) {
  const on = /** @type {Table | undefined} */ (table["on"]);
  if (!on) return atStart(String(table["service"]));
  const names = [on["message"]].flat();
  const at = places.findIndex(
    (place) =>
      place.service === table["service"] &&
      names.includes(place.message) &&
      on["key"] === place.key &&
      on["delivery"] === place.delivery,
  );
  return at < 0 ? AS_GIVEN : String(at);
}

/**
 * @param {Table} table
 * @returns {Fields} What of it stands in controls of its own.
 */
export function fieldsFrom(table) {
  const names = MORE[String(table["do"])] ?? [];
  const given = { ...UNSAID, ...table };
  const found = names.filter((name) => given[name] !== undefined);
  return Object.fromEntries(
    found.map((name) => [name, String(given[name]).replace(LEADER_OF, "")]),
  );
}

/**
 * @param {Table} before As it was; what stays as given is taken from there.
 * @param {string} deed
 * @param {string} place A choice: see `placeOf`.
 * @param {Place[]} places
 * @param {Fields} fields
 * @param {string} style What is chosen in one style is no delivery of the other.
 * @returns {Table}
 */
export function tableOf(before, deed, place, places, fields, style) {
  const kept = place === AS_GIVEN ? only(before, ["service", "on", "style"]) : { style };
  const chosen = place === AS_GIVEN || !hasPlace(deed) ? {} : placed(place, places);
  const more = fieldsOf(deed, place).map((name) => [name, valueOf(name, fields[name] ?? "")]);
  return { do: deed, ...kept, ...chosen, ...Object.fromEntries(more) };
}

/**
 * Another place for a fault to begin with: the first at which it can bite.
 * @param {string} deed
 * @param {Place[]} places
 * @param {string[]} taken Choices: a delivery has one fault.
 */
export function firstFor(deed, places, taken) {
  const at = places.findIndex(
    ({ deeds }, each) => deeds.includes(deed) && !taken.includes(String(each)),
  );
  return at < 0 ? null : String(at);
}

/**
 * @param {string} place
 * @param {Place[]} places
 * @returns {Table}
 */
function placed(place, places) {
  if (place.startsWith(START)) return { service: place.slice(START.length) };
  const found = places[Number(place)];
  if (!found) return {};
  const { service, message, key, delivery } = found;
  return { service, on: { message, key, delivery } };
}

/**
 * @param {string} name
 * @param {string} text
 */
function valueOf(name, text) {
  if (NUMBERS.includes(name)) return Math.max(1, Math.trunc(Number(text)) || 1);
  return name === "node" ? LEADER_OF + text : text;
}

/**
 * @param {Table} table
 * @param {string[]} names
 */
function only(table, names) {
  return Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)));
}
