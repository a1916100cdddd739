/** What is the reader's: reset, what changed, a link to it, a folder of it. */

import { diff } from "./diff.js";
import { blank, changedOf } from "./plan.js";
import { judge } from "./judge.js";
import { write as writeLink } from "./share.js";
import { zip } from "./zip.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./plan.js").Draft} Draft */
/** @typedef {import("./plan.js").Table} Table */

const PAGE = new URL("../../../playground/", import.meta.url).href;

/** @param {Panel} panel */
export function connect(panel) {
  const { part, signal } = { part: panel.part.bind(panel), signal: panel.signal };
  /** @type {Draft | null} */
  let before = null;
  const field = /** @type {HTMLInputElement} */ (part("link"));
  field.addEventListener("blur", () => (field.hidden = true), { signal });

  /** What is done now can be undone. */
  const remember = () => {
    before = panel.draft;
    panel.action("undo").hidden = false;
  };
  const settle = () => {
    before = null;
    panel.action("undo").hidden = true;
  };
  const refresh = () => {
    const list = part("changes");
    if (!list.hidden) list.replaceChildren(...changes(panel));
  };
  /** @param {Draft} draft */
  const put = (draft) => {
    panel.put(draft);
    panel.keep();
    refresh();
  };

  /** @type {Record<string, (button: HTMLElement) => void>} */
  const does = {
    "reset file": () => {
      remember();
      const { [panel.path]: _, ...files } = panel.draft.files;
      panel.change({ files });
      panel.open(panel.path);
      panel.tell("reset file", panel.path);
      panel.action("undo").focus();
    },
    "reset all": () => {
      remember();
      put(blank(panel.draft.scenario, panel.draft.style));
      panel.tell("reset all");
      panel.action("undo").focus();
    },
    undo: () => {
      if (before) put(before);
      settle();
      panel.tell("undone");
      panel.action("changes").focus();
    },
    changes: (button) => {
      const list = part("changes");
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
      refresh();
    },
    share: () => void share(panel, field),
    download: () => void download(panel),
  };
  return {
    refresh,
    settle,
    remember,
    /** @param {HTMLElement} button */
    press: (button) => does[button.dataset["do"] ?? ""]?.(button),
  };
}

/**
 * Copy a link, or show it where the browser does not let us.
 * @param {Panel} panel
 * @param {HTMLInputElement} field
 */
async function share(panel, field) {
  const { plan } = panel;
  const hash = await writeLink(plan);
  if (hash === null) return panel.tell("too long");
  const asked = new URLSearchParams({ scenario: plan.scenario, style: plan.style });
  const href = `${PAGE}?${asked}${hash}`;
  try {
    await navigator.clipboard.writeText(href); // Missing where the page is not secure.
    panel.tell("copied");
  } catch {
    field.hidden = false;
    field.value = href;
    field.select();
    panel.tell("copy it");
  }
}

/**
 * The run as a folder. Python writes the scenario anew; where it does not come, what was typed goes
 * as it is.
 * @param {Panel} panel
 */
async function download(panel) {
  const { plan, draft } = panel;
  let files = { ...changedOf(draft, panel.catalog), "README.txt": readme(panel) };
  try {
    files = JSON.parse(await judge.call("files", JSON.stringify(plan)));
  } catch {
    // What there is without it is a folder, too.
  }
  const name = `${plan.scenario}-${plan.style}`;
  const inside = Object.entries(files).map(([path, text]) => [`${name}/${path}`, text]);
  const blob = new Blob([zip(Object.fromEntries(inside))], { type: "application/zip" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {Panel} panel */
function readme({ plan, text }) {
  return text("readme", plan.scenario, plan.style, plan.seed);
}

/**
 * Everything that is not as it came.
 * @param {Panel} panel
 * @returns {Node[]}
 */
function changes(panel) {
  const { catalog, plan, side, say } = panel;
  const paragraph = (/** @type {DocumentFragment} */ said) => element("p", said);
  /** @type {Node[]} */
  const found = [];
  for (const [path, text] of Object.entries(plan.files)) {
    const own = catalog.files[path];
    found.push(element("h4", say(own === undefined ? "file added" : "file changed", path)));
    found.push(compared(panel, own ?? "", text));
  }
  const { orders } = plan;
  if (orders !== null) found.push(paragraph(say("orders changed", orders, side.orders.length)));
  if (plan.faults) {
    const told = (/** @type {Table[]} */ all) => all.map(toml).join("\n");
    found.push(paragraph(say("faults changed")));
    found.push(compared(panel, told(side.faults), told(plan.faults)));
  }
  return found.length ? found : [paragraph(say("nothing changed"))];
}

/**
 * A fault as a scenario's file has it, a line for each thing it says.
 * @param {Table} fault
 */
function toml(fault) {
  return ["[[faults]]", ...Object.entries(fault).map((pair) => assigned(pair))].join("\n");
}

/** @param {[string, unknown]} pair @returns {string} */
function assigned([name, value]) {
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  const inside = isTable && Object.entries(value).map((pair) => assigned(pair)).join(", ");
  const said = isTable ? `{ ${inside} }` : JSON.stringify(value);
  return `${name} = ${said}`;
}

/**
 * @param {Panel} panel
 * @param {string} before
 * @param {string} after
 */
function compared({ text }, before, after) {
  const box = element("pre");
  box.tabIndex = 0;
  for (const { sign, text: line } of diff(before, after)) {
    const tag = sign === "+" ? "ins" : sign === "-" ? "del" : "span";
    const made = element(tag, sign === "…" ? "…" : `${sign} ${line}`);
    const said = sign === "+" ? "came" : sign === "-" ? "went" : "";
    if (said) {
      const heard = element("span", text(said));
      heard.className = "tg-sr";
      made.prepend(heard);
    }
    box.append(made);
  }
  return box;
}

/**
 * @param {string} tag
 * @param {...(Node | string)} inside
 */
function element(tag, ...inside) {
  const made = document.createElement(tag);
  made.append(...inside);
  return made;
}
