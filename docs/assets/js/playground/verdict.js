/** Shows what came of a run: the verdict, what was printed, where it failed, both runs moved. */

import { connect as staging } from "./frame.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./result.js").Result} Result */

/** @param {Panel} panel */
export function connect(panel) {
  const stage = staging(panel.part("stage"), panel.text("stage"), panel.signal);
  const verdict = panel.part("verdict");

  /** @param {Result} result */
  const open = ({ printed, printed_more }) => {
    panel.part("result").hidden = false;
    const box = panel.part("printed");
    box.hidden = !printed;
    const [text, more] = [box.querySelector("pre"), box.querySelector("p")];
    if (text) text.textContent = printed;
    if (more) more.hidden = !printed_more;
  };
  const clear = () => {
    panel.part("result").hidden = true;
    panel.part("failure").hidden = true;
    verdict.replaceChildren();
    stage.hide();
  };
  const go = (/** @type {Event} */ { target }) => {
    const button = target instanceof Element ? target.closest("[data-goto]") : null;
    if (button) stage.go(button.getAttribute("data-goto") ?? "");
  };
  verdict.addEventListener("click", go, { signal: panel.signal });

  return {
    clear,
    staged: stage.show,
    /** @param {Result} result @returns {string} In one sentence. */
    told: ({ failure }) => panel.text(`kind ${failure?.kind ?? "error"}`),
    /** @param {Result} result */
    failed: (result) => {
      clear();
      open(result);
      const box = panel.part("failure");
      box.hidden = false;
      box.replaceChildren(...failure(panel, result));
      const { file, line, text, kind } = result.failure ?? {};
      if (file && line) panel.fail({ file, line, said: text || panel.text(`kind ${kind}`) });
    },
    /**
     * @param {Result} result
     * @param {string} html Drawn by our own code, which took every word of the reader's for text.
     */
    judged: (result, html) => {
      clear();
      open(result);
      verdict.innerHTML = html;
    },
  };
}

/**
 * @param {Panel} panel
 * @param {Result} result
 * @returns {Node[]}
 */
function failure(panel, { failure }) {
  if (!failure) return [panel.say("kind error")];
  const { kind, text, file, line, trail } = failure;
  const head = element("p", panel.say(panel.has(`kind ${kind}`) ? `kind ${kind}` : "kind error"));
  const found = [head];
  if (text) {
    found.push(element("pre", text));
    found[1]?.setAttribute("tabindex", "0");
  }
  if (file && line) head.append(" ", place(panel, file, line));
  if (trail.length) {
    const list = element("ol");
    for (const one of trail) {
      const item = element("li", place(panel, one.file, one.line), " ", panel.say("in", one.name));
      item.append(" ", element("code", one.code));
      list.append(item);
    }
    found.push(element("p", panel.say("trail")), list);
  }
  return found;
}

/**
 * A place in a file, to go to.
 * @param {Panel} panel
 * @param {string} file
 * @param {number} line
 */
function place(panel, file, line) {
  const button = element("button", panel.say("at", file, line));
  button.setAttribute("type", "button");
  button.addEventListener("click", () => panel.go(file, line));
  return button;
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
