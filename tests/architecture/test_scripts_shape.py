"""What the site's scripts promise about their own shape, as the modules of `tracegen` do.

Goal: a reader who knows one script can guess what another may do.
Method: every script is read, never run. Comments say what a script is for, and one that says
"No DOM" is held to it: such a module can be tried under Node, and gives the same picture to
whoever asks.
"""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import rjsmin

from tracegen.joined import imports, reached

FUNCTION_LINES_MAX = 70
MODULE_LINES_MAX = 300
LINE_LENGTH_MAX = 100

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "docs" / "assets" / "js"
SOURCES = {
    path.relative_to(SCRIPTS).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(SCRIPTS.rglob("*.js"))
}
CODE = {name: rjsmin.jsmin(source) for name, source in SOURCES.items()}
PLAYER = [name for name in SOURCES if name.startswith("player/")]
ENTRY = "player/element.js"

# What a page or a clock gives, and a function of recording and position has no use for.
OF_A_PAGE = re.compile(
    r"\b(?:document|window|location|history|navigator|localStorage|performance|matchMedia|fetch"
    r"|addEventListener|querySelector\w*|classList|textContent|innerHeight|devicePixelRatio"
    r"|requestAnimationFrame|setTimeout|getComputedStyle|getBoundingClientRect"
    r"|ResizeObserver|MutationObserver|HTML\w*Element|Date|random)\b"
)
TEXTS = re.compile(r'"[^"\n]*"|`[^`]*`')
OPENS = re.compile(
    r"^(?P<indent> *)(?:export )?(?:(?:async )?function\b|(?:const|let) \w+ = .*=> \{$"
    r"|(?!(?:if|for|while|switch)\b)(?:async |get |set |static )*#?\w+\(.*\) \{$)"
)
LATER = re.compile(r'import\("\./(?P<name>[\w-]+\.js)"\)')
EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)


def is_pure(name: str) -> bool:
    """Tell whether a module says of itself that it knows no page."""
    head = re.match(r"/\*\*(.*?)\*/", SOURCES[name], re.DOTALL)
    return head is not None and "No DOM" in head[1]


def functions(source: str) -> list[tuple[int, int]]:
    """List the line on which each function begins, and how many it has, by their indentation."""
    lines = source.splitlines()
    found = []
    for start, line in enumerate(lines):
        opens = OPENS.match(line)
        if not opens:
            continue
        ends = {f"{opens['indent']}{end}" for end in ("}", "};", "});", "},")}
        end = next((at for at in range(start, len(lines)) if lines[at] in ends), start)
        found.append((start + 1, end - start + 1))
    return found


def everything_reached() -> set[str]:
    """Find what the element brings, at once or once somebody asks for it."""
    found: set[str] = set()
    waiting = [ENTRY]
    while waiting:
        for name in set(reached(waiting.pop(), CODE)) - found:
            found.add(name)
            waiting += [f"player/{match['name']}" for match in LATER.finditer(CODE[name])]
    return found


AT_BUILD = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tracegen" / "vendored").glob("*.*js"))
}
"""Run under Node.js, or made into the editor."""


@pytest.mark.parametrize("name", [*SOURCES, *AT_BUILD])
def test_functions_and_modules_of_scripts_fit_a_page(name: str) -> None:
    source = {**SOURCES, **AT_BUILD}[name]
    lines = source.splitlines()
    assert len(lines) <= MODULE_LINES_MAX, name
    assert [line for line in lines if len(line) > LINE_LENGTH_MAX] == []
    long = [
        f"{name}:{line}: a function of {count} lines"
        for line, count in functions(source)
        if count > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("name", SOURCES)
def test_no_type_of_a_script_is_any(name: str) -> None:
    typed = re.findall(r"@\w+ \{[^\n]*", SOURCES[name])
    assert not [line for line in typed if re.search(r"\bany\b(?=[^@]*\})", line)]


def test_no_script_imports_itself_by_a_detour() -> None:
    try:
        TopologicalSorter({name: imports(name, code) for name, code in CODE.items()}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])), pytrace=False)


@pytest.mark.parametrize("name", [name for name in SOURCES if is_pure(name)])
def test_a_script_that_says_no_dom_knows_no_page_and_none_that_does(name: str) -> None:
    page = OF_A_PAGE.search(TEXTS.sub('""', CODE[name]))
    assert page is None, f"{name} uses {page and page[0]}"
    assert [other for other in imports(name, CODE[name]) if not is_pure(other)] == []


@pytest.mark.parametrize("name", [name for name in PLAYER if not is_pure(name)])
def test_a_script_that_could_do_without_a_page_says_so(name: str) -> None:
    """Or is about types alone: whoever looks for what Node can try finds all of it."""
    code = TEXTS.sub('""', CODE[name])
    foreign = [other for other in imports(name, CODE[name]) if not is_pure(other)]
    assert OF_A_PAGE.search(code) or foreign or code.strip() == "export{};"


def test_what_decides_what_is_shown_knows_no_page() -> None:
    decides = {"story", "playback", "address", "recording", "frame", "causes", "flow-moves"}
    assert {name for name in decides if not is_pure(f"player/{name}.js")} == set()


def test_what_decides_what_a_reader_runs_knows_no_page() -> None:
    """A link and what was kept are read by these: nothing that they do can run anything."""
    decides = {"plan", "share", "faults", "diff", "zip", "result"}
    assert {name for name in decides if not is_pure(f"playground/{name}.js")} == set()


def test_every_script_of_the_player_is_reached_from_its_element() -> None:
    types = {name for name in PLAYER if CODE[name].strip() == "export{};"}
    assert set(PLAYER) - types == everything_reached()


@pytest.mark.parametrize("name", PLAYER)
def test_what_a_script_exports_somebody_imports(name: str) -> None:
    """Tests count: a function that they alone call is tried apart from what it serves."""
    tests = Path(__file__).resolve().parents[1]
    others = [source for other, source in SOURCES.items() if other != name]
    others += [path.read_text(encoding="utf-8") for path in tests.glob("scripts/*.mjs")]
    users = "\n".join(source for source in others if Path(name).name in source)
    unused = [
        each for each in EXPORT.findall(SOURCES[name]) if not re.search(rf"\b{each}\b", users)
    ]
    assert not unused, f"{name} exports {', '.join(unused)} for nobody"


def test_a_function_is_found_with_its_length() -> None:
    source = "export function f(a) {\n  return a;\n}\nconst g = () => {\n  f(1);\n};\nclass C {\n"
    source += "  async #h(x) {\n    if (x) {\n      f(x);\n    }\n  }\n}\n"
    assert functions(source) == [(1, 3), (4, 3), (8, 5)]
