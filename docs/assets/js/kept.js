/** What this browser keeps for a reader, and nobody else sees: `tracegen.NAME`, as JSON. */

const PREFIX = "tracegen.";

/**
 * What was kept; nobody vouches for its shape, as another version of the site may have written it.
 * @param {string} name
 * @returns {unknown} null where nothing was kept, or the browser keeps nothing.
 */
export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value null forgets it.
 * @returns {boolean} whether it will be there next time.
 */
export function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
