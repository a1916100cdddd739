/**
 * What stood where at a cut of a recording. No DOM and no clock.
 *
 * @typedef {object} Frame
 * @property {readonly Participant[]} participants In the flow's order.
 * @property {readonly Log[]} logs By topic and partition.
 *
 * @typedef {object} Participant
 * @property {string} service
 * @property {string} label A, B, C or Orchestrator.
 * @property {"nothing" | "part" | "all" | "down"} knows Of the order.
 * @property {string} status Of the order, as it has it; empty if it has not heard of it.
 *
 * @typedef {object} Log
 * @property {string} topic
 * @property {number} partition
 * @property {number} end The offset that the next record would get.
 * @property {readonly Reader[]} readers
 *
 * @typedef {object} Reader A group on a partition.
 * @property {string} service
 * @property {number} committed The offset that it reads next.
 * @property {number} lag
 * @property {boolean} isDown No instance of it is alive.
 */

/**
 * @param {import("./recording.js").Recording} _recording
 * @param {number} _until `seq` of the last span that has happened; -1 for none.
 * @param {string} _order The order whose state is asked for.
 * @returns {Frame}
 */
export function frameAt(_recording, _until, _order) {
  return { participants: [], logs: [] };
}
