/** Brings a recording. */

/**
 * @param {string} _name
 * @param {AbortSignal} _signal
 * @returns {Promise<import("./recording.js").Recording>}
 */
export async function load(_name, _signal) {
  return new Promise(() => {});
}
