/**
 * Where a file is edited: a plain field at once, and CodeMirror in its place when that has come.
 *
 * CodeMirror needs a shadow root: there it adds its styles in a way that the page's policy allows.
 * Where it does not come, the plain field stays and does all that matters.
 */

/**
 * @typedef {object} Editor What both can do. Lines are counted from 1.
 * @property {(path: string, text: string) => void} open Show a file, with the history it had.
 * @property {(text: string) => void} replace Its text, as one step that can be undone.
 * @property {(line: number, said: string) => void} mark
 * @property {() => void} unmark
 * @property {(line: number) => void} go Put the cursor there.
 */

/** @typedef {{ contentDOM: HTMLElement }} View */

/**
 * @typedef {object} CodeMirror What `tracegen/vendored/editor.js` exports, as far as it is used.
 * @property {(made: { parent: HTMLElement, text: string, path: string, label: string,
 *   readOnly: boolean, onChange: (text: string) => void }) => View} open
 * @property {(view: View, text: string, path: string) => void} put
 * @property {(view: View) => object} keep
 * @property {(view: View, state: object) => void} restore
 * @property {(view: View, line: number | null, said?: string) => void} markError
 * @property {(view: View, line: number) => void} focusLine
 * @property {(view: View) => string} text
 * @property {(view: View, text: string) => void} replace
 */

const MODULE = new URL("../../playground/codemirror.js", import.meta.url).href;

/**
 * @param {HTMLElement} place With the plain field in it.
 * @param {HTMLElement} help What it says beside it: how to leave.
 * @param {(text: string) => void} onChange By the reader.
 * @param {AbortSignal} signal
 * @returns {Editor}
 */
export function connect(place, help, onChange, signal) {
  const field = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));
  field.addEventListener("input", () => onChange(field.value), { signal });
  /** @type {[string, string]} */
  let shown = ["", ""];
  /** @type {[number, string] | null} */
  let marked = null;
  let used = plain(field);
  /** @type {Editor} */
  const editor = {
    open: (path, text) => {
      shown = [path, text];
      marked = null;
      used.open(path, text);
    },
    replace: (text) => used.replace(text),
    mark: (line, said) => {
      marked = [line, said];
      used.mark(line, said);
    },
    unmark: () => {
      marked = null;
      used.unmark();
    },
    go: (line) => used.go(line),
  };
  import(MODULE).then(
    (module) => {
      if (signal.aborted) return;
      const hasFocus = document.activeElement === field;
      const line = field.value.slice(0, field.selectionStart).split("\n").length;
      used = rich(module, place, [shown[0], field.value], onChange, signal);
      if (marked) used.mark(...marked);
      field.hidden = true;
      for (const told of help.querySelectorAll("[data-when]")) told.toggleAttribute("hidden");
      if (hasFocus) used.go(line);
    },
    () => {}, // The plain field stays.
  );
  return editor;
}

/**
 * @param {HTMLTextAreaElement} field
 * @returns {Editor}
 */
function plain(field) {
  return {
    open: (path, text) => {
      field.readOnly = !path;
      field.setAttribute("aria-label", path);
      field.value = text;
    },
    replace: (text) => (field.value = text),
    mark: () => field.setAttribute("aria-invalid", "true"),
    unmark: () => field.removeAttribute("aria-invalid"),
    go: (line) => {
      const lines = field.value.split("\n");
      const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
      field.focus();
      field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    },
  };
}

/**
 * @param {CodeMirror} module
 * @param {HTMLElement} place
 * @param {[string, string]} shown
 * @param {(text: string) => void} onChange
 * @param {AbortSignal} signal
 * @returns {Editor}
 */
function rich(module, place, [path, text], onChange, signal) {
  const host = document.createElement("div");
  place.append(host);
  const parent = document.createElement("div");
  host.attachShadow({ mode: "open" }).append(parent);
  const view = module.open({ parent, text, path, label: path, readOnly: !path, onChange });
  signal.addEventListener("abort", () => host.remove());
  // To the page around a shadow root it looks as if nobody wrote: letters would be its shortcuts.
  host.addEventListener("keydown", (event) => event.stopPropagation());
  /** @type {Map<string, object>} */
  const kept = new Map();
  let current = path;
  return {
    open: (next, content) => {
      if (current) kept.set(current, module.keep(view));
      const before = kept.get(next);
      if (before) module.restore(view, before);
      else module.put(view, content, next);
      current = next;
      view.contentDOM.setAttribute("aria-label", next);
      if (module.text(view) !== content) module.replace(view, content);
      module.markError(view, null);
    },
    replace: (content) => module.replace(view, content),
    mark: (line, said) => module.markError(view, line, said),
    unmark: () => module.markError(view, null),
    go: (line) => module.focusLine(view, line),
  };
}
