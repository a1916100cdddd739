/** Files that a reader adds and takes away again. */

import { filesOf, isPath } from "./plan.js";

/** @typedef {import("./panel.js").Panel} Panel */

const NEW = "INITIAL = {}\n\n\ndef handle(state, message):\n    return state, []\n";

/** @param {Panel} panel */
export function connect(panel) {
  const form = panel.part("add");
  const field = /** @type {HTMLInputElement} */ (panel.part("name"));

  /** @param {boolean} isOpen */
  const ask = (isOpen) => {
    form.hidden = !isOpen;
    panel.action("add file").setAttribute("aria-expanded", String(isOpen));
    panel.part("named").replaceChildren();
    if (isOpen) field.focus();
  };
  /** @param {Event} event */
  const add = (event) => {
    event.preventDefault();
    const { draft, catalog } = panel;
    const path = `services/${field.value.trim().replace(/\.py$/, "")}.py`;
    const isOpen = filesOf(draft, catalog).some((file) => file.path === path);
    if (!isPath(path) || isOpen) {
      panel.part("named").replaceChildren(panel.say(isOpen ? "here" : "name"));
      field.focus();
      return;
    }
    field.value = "";
    ask(false);
    panel.change({ files: { ...draft.files, [path]: catalog.files[path] ?? NEW } });
    panel.go(path, 1);
  };
  const remove = () => {
    const { path } = panel;
    const { [path]: _, ...files } = panel.draft.files;
    panel.mine.remember();
    panel.put({ ...panel.draft, files });
    panel.keep();
    /** @type {HTMLElement?} */ (panel.root.querySelector("[aria-selected=true]"))?.focus();
    panel.tell("removed", path);
  };
  form.addEventListener("submit", add, { signal: panel.signal });
  return {
    /** @param {HTMLElement} button @returns {boolean} Whether it is one of these. */
    press: ({ dataset }) => {
      if (dataset["do"] === "add file") ask(form.hidden === true);
      else if (dataset["do"] === "remove file") remove();
      else return false;
      return true;
    },
  };
}
