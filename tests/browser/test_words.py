"""No page holds a word that neither a dictionary nor the project's own list knows.

Method: what is read of each page of the built site, code left out, and of the texts beside it goes
to cspell, once for each language. A word that is right goes into `tests/words/LANGUAGE.txt`.
"""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import check
from tests.browser.crawl import crawl
from tracegen.minutes import prose

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "tests" / "words"
LOCALES = {"en": "en-GB", "de": "de,en-GB"}
TEXTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
READ = {"alt", "title", "aria-label", "placeholder", "content"}
SKIPPED = {"code", "pre", "kbd", "samp", "script", "style", "textarea", "svg", "var"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
INSIDE = {"a", "abbr", "b", "em", "i", "strong", "sub", "sup", "wbr"}


class _Reader(HTMLParser):
    """Collects what is read of a page; blocks apart, what stands in a line together."""

    def __init__(self) -> None:
        super().__init__()
        self.language = "en"
        self.parts: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "html":
            self.language = (found.get("lang") or "en").partition("-")[0]
        if tag == "meta" and found.get("name") != "description":
            return
        if not self._skipped and tag not in SKIPPED:
            self.parts += [f"\n{found[name]}\n" for name in READ & found.keys() if found[name]]
        if tag not in INSIDE:
            self.parts.append("\n")
        if tag not in VOID and (self._skipped or tag in SKIPPED or found.get("lang")):
            self._skipped += tag != "html"

    def handle_endtag(self, tag):
        if self._skipped and tag not in VOID:
            self._skipped -= 1
        elif tag not in INSIDE:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self._skipped:
            self.parts.append(data)


def read(page: str) -> tuple[str, str]:
    """The language of a page, and what is read of it."""
    reader = _Reader()
    reader.feed(page)
    return reader.language, re.sub(r"\n\s*\n+", "\n", "".join(reader.parts))


def unknown(folder: Path, language: str) -> list[str]:
    """Ask cspell; gives each word that it does not know, with the pages on which it stands."""
    config = folder / "cspell.json"
    own = {"name": "own", "path": str(WORDS / f"{language}.txt"), "addWords": False}
    german = ROOT / "node_modules" / "@cspell" / "dict-de-de" / "cspell-ext.json"
    config.write_text(
        json.dumps(
            {
                "version": "0.2",
                "language": LOCALES[language],
                "import": [str(german)] if language == "de" else [],
                "dictionaryDefinitions": [own],
                "dictionaries": ["own", "!typescript", "!node", "!npm", "!softwareTerms"],
                "allowCompoundWords": language == "de",
                "ignoreRegExpList": [
                    r"/\b\w*\d\w*\b/g",
                    r"/\S+[.\/_]\S+/g",
                    r"/\b[a-z]+[A-Z]\w*/g",
                ],
                "maxNumberOfProblems": 100_000,
            }
        )
    )
    cspell = ROOT / "node_modules" / "cspell" / "bin.mjs"
    command = [check.command("node"), str(cspell), "lint", "--no-progress", "--no-summary"]
    command += ["--no-color", "--no-gitignore", "--unique", "--config", str(config)]
    said = subprocess.run(
        [*command, "**/*.txt"], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert said.returncode in (0, 1), said.stderr
    places: dict[str, set[str]] = {}
    for line in said.stdout.splitlines():
        if found := re.match(r"(\S+?\.txt):\d+:\d+ - Unknown word \(([^)]+)\)", line):
            place = Path(found[1]).as_posix().replace("+", "/").removesuffix(".txt")
            places.setdefault(found[2], set()).add(place.rpartition("/words/")[2])
    return [f"{word}: {', '.join(sorted(pages)[:3])}" for word, pages in sorted(places.items())]


@pytest.fixture(scope="module")
def texts(site_dir, tmp_path_factory) -> dict[str, Path]:
    """A folder for each language with the text of each page of it."""
    check.install_node_modules()
    root = tmp_path_factory.mktemp("words")
    found: dict[str, Path] = {}

    def put(language: str, name: str, text: str) -> None:
        folder = found.setdefault(language, root / language)
        folder.mkdir(exist_ok=True)
        (folder / f"{name.replace('/', '+')}.txt").write_text(text, encoding="utf-8")

    for path in sorted(crawl(site_dir)):
        page = (site_dir / path / "index.html").read_text(encoding="utf-8")
        put(*(lambda read: (read[0], path or "home", read[1]))(read(page)))
    for name in TEXTS:
        text = re.sub(r"`[^`]*`", "", (ROOT / name).read_text(encoding="utf-8"))
        put("en", name, prose(text))
    return found


@pytest.mark.parametrize("language", LOCALES)
def test_every_word_is_one(texts, language):
    if language not in texts:
        pytest.skip(f"no page in {language}")
    found = unknown(texts[language], language)
    assert not found, f"mend them, or add them to tests/words/{language}.txt:\n" + "\n".join(found)


def test_a_word_that_is_none_is_found_with_its_page(tmp_path):
    check.install_node_modules()
    (tmp_path / "one.txt").write_text("The orchestrator sennds a command.\n")

    assert unknown(tmp_path, "en") == ["sennds: one"]


def test_code_is_not_read_and_what_stands_in_a_line_is_one_word():
    page = '<html lang="en"><p title="A hint">repl<b>ies</b> <code>xyzzy</code><br>next</p></html>'

    assert read(page)[1].split() == ["A", "hint", "replies", "next"]
