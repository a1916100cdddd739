"""Packs Python's library, Jinja2 and our own modules for the page. Runs inside Pyodide, under Node.

Only Pyodide's own Python can compile for Pyodide. What goes in:

- of the standard library what Pyodide and Jinja2 import, and what we and a reader's service may
  want (`WANTED`): all of it would be twice as large;
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
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

GIVEN, MADE = Path("/given"), Path("/made")
STOCK = Path("/lib/python314.zip")
"""Where Pyodide has its library, and where ours will stand: tracebacks show this path."""
DATE = (1980, 1, 1, 0, 0, 0)  # The first that a zip can hold.
UNCHECKED = (0b01).to_bytes(4, "little")  # PEP 552: has a hash, and nobody compares it.

WANTED = (
    "abc", "ast", "asyncio", "base64", "bisect", "collections.abc", "contextlib", "contextvars",
    "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions",
    "functools", "gettext", "graphlib",
    "hashlib", "heapq", "hmac", "html", "importlib.resources", "inspect", "io", "itertools", "json",
    "logging", "math", "numbers", "operator", "pprint", "queue", "random", "re", "secrets",
    "statistics", "string", "struct", "textwrap", "threading", "time", "tomllib", "traceback",
    "types", "typing", "uuid", "warnings", "weakref", "zlib",
)  # fmt: skip
"""By us, or by a reader's service. What else they import is not there, and is said so."""
NEEDED_LATER = (
    "_strptime",
    "encodings.ascii", "encodings.idna", "encodings.latin_1", "encodings.utf_8",
    "encodings.unicode_escape",  # Jinja2 reads texts in templates by it.
    "importlib.readers", "importlib.resources._adapters", "importlib.resources.readers",
    "pyodide.code", "pyodide.ffi", "pyodide.webloop",
)  # fmt: skip
"""What others import only once they come to it: to read a date, a text, a file in the archive."""


def make_base() -> None:
    """Write an archive of what is not ours: the part of Python's library, and Jinja2."""
    sys.path.insert(0, str(GIVEN))
    for name in (*WANTED, *NEEDED_LATER, "jinja2"):
        importlib.import_module(name)
    with zipfile.ZipFile(STOCK) as archive:
        sources = {name: archive.read(name) for name in _used()}
    sources |= dict(_read(GIVEN))
    MADE.mkdir()
    write({f"{path}c": compiled(path, source) for path, source in sources.items()})


def make_whole() -> None:
    """Write an archive of that and what is ours. Python runs from the first one meanwhile.

    Raises:
        ImportError: A module of ours imports what is left out.
    """
    sources, plain = dict(_read(GIVEN / "compiled")), dict(_read(GIVEN / "plain"))
    for path, source in sources.items():
        _require_imports(path, source)
    with zipfile.ZipFile(STOCK) as archive:
        base = {name: archive.read(name) for name in archive.namelist()}
    MADE.mkdir()
    write(base | {f"{path}c": compiled(path, source) for path, source in sources.items()} | plain)


def write(entries: Mapping[str, bytes]) -> None:
    """Write the archive that a script takes from here."""
    (MADE / "python.zip").write_bytes(pack(entries))


def pack(entries: Mapping[str, bytes]) -> bytes:
    """Put files into one archive, by path; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in sorted(entries.items()):
            entry = zipfile.ZipInfo(path, DATE)
            entry.create_system = 3  # Unix, wherever this runs; else the bytes would differ.
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    return packed.getvalue()


def pack_file(plain: str, packed: str) -> None:
    """Pack one file as gzip does, without a date or a system in its header."""
    Path(packed).write_bytes(zlib.compress(Path(plain).read_bytes(), 9, wbits=31))


def compiled(path: str, source: bytes) -> bytes:
    """Compile one module as the content of a `.pyc` that is never compared with its source."""
    code = compile(source, f"{STOCK}/{path}", "exec", dont_inherit=True, optimize=2)
    head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
    return head + marshal.dumps(code)


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _require_imports(path: str, source: bytes) -> None:
    """See that all that a module of ours imports is there."""
    for name in _imports(ast.walk(ast.parse(source))):
        if name.split(".")[0] != "tracegen" and importlib.util.find_spec(name) is None:
            raise ImportError(
                f"{path} imports {name}, which is not in the page's library. Name it under WANTED "
                "in tracegen/vendored/library.py, or do without"
            )


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
