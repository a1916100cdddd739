/**
 * A recording as the player holds it: a few lists of names, and one column a field. What a column
 * holds is an index into a list of names, or a number; -1 where a span has none.
 *
 * @typedef {object} Recording
 * @property {string} name `scenario.style`.
 * @property {string} scenario
 * @property {import("./types.js").Style} style
 * @property {"kafka" | "memory"} runtime
 * @property {number} spanCount
 * @property {number} loaded How many of them are here so far; they come in order.
 * @property {readonly string[]} operations
 * @property {readonly string[]} services
 * @property {readonly string[]} instances
 * @property {readonly { name: string, partitions: number }[]} topics
 * @property {readonly { service: string, topics: string[] }[]} groups What each service reads.
 * @property {readonly { service: string, label: string, role: string, keepsAll: boolean }[]} participants
 *   In the flow's order; `keepsAll`: it keeps the state of the whole order.
 * @property {readonly { name: string, kind: "event" | "command" | "reply" }[]} messages
 * @property {readonly string[]} orders
 * @property {readonly string[]} statuses
 * @property {number} gridCount Rows of the layout of all orders.
 * @property {readonly number[]} density Acts in each of equal stretches of the grid.
 * @property {Int32Array} parent
 * @property {Float64Array} time_us
 * @property {Uint8Array} operation
 * @property {Int16Array} service
 * @property {Int16Array} instance
 * @property {Int16Array} topic
 * @property {Int16Array} partition
 * @property {Int32Array} offset
 * @property {Int16Array} message
 * @property {Int32Array} order
 * @property {Int16Array} status Of the order, by the state that a `process` span left.
 * @property {Int32Array} grid Row in the layout of all orders, from 0; `process` spans alone.
 */
export {};
