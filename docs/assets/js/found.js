/** Marks on a page the words that a search found: the address that it leads to names them. */

const CHARACTERS_MAX = 200; // Anybody can write an address.

/**
 * Find the words of an address in what can be read of a page.
 * @param {Element} article
 * @param {string} words
 */
function mark(article, words) {
  const escaped = words.slice(0, CHARACTERS_MAX).split(/\s+/).filter(Boolean).map(escape);
  if (!escaped.length) return;
  const pattern = new RegExp(escaped.join("|"), "gi");
  for (const text of texts(article)) {
    const found = [...text.data.matchAll(pattern)];
    for (const { 0: word, index } of found.reverse()) { // From the end: what is before stays put.
      const part = text.splitText(index);
      part.splitText(word.length);
      const marked = document.createElement("mark");
      part.replaceWith(marked);
      marked.append(part);
    }
  }
}

/** @param {string} word */
function escape(word) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * List what is written on a page, but for drawings, where a mark has no place.
 * @param {Element} article
 */
function texts(article) {
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement instanceof HTMLElement && !node.parentElement.closest("script, style")
      ? NodeFilter.FILTER_ACCEPT
      : NodeFilter.FILTER_REJECT,
  );
  /** @type {Text[]} */
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    found.push(/** @type {Text} */ (node));
  }
  return found;
}

const article = document.querySelector("article");
if (article) mark(article, new URLSearchParams(location.search).get("h") ?? "");
