/**
 * What a reader asks to run, and what they have changed to come there. No DOM.
 *
 * A draft is what the panel holds: for both styles, and with the faults that are switched off. A
 * plan is what runs, travels in a link and is handed to Python. Both come from strangers, too: from
 * a link, or from what another version of this page has kept.
 */

/** @typedef {"choreography" | "orchestration"} Style */
/** @typedef {Record<string, unknown>} Table A fault, as a scenario's file has it. */
/** @typedef {{ on: boolean, table: Table }} Row */

/**
 * @typedef {object} Plan
 * @property {string} scenario
 * @property {Style} style
 * @property {number} seed
 * @property {number | null} orders How many; null: as many as the scenario gives.
 * @property {Table[] | null} faults null: the scenario's own.
 * @property {Record<string, string>} files Changed or new ones, by path.
 */

/**
 * @typedef {object} Draft
 * @property {string} scenario
 * @property {Style} style
 * @property {number} seed
 * @property {number | null} orders
 * @property {Partial<Record<Style, Row[]>>} rows Faults, by style; where they were touched.
 * @property {Record<string, string>} files
 */

/**
 * @typedef {object} Place A delivery.
 * @property {string} service
 * @property {string} message
 * @property {string} key
 * @property {number} delivery
 * @property {string[]} deeds What can be done to it.
 */

/**
 * @typedef {object} Side
 * @property {{ path: string, title: string }[]} files
 * @property {Table[]} faults
 * @property {string[]} orders
 * @property {Place[]} places
 */

/**
 * @typedef {object} Catalog What can be changed and broken; see `tracegen.playground.catalog`.
 * @property {Record<string, string>} files
 * @property {string[]} points
 * @property {string[]} back
 * @property {Record<string, { title: string, styles: Record<Style, Side> }>} scenarios
 */

export const STYLES = /** @type {const} */ (["choreography", "orchestration"]);
export const SEED_MAX = 2 ** 31 - 1;
export const ORDERS_MAX = 200;
export const FAULTS_MAX = 20;
const FILES_MAX = 40;
const FILE_CHARACTERS_MAX = 200_000;

/** What a file of a reader's may be called; `tracegen.sources` has the same. */
const NAME = /^[a-z0-9][a-z0-9-]{0,60}$/;
const PATHS = [
  /^services\/[a-z][a-z0-9_]{0,60}\.py$/,
  /^(?:flows|variants)\.py$/,
  /^scenarios\/[a-z0-9][a-z0-9-]{0,60}\.toml$/,
];

/** @param {string} path */
export const isPath = (path) => PATHS.some((known) => known.test(path));

/**
 * Read what should be a plan.
 * @param {unknown} value
 * @returns {Plan | null} null: it is none.
 */
export function checked(value) {
  if (!isTable(value)) return null;
  const { scenario, style, seed = 0, orders = null, faults = null, files = {} } = value;
  const isWhole = typeof scenario === "string" && NAME.test(scenario) && isStyle(style);
  if (!isWhole || !isTable(files)) return null;
  const isCounted = orders === null || isNumber(orders, 1, ORDERS_MAX);
  if (!isNumber(seed, 0, SEED_MAX) || !isCounted || !areFiles(files)) return null;
  if (faults !== null && !areFaults(faults)) return null;
  return { scenario, style, seed, orders, faults, files: { ...files } };
}

/**
 * Read what should be a draft.
 * @param {unknown} value
 * @returns {Draft | null}
 */
export function checkedDraft(value) {
  const plan = isTable(value) ? checked({ ...value, faults: null }) : null;
  if (!plan || !isTable(value)) return null;
  const { faults: _, ...draft } = plan;
  /** @type {Draft["rows"]} */
  const rows = {};
  for (const style of STYLES) {
    const found = isTable(value["rows"]) ? value["rows"][style] : undefined;
    if (Array.isArray(found) && found.every(isRow) && areFaults(found.map(({ table }) => table))) {
      rows[style] = found.map(({ on, table }) => ({ on, table }));
    }
  }
  return { ...draft, rows };
}

/**
 * @param {string} scenario
 * @param {Style} style
 * @returns {Draft} With nothing changed.
 */
export const blank = (scenario, style) => ({
  scenario, style, seed: 0, orders: null, rows: {}, files: {},
}); // prettier-ignore

/**
 * What a draft runs.
 * @param {Draft} draft
 * @param {Catalog} catalog
 * @returns {Plan}
 */
export function planOf(draft, catalog) {
  const { scenario, style, seed, orders } = draft;
  const own = catalog.scenarios[scenario]?.styles[style].faults ?? [];
  const on = draft.rows[style]?.filter((row) => row.on).map((row) => row.table) ?? own;
  const faults = isSame(on, own) ? null : on;
  return { scenario, style, seed, orders, faults, files: changedOf(draft, catalog) };
}

/**
 * The draft that runs a plan: what the scenario has and the plan has not is switched off.
 * @param {Plan} plan
 * @param {Catalog} catalog
 * @returns {Draft}
 */
export function draftOf({ scenario, style, seed, orders, faults, files }, catalog) {
  const own = catalog.scenarios[scenario]?.styles[style].faults ?? [];
  const off = faults ? own.filter((one) => !faults.some((other) => isSame(one, other))) : [];
  const touched = faults && [
    ...faults.map((table) => ({ on: true, table })),
    ...off.map((table) => ({ on: false, table })),
  ];
  const rows = touched ? { [style]: touched } : {};
  return { scenario, style, seed, orders, rows, files: { ...files } };
}

/**
 * The faults to show.
 * @param {Draft} draft
 * @param {Catalog} catalog
 * @returns {Row[]}
 */
export function rowsOf({ rows, scenario, style }, catalog) {
  const own = catalog.scenarios[scenario]?.styles[style].faults ?? [];
  return rows[style] ?? own.map((table) => ({ on: true, table }));
}

/**
 * The files that are not as they came.
 * @param {Draft} draft
 * @param {Catalog} catalog
 */
export function changedOf({ files }, catalog) {
  const changed = Object.entries(files).filter(([path, text]) => text !== catalog.files[path]);
  return Object.fromEntries(changed);
}

/**
 * The files to show: those that decide this run, then those that were changed or opened besides.
 * @param {Draft} draft
 * @param {Catalog} catalog
 * @returns {{ path: string, title: string }[]}
 */
export function filesOf({ scenario, style, files }, catalog) {
  const own = catalog.scenarios[scenario]?.styles[style].files ?? [];
  const more = Object.keys(files).filter((path) => !own.some((one) => one.path === path));
  return [...own, ...more.map((path) => ({ path, title: path.replace(/^.*\/|\.\w+$/g, "") }))];
}

/**
 * Whether nothing is changed but the seed and the style.
 * @param {Draft} draft
 * @param {Catalog} catalog
 */
export function isUntouched(draft, catalog) {
  const isCalm = STYLES.every((style) => planOf({ ...draft, style }, catalog).faults === null);
  return isCalm && draft.orders === null && !Object.keys(changedOf(draft, catalog)).length;
}

/**
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean} Whether both say the same, in whichever order.
 */
export function isSame(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, at) => isSame(value, other[at]));
  }
  if (!isTable(one) || !isTable(other)) return one === other;
  const keys = Object.keys(one);
  const isAlike = keys.length === Object.keys(other).length;
  return isAlike && keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]));
}

/**
 * @param {unknown} value
 * @returns {value is Table}
 */
function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @returns {value is Style}
 */
function isStyle(value) {
  return value === STYLES[0] || value === STYLES[1];
}

/**
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 * @returns {value is number}
 */
function isNumber(value, least, most) {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/**
 * @param {Table} value
 * @returns {value is Record<string, string>}
 */
function areFiles(value) {
  const entries = Object.entries(value);
  const isFile = (/** @type {string} */ path, /** @type {unknown} */ text) =>
    isPath(path) && typeof text === "string" && text.length <= FILE_CHARACTERS_MAX;
  return entries.length <= FILES_MAX && entries.every((entry) => isFile(...entry));
}

/**
 * @param {unknown} value
 * @returns {value is Table[]}
 */
function areFaults(value) {
  return Array.isArray(value) && value.length <= FAULTS_MAX && value.every(isFault);
}

/** Flat, and `on` one deeper: names and numbers. @param {unknown} value */
function isFault(value) {
  if (!isTable(value) || typeof value["do"] !== "string") return false;
  return Object.entries(value).every(([name, part]) => {
    if (name !== "on") return isPlain(part);
    const isList = (/** @type {unknown} */ one) =>
      Array.isArray(one) && one.length <= FAULTS_MAX && one.every(isPlain);
    return isTable(part) && Object.values(part).every((one) => isPlain(one) || isList(one));
  });
}

/** @param {unknown} value */
function isPlain(value) {
  return Number.isInteger(value) || (typeof value === "string" && value.length <= 200);
}

/**
 * @param {unknown} value
 * @returns {value is Row}
 */
function isRow(value) {
  return isTable(value) && typeof value["on"] === "boolean" && isFault(value["table"]);
}
