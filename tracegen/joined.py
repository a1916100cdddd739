"""Joins ES modules into one: what a player needs first comes as one file, and compresses as one.

Thirty small files compress a third worse than the same text in one. Each module becomes a function
that runs once, in the order in which modules would run, and gives what it exports. Whoever imports
a joined module from elsewhere, such as one that is fetched later, gets the same objects from a stub
at its old path, so nothing runs twice.

This reads our own way of writing modules, not all of JavaScript: named imports, or all of a module
under a name; exported declarations of functions, classes and constants. The rest is refused.
"""

import posixpath
import re
from graphlib import CycleError, TopologicalSorter

from tracegen.errors import TracegenError

_FROM = r'\s*from\s*"(?P<path>\.[^"]+)"\s*;?'
_IMPORT = re.compile(rf"(?<![\w$.])import\s*(?P<what>\{{[^}}]*\}}|\*\s*as\s+[\w$]+){_FROM}")
_AGAIN = re.compile(rf"(?<![\w$.])export\s*\{{(?P<names>[^}}]*)\}}{_FROM}")
_NOTHING = re.compile(r"(?<![\w$.])export\s*\{\s*\}\s*;?")
_DECLARED = re.compile(
    r"(?<![\w$.])export\s+(?=(?:async\s+function\*?|function\*?|class|const)\s+(?P<name>[\w$]+))"
)
_LEFT = re.compile(r"""(?:^|[;}])\s*(?:import\s*["{*\w$]|export\b)""", re.MULTILINE)


class JoinError(TracegenError):
    """A module is written in a way that cannot be joined."""


def imports(path: str, source: str) -> list[str]:
    """List what a module imports before it runs, in the order in which it names them.

    Args:
        path: Where the module stands, from the site's root.
        source: Its text without comments.
    """
    found = [*_IMPORT.finditer(source), *_AGAIN.finditer(source)]
    return [
        _beside(path, match["path"]) for match in sorted(found, key=lambda match: match.start())
    ]


def reached(entry: str, sources: dict[str, str]) -> list[str]:
    """List a module and all that it imports before it runs, in the order in which they run.

    Args:
        entry: The module, as a key of `sources`.
        sources: Modules without comments. What `import()` brings comes later and does not count.

    Raises:
        JoinError: A module imports one that is not there, or two import each other.
    """
    graph: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in graph:
            continue
        if path not in sources:
            importers = ", ".join(one for one, others in graph.items() if path in others)
            raise JoinError(f"{importers} imports {path}, which is not there")
        graph[path] = imports(path, sources[path])
        waiting += graph[path]
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise JoinError(f"modules import each other: {' from '.join(error.args[1])}") from error


def join(entry: str, sources: dict[str, str]) -> dict[str, str]:
    """Put a module and what it imports into one, and stubs in place of what it imports.

    Args:
        entry: The module, as a key of `sources`; the joined one takes its place.
        sources: Modules without comments, all in one folder, as `import.meta.url` is one for all.

    Returns:
        New texts by path.

    Raises:
        JoinError: A module imports or exports in a way that is not known here.
    """
    listed = ""
    order = reached(entry, sources)
    folders = {posixpath.dirname(path) for path in order}
    if len(folders) > 1:
        raise JoinError(f"{entry} imports from other folders: {', '.join(sorted(folders))}")
    names = {path: f"m{number}" for number, path in enumerate(order)}
    parts: list[str] = []
    stubs: dict[str, str] = {}
    for path in order:
        body, given = _body(path, sources[path], names)
        parts.append(f"const {names[path]}=(()=>{{{body}\nreturn{{{','.join(given)}}}}})();")
        listed = ",".join(name.split(":")[0] for name in given)
        stubs[path] = (
            f'import{{{names[path]} as m}}from"./{posixpath.basename(entry)}";'
            f"export const{{{listed}}}=m;"
        )
    own = f"export const{{{listed}}}={names[entry]};" if listed else ""
    parts.append(f"export{{{','.join(names.values())}}};{own}")
    return {**stubs, entry: "\n".join(parts)}


def _body(path: str, source: str, names: dict[str, str]) -> tuple[str, list[str]]:
    """Rewrite a module as a function's body; gives it with what the function returns."""
    given: list[str] = []

    def imported(match: re.Match[str]) -> str:
        module = names[_beside(path, match["path"])]
        if match["what"].startswith("*"):
            return f"const {match['what'].split()[-1]}={module};"
        bindings = re.sub(r"\s+as\s+", ":", match["what"])
        return f"const{bindings}={module};"

    def again(match: re.Match[str]) -> str:
        module = names[_beside(path, match["path"])]
        given.extend(
            f"{name.strip()}:{module}.{name.strip()}" for name in match["names"].split(",")
        )
        return ""

    def declared(match: re.Match[str]) -> str:
        given.append(match["name"])
        return ""

    body = _NOTHING.sub("", _AGAIN.sub(again, _IMPORT.sub(imported, source)))
    body = _DECLARED.sub(declared, body)
    left = _LEFT.search(body)
    if left:
        raise JoinError(f"{path}: cannot join {body[left.start() : left.start() + 60].strip()!r}")
    return body, given


def _beside(path: str, to: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), to))
