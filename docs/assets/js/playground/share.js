/**
 * A plan as the end of an address: JSON, deflated, in letters that an address takes as they are.
 * No DOM.
 *
 * Whoever opens a link has not written it. So it is bounded before it is unpacked and while it is,
 * and read as a plan or not at all. Nothing here runs anything.
 */

import { checked } from "./plan.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {"long" | "broken"} Problem */

const NAME = "#try=";
const CHARACTERS_MAX = 16 * 1024;
const UNPACKED_BYTES_MAX = 256 * 1024;

/**
 * @param {Plan} plan
 * @returns {Promise<string | null>} What follows the address; null: it is too long for one.
 */
export async function write(plan) {
  const bytes = new TextEncoder().encode(JSON.stringify(plan));
  if (bytes.length > UNPACKED_BYTES_MAX) return null;
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const text = encoded(new Uint8Array(await new Response(packed).arrayBuffer()));
  return NAME.length + text.length > CHARACTERS_MAX ? null : NAME + text;
}

/**
 * @param {string} hash The end of an address, from `#` on.
 * @returns {Promise<Plan | Problem | null>} null: there is no plan in it.
 */
export async function read(hash) {
  if (!hash.startsWith(NAME)) return null;
  if (hash.length > CHARACTERS_MAX) return "long";
  try {
    const text = await unpacked(decoded(hash.slice(NAME.length)));
    return text === null ? "long" : (checked(JSON.parse(text)) ?? "broken");
  } catch {
    return "broken";
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} packed
 * @returns {Promise<string | null>} null: there is more in it than goes.
 */
async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [text, count] = ["", 0];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    count += value.length;
    if (count > UNPACKED_BYTES_MAX) {
      await reader.cancel(); // What is not read is not unpacked.
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** @param {Uint8Array} bytes */
function encoded(bytes) {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text */
function decoded(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
