/** @type {import("./types.js").Connect} */
export function connect(_player) {
  return { show() {} };
}
