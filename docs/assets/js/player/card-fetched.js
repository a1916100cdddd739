/** The facts of a record that the page does not list, from the recording's own lines. */

import { nameOf, recordOf } from "./causes.js";
import { wrong } from "./fields.js";
import { given } from "./load.js";
import { SPANS_PER_CHUNK } from "./recording.js";

/** @typedef {import("./recording.js").Recording} Recording */

/**
 * @typedef {object} Envelope As the recording's line has it.
 * @property {{ name: string, kind: string, key: string, data?: unknown }} message
 * @property {string} message_id
 * @property {string} correlation_id
 * @property {string | null} causation_id
 */

const HEADER_LINES = 1;

/**
 * @param {HTMLElement} card
 * @param {Recording} recording
 * @param {number} seq Of the span that sent it.
 * @param {AbortSignal} signal
 */
export async function fetched(card, recording, seq, signal) {
  const envelope = await sent(recording, seq, signal);
  const { message } = envelope;
  const facts = copy(card, "card-blank");
  const topic = recording.topics[recording.topic[seq] ?? -1]?.name ?? "";
  const place = { partition: recording.partition[seq], offset: recording.offset[seq] };
  const value = JSON.stringify(message.data ?? {}, null, 2);
  say(facts, { topic, ...place, key: message.key, value });
  for (const [name, value] of headers(envelope, recording, seq)) {
    const line = document.createElement("div");
    for (const [tag, text] of [["dt", name], ["dd", value]]) {
      const code = document.createElement("code");
      code.textContent = text ?? "";
      line.appendChild(document.createElement(tag ?? "")).append(code);
    }
    find(facts, "headers").append(line);
  }
  find(facts, "sent").append(doing(card, recording, seq));
  const reads = children(recording, seq, "process");
  const effects = reads.flatMap((read) => children(recording, read, "send"));
  list(find(facts, "reads"), reads, (read) => [doing(card, recording, read)]);
  const comma = (/** @type {number} */ at) => (at === effects[0] ? "" : ", ");
  list(find(facts, "effects"), effects, (at) => [comma(at), link(recording, at)]);
  const handling = recording.parent[seq] ?? -1;
  const cause = recording.parent[handling] ?? -1;
  find(facts, "cause").append(link(recording, cause < 0 ? handling : cause));
  const name = document.createElement("code");
  name.textContent = message.name;
  const where = ` ${topic}, ${place.partition}, ${place.offset}`;
  card.querySelector("[data-part=card-name]")?.replaceChildren(name, where);
  card.querySelector("[data-part=card-facts]")?.replaceChildren(facts);
}

/**
 * @param {Recording} recording
 * @param {number} seq
 * @param {AbortSignal} signal
 * @returns {Promise<Envelope>} What the span sent.
 */
async function sent({ name, spanCount }, seq, signal) {
  const whole = `${name}.jsonl`; // The lines of a long one come in pieces as well.
  const isWhole = spanCount <= SPANS_PER_CHUNK || given.has(whole);
  const piece = Math.floor(seq / SPANS_PER_CHUNK);
  const file = isWhole ? whole : `${name}.lines.${piece}.jsonl`;
  const source = `recordings/${file}`;
  const lines = (given.get(file) ?? (await text(file, source, signal))).split("\n");
  const line = lines[isWhole ? seq + HEADER_LINES : seq % SPANS_PER_CHUNK];
  const found = JSON.parse(line ?? "null");
  if (found?.seq === seq && found.envelope?.message) return found.envelope;
  throw wrong(source, `span ${seq} is not on its line`, "a span that sends belongs there");
}

/**
 * @param {string} file
 * @param {string} source
 * @param {AbortSignal} signal
 */
async function text(file, source, signal) {
  const response = await fetch(address(file), { signal });
  if (response.ok) return response.text();
  throw wrong(source, `the site answers ${response.status}`, "it should have the file");
}

/** @param {string} file */
function address(file) {
  return new URL(`../../../recordings/${file}`, import.meta.url).href;
}

/**
 * As a producer writes them; see `headers` of `tracegen.views.records`.
 * @param {Envelope} envelope
 * @param {Recording} recording
 * @param {number} seq
 * @returns {[string, string | null][]}
 */
function headers({ message, message_id, correlation_id, causation_id }, recording, seq) {
  const service = recording.services[recording.service[seq] ?? -1] ?? "";
  const hex = (/** @type {string} */ id) => id.replaceAll("-", "");
  const found = {
    ce_id: message_id,
    ce_source: `/tracegen/${service}`,
    ce_type: message.name,
    ce_specversion: "1.0",
    ce_subject: message.key,
    ce_kind: message.kind,
    ce_correlationid: correlation_id,
    ce_causationid: causation_id,
    traceparent: `00-${hex(correlation_id)}-${hex(message_id).slice(0, 16)}-01`,
    "content-type": "application/json",
  };
  return Object.entries(found).filter(([, value]) => value !== undefined && value !== null);
}

/**
 * @param {Recording} recording
 * @param {number} seq
 * @param {string} operation
 */
function children(recording, seq, operation) {
  const wanted = recording.operations.indexOf(operation);
  const found = [];
  for (let at = seq + 1; at < recording.loaded; at += 1) {
    if (recording.parent[at] === seq && recording.operation[at] === wanted) found.push(at);
  }
  return found;
}

/**
 * Who did it, when, and on which line it stands.
 * @param {HTMLElement} card
 * @param {Recording} recording
 * @param {number} seq
 */
function doing(card, recording, seq) {
  const told = copy(card, "card-doing");
  const ms = ((recording.time_us[seq] ?? 0) / 1000).toFixed(1);
  const [settle] = children(recording, seq, "settle");
  const next = settle === undefined ? "" : recording.offset[settle];
  const who = recording.instances[recording.instance[seq] ?? -1] ?? "";
  say(told, { who, ms, line: seq + HEADER_LINES + 1, next });
  const name = `${recording.name}.jsonl`;
  const isHere = !given.has(name); // No site has what was handed over.
  const file = document.createElement(isHere ? "a" : "span");
  if (file instanceof HTMLAnchorElement) file.href = address(name);
  file.append(...find(told, "file").childNodes);
  find(told, "file").append(file);
  find(told, "committed").hidden = settle === undefined;
  return told;
}

/**
 * @param {Recording} recording
 * @param {number} seq
 */
function link(recording, seq) {
  const isRecord = recording.operations[recording.operation[seq] ?? -1] === "send";
  const made = document.createElement(isRecord ? "a" : "code");
  if (made instanceof HTMLAnchorElement) made.href = `#${recordOf(recording, seq)}`;
  made.textContent = nameOf(recording, seq);
  return made;
}

/**
 * @param {Element} place
 * @param {readonly number[]} seqs
 * @param {(seq: number) => (Node | string)[]} make
 */
function list(place, seqs, make) {
  for (const seq of seqs) {
    const each = document.createElement("span");
    each.dataset["seq"] = String(seq);
    each.append(...make(seq));
    place.append(each);
  }
  if (!seqs.length) place.textContent = place.getAttribute("data-none");
}

/**
 * @param {HTMLElement} card
 * @param {string} name
 */
function copy(card, name) {
  const blank = /** @type {HTMLTemplateElement} */ (card.querySelector(`[data-part=${name}]`));
  return /** @type {DocumentFragment} */ (blank.content.cloneNode(true));
}

/**
 * @param {DocumentFragment} facts
 * @param {string} name
 */
function find(facts, name) {
  return /** @type {HTMLElement} */ (facts.querySelector(`[data-fact=${name}]`));
}

/**
 * @param {DocumentFragment} facts
 * @param {Record<string, unknown>} told
 */
function say(facts, told) {
  for (const [name, value] of Object.entries(told)) find(facts, name).textContent = String(value);
}
