"""Packs Python's library, Jinja2 and our own modules for the page. Runs inside Pyodide, under Node.

Only Pyodide's own Python can compile for Pyodide. What goes in:

- of the standard library what Pyodide, Jinja2 and we import, and what a reader's service may want
  (`READERS_WANT`): all of it would be twice as large;
- compiled with `-OO` and without columns in line tables: two thirds of the size. Lines stay, so
  that an error names its line. Nothing of ours may need its docstrings or asserts;
- unchecked `.pyc`: no source is looked for, and none is there but for what is read as a file.

The same files give the same bytes: entries are sorted, and their date is fixed.
"""

import ast
import importlib
import importlib.util
import io
import marshal
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

GIVEN, MADE = Path("/given"), Path("/made")
STOCK = Path("/lib/python314.zip")
"""Where Pyodide has its library, and where ours will stand: tracebacks show this path."""
DATE = (1980, 1, 1, 0, 0, 0)  # The first that a zip can hold.
UNCHECKED = (0b01).to_bytes(4, "little")  # PEP 552: has a hash, and nobody compares it.

READERS_WANT = (
    "abc", "ast", "asyncio", "base64", "bisect", "collections.abc", "contextlib", "copy", "csv",
    "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "graphlib", "hashlib",
    "heapq", "hmac", "importlib.resources", "inspect", "io", "itertools", "json", "logging", "math",
    "numbers", "operator", "pprint", "queue", "random", "re", "secrets", "statistics", "string",
    "struct", "textwrap", "threading", "time", "tomllib", "traceback", "types", "typing", "uuid",
    "warnings", "weakref", "zlib",
)  # fmt: skip
"""Beyond what we import ourselves. What else a reader imports is not there, and is said so."""
NEEDED_LATER = (
    "_strptime",
    "encodings.ascii", "encodings.idna", "encodings.latin_1", "encodings.utf_8",
    "encodings.unicode_escape",  # Jinja2 reads texts in templates by it.
    "importlib.readers", "importlib.resources._adapters", "importlib.resources.readers",
    "pyodide.code", "pyodide.ffi", "pyodide.webloop",
)  # fmt: skip
"""What others import only once they come to it: to read a date, a text, a file in the archive."""


def main() -> None:
    """Read what is given, import it to see what it needs, and write the archive."""
    compiled = dict(_read(GIVEN / "compiled"))
    plain = dict(_read(GIVEN / "plain"))
    sys.path.insert(0, str(GIVEN / "compiled"))
    for name in (*READERS_WANT, *NEEDED_LATER, *_named(compiled)):
        importlib.import_module(name)
    with zipfile.ZipFile(STOCK) as archive:
        stock = {name: archive.read(name) for name in _used()}
    MADE.mkdir()
    (MADE / "python.zip").write_bytes(pack(stock | compiled, plain))


def pack(modules: Mapping[str, bytes], plain: Mapping[str, bytes]) -> bytes:
    """Compile modules and put them into one archive with plain files.

    Args:
        modules: Sources by path, such as `json/decoder.py`.
        plain: Files to take as they are, by path.
    """
    entries = {f"{path}c": compiled(path, source) for path, source in modules.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in sorted((entries | dict(plain)).items()):
            entry = zipfile.ZipInfo(path, DATE)
            entry.create_system = 3  # Unix, wherever this runs; else the bytes would differ.
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    return packed.getvalue()


def compiled(path: str, source: bytes) -> bytes:
    """Compile one module as the content of a `.pyc` that is never compared with its source."""
    code = compile(source, f"{STOCK}/{path}", "exec", dont_inherit=True, optimize=2)
    head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
    return head + marshal.dumps(code)


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _named(modules: Mapping[str, bytes]) -> Iterator[str]:
    """The modules of ours, and what they import within functions; of Jinja2 the package alone."""
    yield "jinja2"
    for path, source in modules.items():
        if path.startswith("tracegen/"):
            yield path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            yield from _imports(ast.walk(ast.parse(source)))


def _imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def _used() -> list[str]:
    """Which files of Pyodide's library have been imported by now."""
    origins = (getattr(m.__spec__, "origin", None) or "" for m in list(sys.modules.values()))
    inside = f"{STOCK}/"
    return [origin.removeprefix(inside) for origin in origins if origin.startswith(inside)]
