/** The faults as rows of a form: switched, moved, added and taken away. */

import {
  AS_GIVEN, atStart, fieldsFrom, fieldsOf, firstFor, hasPlace, placeOf, tableOf,
} from "./faults.js"; // prettier-ignore
import { FAULTS_MAX } from "./plan.js";

/** @typedef {import("./plan.js").Row} Row */
/** @typedef {import("./plan.js").Place} Place */
/** @typedef {import("./panel.js").Panel} Panel */

const NEW = "kill";
const OF_A_RECORD = "duplicate"; // What comes from outside cannot be delivered twice.
const NEW_ROW = /** @type {Row} */ ({ on: true, table: { do: NEW } });

/**
 * @param {Panel} panel
 * @returns {{ show: () => void, add: () => void, remove: (button: Element) => void }}
 */
export function connect(panel) {
  const list = panel.part("faults");
  const blank = /** @type {HTMLTemplateElement} */ (panel.part("fault"));

  const rows = () => panel.rows;
  /** @param {Row[]} changed */
  const put = (changed) => {
    const { rows: before, style } = panel.draft;
    panel.change({ rows: { ...before, [style]: changed } });
  };

  const show = () => {
    list.replaceChildren(...rows().map((row, at) => made(panel, blank, row, at)));
    panel.part("no-faults").hidden = rows().length > 0;
  };
  list.addEventListener(
    "change",
    ({ target }) => {
      const item = target instanceof Element && target.closest("li");
      if (!item) return;
      const at = [...list.children].indexOf(item);
      const before = rows()[at] ?? NEW_ROW;
      const row = read(panel, item, before);
      put(rows().map((one, each) => (each === at ? row : one)));
      fit(item);
    },
    { signal: panel.signal },
  );
  return {
    show,
    add: () => {
      if (rows().length >= FAULTS_MAX) return panel.tell("many");
      put([...rows(), first(panel)]);
      show();
      list.lastElementChild?.querySelector("select")?.focus();
    },
    remove: (button) => {
      const at = [...list.children].findIndex((item) => item.contains(button));
      put(rows().filter((_, each) => each !== at));
      show();
      const next = list.children[Math.min(at, list.children.length - 1)];
      const to = next?.querySelector("[data-do='remove fault']") ?? panel.action("add fault");
      if (to instanceof HTMLElement) to.focus();
    },
  };
}

/**
 * One that can bite here and tells of something.
 * @param {Panel} panel
 * @returns {Row}
 */
function first({ side, catalog, draft, rows }) {
  const taken = rows.map(({ table }) => placeOf(table, side.places));
  const found = [OF_A_RECORD, NEW].map((deed) => firstFor(deed, side.places, taken));
  const place = found.find((one) => one !== null) ?? AS_GIVEN;
  const fields = { at: catalog.points[1] ?? "", back: catalog.back[1] ?? "" };
  return { on: true, table: tableOf({}, NEW, place, side.places, fields, draft.style) };
}

/**
 * @param {Panel} panel
 * @param {HTMLTemplateElement} blank
 * @param {Row} row
 * @param {number} at
 */
function made(panel, blank, { on, table }, at) {
  const item = /** @type {HTMLElement} */ (blank.content.firstElementChild?.cloneNode(true));
  const legend = item.querySelector("legend");
  if (legend) legend.textContent = legend.textContent?.replace("#", String(at + 1)) ?? "";
  const where = /** @type {HTMLSelectElement} */ (control(item, "place"));
  where.append(...places(panel));
  where.value = placeOf(table, panel.side.places);
  const given = { do: String(table["do"]), ...fieldsFrom(table) };
  for (const [name, value] of Object.entries(given)) control(item, name).value = value;
  /** @type {HTMLInputElement} */ (control(item, "on")).checked = on;
  fit(item);
  return item;
}

/**
 * Every delivery of a run, by who gets it.
 * @param {Panel} panel
 */
function places({ side, text }) {
  const given = new Option(text("given"), AS_GIVEN);
  const own = side.files.filter(({ path }) => path.startsWith("services/"));
  const services = own.map(({ title }) => title.replace(/^.* /, ""));
  const groups = [...new Set(services)].map((service) => {
    const group = document.createElement("optgroup");
    group.label = service;
    group.append(new Option(text("start", service), atStart(service)));
    return /** @type {const} */ ([service, group]);
  });
  const byService = new Map(groups);
  for (const [at, { service, message, key, delivery }] of side.places.entries()) {
    const said = text("place", message, key, delivery, service);
    byService.get(service)?.append(new Option(said, String(at)));
  }
  return [given, ...byService.values()];
}

/**
 * Show the controls that a fault has, and no other.
 * @param {Element} item
 */
function fit(item) {
  const [deed, place] = [control(item, "do").value, control(item, "place").value];
  const needed = fieldsOf(deed, place);
  for (const label of item.querySelectorAll("[data-for]")) {
    label.toggleAttribute("hidden", !needed.includes(label.getAttribute("data-for") ?? ""));
  }
  control(item, "place").closest("label")?.toggleAttribute("hidden", !hasPlace(deed));
}

/**
 * @param {Panel} panel
 * @param {Element} item
 * @param {Row} before
 * @returns {Row}
 */
function read({ side, draft }, item, before) {
  const value = (/** @type {string} */ name) => control(item, name).value;
  const [deed, place] = [value("do"), value("place")];
  const fields = Object.fromEntries(fieldsOf(deed, place).map((name) => [name, value(name)]));
  const { checked } = /** @type {HTMLInputElement} */ (control(item, "on"));
  const isOnlySwitched = checked !== before.on;
  const table = isOnlySwitched
    ? before.table
    : tableOf(before.table, deed, place, side.places, fields, draft.style);
  return { on: checked, table };
}

/**
 * @param {Element} item
 * @param {string} name
 */
function control(item, name) {
  const found = item.querySelector(`[data-field="${name}"]`);
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (found);
}
