/** Anchors of acts and records, by the rules of tracegen/acts.py. No DOM. */

import { recordOf, slug } from "./causes.js";

/** @typedef {import("./all-index.js").Index} Index */

/**
 * The anchor of an act, which names it by cause; a second one of the same gets a number.
 * @param {Index} index
 * @param {number} act
 */
export function anchorOfAct({ recording, firstOfOrder, nextOfOrder }, act) {
  const { scenario, style, orders, order, service, services, message, messages } = recording;
  const name = services[service[act]];
  const label = recording.participants.find((each) => each.service === name)?.label ?? name;
  const key = orders[order[act]];
  const words = `${scenario} ${style} ${key} ${label} handles ${messages[message[act]]?.name}`;
  let count = 1;
  let other = firstOfOrder[order[act]];
  for (; other >= 0 && other < act; other = nextOfOrder[other]) {
    if (service[other] === service[act] && message[other] === message[act]) count += 1;
  }
  return count === 1 ? slug(words) : `${slug(words)}-${count}`;
}

/**
 * The act with an anchor; -1 where none has it.
 * @param {Index} index
 * @param {string} anchor
 */
export function actOf(index, anchor) {
  const { scenario, style, orders } = index.recording;
  for (let order = 0; order < orders.length; order += 1) {
    const start = slug(`${scenario} ${style} ${orders[order]}`);
    if (!anchor.startsWith(`${start}-`)) continue;
    for (let act = index.firstOfOrder[order]; act >= 0; act = index.nextOfOrder[act]) {
      if (anchorOfAct(index, act) === anchor) return act;
    }
  }
  return -1;
}

/**
 * The anchor of a raw record; empty where Kafka never acknowledged one.
 * @param {Index} index
 * @param {number} send
 */
export function anchorOfRecord({ recording }, send) {
  const { topic, partition, offset } = recording;
  const isThere = topic[send] >= 0 && partition[send] >= 0 && offset[send] >= 0;
  return isThere ? recordOf(recording, send) : "";
}

/**
 * The anchor of the act done last, orchestration's where both act.
 * @param {readonly Index[]} indexes
 * @param {number} position
 */
export function anchorAt(indexes, position) {
  const row = Math.ceil(position) - 1;
  const index = indexes.findLast(({ actAt }) => (actAt[row] ?? -1) >= 0);
  return index ? anchorOfAct(index, index.actAt[row]) : "";
}
