/**
 * A Python editor for a page with a strict policy: what the playground takes from CodeMirror 6.
 *
 * esbuild makes one module of this, `assets/playground/codemirror.js`. Nothing on a page loads it
 * before a reader wants to edit. What it exports:
 *
 *   open({parent, text, path, label, readOnly, onChange}) → EditorView
 *       An editor in `parent`, which must stand in a shadow root (see below). `path` chooses the
 *       language: Python, or TOML for `.toml`. `label` is what assistive technology calls it.
 *       `onChange(text)` is told of each change by the reader, not of `put`.
 *       Tab indents; Escape, then Tab, leaves the editor. Say so beside it.
 *   put(view, text, path, label)   show another file: its own history, no marks;
 *                                  without a label its path is one
 *   keep(view) → EditorState       for tabs: a file with history and selection
 *   restore(view, state)           show it again
 *   markError(view, line, text)    mark a line (from 1), show `text` under it; null takes it away.
 *                                  The mark goes with the next change.
 *   focusLine(view, line)          put the cursor there and scroll it into view
 *   text(view) → string
 *   replace(view, text)            as one step that can be undone, such as a reset; tells nobody
 *
 * What a policy with `style-src 'self'` does to CodeMirror, as tried in Chromium and Firefox: in a
 * document it writes a `<style>` element, which the policy refuses, and the editor stands there
 * bare. In a shadow root it uses `adoptedStyleSheets`, which no policy forbids. Styles of single
 * elements it sets by script (`style.cssText`), which is allowed, too. So the parent must be in a
 * shadow root. Custom properties of the page reach into it: colours come from `--tg-…`; for sizes
 * set `--tg-editor-size` and `--tg-editor-height-max` on the host.
 */

import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
} from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  LanguageSupport,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const INDENT = "    ";
const languages = { py: new LanguageSupport(pythonLanguage), toml: StreamLanguage.define(toml) };
const fromOutside = Annotation.define();

// As the site colours code: in ink, what is said in quotes a little lighter. Blue means events.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.modifier], fontWeight: "600" },
  { tag: [tags.comment, tags.docString], color: "var(--tg-ink2)", fontStyle: "italic" },
  { tag: [tags.string, tags.number], color: "var(--tg-ink2)" },
  { tag: tags.function(tags.definition(tags.variableName)), fontWeight: "600" },
  { tag: tags.definition(tags.className), fontWeight: "600" },
  { tag: [tags.operator, tags.punctuation, tags.meta], color: "var(--tg-ink2)" },
]);

const theme = EditorView.theme({
  "&": {
    color: "var(--tg-ink)",
    backgroundColor: "var(--tg-bg)",
    fontSize: "var(--tg-editor-size, var(--tg-size-small))",
    maxHeight: "var(--tg-editor-height-max, none)",
  },
  "&.cm-focused": { outline: "2px solid var(--tg-event)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--tg-mono)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--tg-ink)", padding: "8px 0" },
  ".cm-gutters": { color: "var(--tg-ink2)", backgroundColor: "var(--tg-tint)", border: "none" },
  ".cm-error-line": { boxShadow: "inset 3px 0 var(--tg-fault)", backgroundColor: "var(--tg-tint)" },
  ".cm-error-text": {
    borderLeft: "3px solid var(--tg-fault)",
    color: "var(--tg-fault)",
    backgroundColor: "var(--tg-tint)",
    padding: "0 6px",
    whiteSpace: "pre-wrap",
  },
});

class Said extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }

  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    const element = document.createElement("div");
    element.className = "cm-error-text";
    element.textContent = this.text;
    return element;
  }
}

const setError = StateEffect.define();
const errors = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setError)) return marksOf(transaction.state, effect.value);
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marksOf(state, error) {
  if (!error) return Decoration.none;
  const at = lineOf(state, error.line);
  const marks = [Decoration.line({ class: "cm-error-line" }).range(at.from)];
  const said = { widget: new Said(error.text), block: true, side: 1 };
  if (error.text) marks.push(Decoration.widget(said).range(at.to));
  return Decoration.set(marks);
}

/** A line by its number, or the nearest there is: what ran may be older than what stands here. */
function lineOf(state, line) {
  return state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
}

function stateOf({ text, path, label, readOnly, onChange }) {
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      indentOnInput(),
      bracketMatching(),
      indentUnit.of(INDENT),
      EditorState.tabSize.of(INDENT.length),
      EditorState.readOnly.of(Boolean(readOnly)),
      languages[path.split(".").pop()] ?? [],
      syntaxHighlighting(colours),
      theme,
      errors,
      // Escape, then Tab, moves on: CodeMirror sees to that itself, as it does to Ctrl-M.
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.contentAttributes.of({
        "aria-label": label,
        autocapitalize: "off",
        spellcheck: "false",
        tabindex: "0", // It is focusable without; whoever checks pages for that looks for this.
      }),
      EditorView.updateListener.of((update) => {
        const isOurs = update.transactions.some((one) => one.annotation(fromOutside));
        if (update.docChanged && !isOurs) onChange?.(update.state.doc.toString());
      }),
    ],
  });
}

const given = new WeakMap(); // What an editor was opened with, for the files that follow.

/** Open an editor; see the top of this file. */
export function open(options) {
  const root = options.parent.getRootNode();
  const view = new EditorView({ state: stateOf(options), parent: options.parent, root });
  view.dom.addEventListener("keydown", keepTyping);
  given.set(view, options);
  return view;
}

/**
 * Keep from the page what is typed: seen from outside the shadow root nobody is in a field, so its
 * shortcuts would answer. What goes with Control or Command, and what leaves, it may hear.
 * @param {KeyboardEvent} event
 */
function keepTyping(event) {
  const isForAll = event.ctrlKey || event.metaKey || event.key === "Escape" || event.key === "Tab";
  if (!isForAll) event.stopPropagation();
}

/** Show another file. */
export function put(view, text, path, label) {
  const options = { ...given.get(view), text, path, label: label ?? path };
  view.setState(stateOf(options));
}

/** Give what is shown, with history and selection, to `restore` it later. */
export function keep(view) {
  return view.state;
}

/** Show again what was kept. */
export function restore(view, state) {
  view.setState(state);
}

/** Replace the text as one step that can be undone, without telling `onChange`. */
export function replace(view, text) {
  const changes = { from: 0, to: view.state.doc.length, insert: text };
  view.dispatch({ changes, annotations: [fromOutside.of(true), isolateHistory.of("full")] });
}

/** Mark a line as wrong, or none. */
export function markError(view, line, text = "") {
  view.dispatch({ effects: setError.of(line === null ? null : { line, text }) });
}

/** Put the cursor at a line's beginning, in view. */
export function focusLine(view, line) {
  const at = lineOf(view.state, line).from;
  const effects = EditorView.scrollIntoView(at, { y: "center" });
  view.dispatch({ selection: { anchor: at }, effects });
  view.focus();
}

/** Give the whole text. */
export function text(view) {
  return view.state.doc.toString();
}
