/**
 * Reads fields of a value that came from outside, each by what it must be. No DOM and no clock.
 *
 * A complaint says where, what, what would be right and what to do; a foreign text in it is
 * shortened. Foreign names are values here, and never become properties.
 */

export class RecordingError extends Error {
  name = "RecordingError";
}

const TEXT_MAX = 1000;
const REPAIR = "Reload the page; if that does not help, build the site again.";

/**
 * @param {string} source The file.
 * @param {string} what Stands there.
 * @param {string} right What would be right.
 */
export function wrong(source, what, right) {
  return new RecordingError(`${source}: ${what}; ${right}. ${REPAIR}`);
}

/** @param {unknown} value */
export function told(value) {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string") return `"${value.slice(0, 39)}${value.length > 39 ? "…" : ""}"`;
  if (value === undefined) return "missing";
  return typeof value === "object" && value ? "an object" : String(value);
}

/** An object from outside, or one value from a list of plain ones. */
export class Fields {
  /**
   * @param {unknown} value
   * @param {string} source
   * @param {string} path Of the object in the file, for messages.
   * @param {boolean} [isPlain] It is a value itself, and its field has no name.
   */
  constructor(value, source, path, isPlain = false) {
    this.value = value;
    this.source = source;
    this.path = path;
    if (!isPlain && (typeof value !== "object" || value === null || Array.isArray(value))) {
      throw this.#wrong("", value, "an object belongs here");
    }
  }

  /**
   * A field as it is; undefined where there is none. Without a name: the value itself.
   * @param {string} key
   * @returns {unknown}
   */
  of(key) {
    if (!key) return this.value;
    const value = /** @type {object} */ (this.value);
    return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }

  /** @param {string} key */
  text(key) {
    const value = this.of(key);
    if (typeof value === "string" && value.length <= TEXT_MAX) return value;
    throw this.#wrong(key, value, `a text of at most ${TEXT_MAX} characters belongs here`);
  }

  /**
   * @param {string} key
   * @param {number} min
   * @param {number} max
   */
  whole(key, min, max) {
    const value = this.of(key);
    if (isWhole(value, min, max)) return value;
    throw this.#wrong(key, value, `a whole number from ${min} to ${max} belongs here`);
  }

  /**
   * @template {string | boolean} T
   * @param {string} key
   * @param {readonly T[]} options
   */
  choice(key, options) {
    const value = this.of(key);
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    throw this.#wrong(key, value, `known: ${options.slice(0, 9).join(", ") || "none"}`);
  }

  /**
   * @template T
   * @param {string} key
   * @param {number} max
   * @param {(each: Fields) => T} make
   * @param {boolean} [isPlain] Its items are texts or numbers.
   * @returns {T[]}
   */
  list(key, max, make, isPlain = false) {
    const value = this.of(key);
    if (!Array.isArray(value) || value.length > max) {
      throw this.#wrong(key, value, `a list of at most ${max} belongs here`);
    }
    const end = isPlain ? "" : ".";
    return Array.from(value, (each, index) =>
      make(new Fields(each, this.source, `${this.path}${key}[${index}]${end}`, isPlain)),
    );
  }

  /**
   * Texts, no two alike.
   * @param {string} key
   * @param {number} max
   * @param {readonly string[]} [known]
   */
  names(key, max, known) {
    const read = (/** @type {Fields} */ each) => (known ? each.choice("", known) : each.text(""));
    const found = this.list(key, max, read, true);
    this.distinct(key, found);
    return found;
  }

  /**
   * @param {string} key
   * @param {readonly string[]} names
   */
  distinct(key, names) {
    if (new Set(names).size === names.length) return;
    throw this.#wrong(key, this.of(key), "no two may be alike");
  }

  /**
   * @param {string} key
   * @param {number} max
   * @param {number} count
   */
  atMost(key, max, count) {
    if (count <= max) return;
    throw this.#wrong(key, this.of(key), `${count} partitions in all, and ${max} go`);
  }

  /**
   * A list of whole numbers, as many as there must be.
   * @param {string} key
   * @param {number} count
   * @param {number} min
   * @param {number} max
   * @returns {number[]}
   */
  column(key, count, min, max) {
    const value = this.of(key);
    if (!Array.isArray(value) || value.length !== count) {
      throw this.#wrong(key, value, `a list of ${count} belongs here`);
    }
    for (let index = 0; index < count; index += 1) {
      if (!isWhole(value[index], min, max)) {
        throw this.at(key, index, `a whole number from ${min} to ${max} belongs here`);
      }
    }
    return value;
  }

  /**
   * A complaint about one number of a column.
   * @param {string} key
   * @param {number} index
   * @param {string} right
   */
  at(key, index, right) {
    const value = /** @type {unknown[]} */ (this.of(key));
    return this.#wrong(`${key}[${index}]`, value[index], right);
  }

  /**
   * @param {string} key
   * @param {unknown} value
   * @param {string} right
   */
  #wrong(key, value, right) {
    const path = `${this.path}${key}`.replace(/\.$/, "") || "its content";
    return wrong(this.source, `${path} is ${told(value)}`, right);
  }
}

/**
 * @param {unknown} value
 * @param {number} min
 * @param {number} max
 * @returns {value is number}
 */
function isWhole(value, min, max) {
  return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}
