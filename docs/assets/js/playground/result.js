/** Reads what came of a run: text that a reader's code may have made. No DOM and no clock. */

/** @typedef {{ file: string, line: number, name: string, code: string }} Place */

/**
 * @typedef {object} Failure
 * @property {string} kind
 * @property {string} text In Python's words or ours; empty where the kind says it all.
 * @property {string | null} file
 * @property {number | null} line
 * @property {Place[]} trail
 */

/**
 * @typedef {object} Result
 * @property {string | null} trace
 * @property {object | null} flow
 * @property {string} printed
 * @property {boolean} printed_more
 * @property {Failure | null} failure
 */

const PRINTED_MAX = 70_000;
const TEXT_MAX = 2_100;
const TRAIL_MAX = 20;
const FILE = /^(?:(?:services\/[a-z]\w{0,60}|flows|variants)\.py|scenarios\/[\w-]{1,61}\.toml)$/;
const KINDS = new Set([
  "syntax", "error", "import", "busy", "sleep", "exit", "memory", "output", "loop", "recursion",
  "killed", "stopped", "plan", "boot",
]);

/**
 * @param {string} text
 * @returns {Result} That it is none is one too.
 */
export function checked(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return failed("error", null);
  }
  if (!isObject(value)) return failed("error", null);
  const [trace, flow, failure] = ["trace", "flow", "failure"].map((key) => own(value, key));
  const isRun = typeof trace === "string";
  return {
    trace: isRun ? trace : null,
    flow: isObject(flow) ? flow : null,
    printed: shortened(own(value, "printed"), PRINTED_MAX),
    printed_more: own(value, "printed_more") === true,
    failure: isObject(failure) ? failureOf(failure) : isRun ? null : blank("error", null),
  };
}

/**
 * A result that the page makes itself, since the interpreter could not.
 * @param {string} kind
 * @param {{ file: string, line: number } | null} at The last line known.
 * @param {string} [printed] As far as it is known.
 * @returns {Result}
 */
export function failed(kind, at, printed = "") {
  const text = shortened(printed, PRINTED_MAX);
  return { trace: null, flow: null, printed: text, printed_more: false, failure: blank(kind, at) };
}

/**
 * @param {string} text "services/payment.py:12"
 */
export function placeOf(text) {
  const [file = "", line = ""] = text.split(":", 2);
  return FILE.test(file) && /^\d{1,6}$/.test(line) ? { file, line: Number(line) } : null;
}

/**
 * @param {string} kind
 * @param {{ file: string, line: number } | null} at
 * @returns {Failure}
 */
function blank(kind, at) {
  return { kind, text: "", file: at?.file ?? null, line: at?.line ?? null, trail: [] };
}

/**
 * @param {object} value
 * @returns {Failure}
 */
function failureOf(value) {
  const kind = String(own(value, "kind"));
  const trail = own(value, "trail");
  return {
    kind: KINDS.has(kind) ? kind : "error",
    text: shortened(own(value, "text"), TEXT_MAX),
    file: fileOf(own(value, "file")),
    line: lineOf(own(value, "line")),
    trail: (Array.isArray(trail) ? trail.slice(-TRAIL_MAX) : []).filter(isObject).flatMap(stepOf),
  };
}

/**
 * @param {object} value
 * @returns {Place[]} One, or none.
 */
function stepOf(value) {
  const [file, line] = [fileOf(own(value, "file")), lineOf(own(value, "line"))];
  if (!file || !line) return [];
  const [name, code] = ["name", "code"].map((key) => shortened(own(value, key), TEXT_MAX));
  return [{ file, line, name: name ?? "", code: code ?? "" }];
}

/** @param {unknown} value */
const fileOf = (value) => (typeof value === "string" && FILE.test(value) ? value : null);

/** @param {unknown} value */
const lineOf = (value) => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null);

/**
 * @param {object} value
 * @param {string} key
 * @returns {unknown}
 */
const own = (value, key) => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined);

/**
 * @param {unknown} value
 * @param {number} most
 */
const shortened = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
