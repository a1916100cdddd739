"""The adapter of `terms` to Markdown: an extension that links a page's words to the glossary."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from tracegen import terms

LAST = -1
"""After everything else, MkDocs' own check of links too: these are right as they are."""


class TermLinks(Extension):
    """One for all pages of a build."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        """Remember what to link: anchors by what leads to them, in lower case."""
        super().__init__()
        self.forms = forms
        self.href = ""
        """The glossary from the page that is rendered next; empty links nothing on it."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # Markdown's name.
        """Put the step behind all others."""
        md.treeprocessors.register(_Links(self), "tracegen-terms", LAST)


class _Links(Treeprocessor):
    def __init__(self, links: TermLinks) -> None:
        super().__init__()
        self._links = links

    def run(self, root: Element) -> None:
        if self._links.href:
            terms.link(root, self._links.forms, self._links.href)
