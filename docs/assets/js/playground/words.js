/** The words that the panel says stand in its markup; scripts choose among them. */

/** @typedef {(name: string, ...more: (string | number)[]) => DocumentFragment} Say */

/**
 * @param {ParentNode} root
 * @returns {{ say: Say, text: (name: string, ...more: (string | number)[]) => string,
 *   has: (name: string) => boolean }} `{1}` in what is said is the first of `more`.
 */
export function words(root) {
  const all = /** @type {HTMLTemplateElement} */ (root.querySelector("template[data-part=words]"));
  const find = (/** @type {string} */ name) => all.content.querySelector(`[data-say="${name}"]`);
  /** @type {Say} */
  const say = (name, ...more) => {
    const said = document.createDocumentFragment();
    said.append(...(find(name)?.cloneNode(true).childNodes ?? []));
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data } = /** @type {Text} */ (walker.currentNode);
      const filled = data.replace(/\{(\d)\}/g, (_, at) => String(more[at - 1] ?? ""));
      walker.currentNode.nodeValue = filled;
    }
    return said;
  };
  return { say, text: (...said) => say(...said).textContent ?? "", has: (name) => !!find(name) };
}
