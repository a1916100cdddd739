"""Executes a notebook in a Python of its own, the one that runs this, against a given Kafka.

No kernel needs to be installed for Jupyter, and none that is installed is asked: the kernel is
this interpreter's ipykernel, with no settings of the user's.

Source:
    jupyter_client, "Kernel specs": the native kernel is `{sys.executable} -m ipykernel_launcher`.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jupytext
import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tracegen.errors import RunError
from tracegen.notebooks.plain import plain

CELL_S_MAX = 120
"""A cell that takes longer is interrupted: on a quiet machine the slowest takes a second."""
KERNEL_S_MAX = 60
SERVERS, OPTIONS = "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_CLIENT_OPTIONS"
"""What a notebook reads of its environment: where Kafka is, and options of its clients as JSON."""

_CELL = re.compile(r"# %%(?:\s|$)")
_FRAME = re.compile(r"Cell In\[(?P<count>\d+)\], line (?P<line>\d+)|line (?P<only>\d+)\)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PACKAGE_PARENT = Path(__file__).parents[2]


def execute(
    source: Path,
    bootstrap_servers: str,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Run a notebook's cells, from the first to the last.

    Args:
        source: Its cells in the percent format.
        bootstrap_servers: Which Kafka.
        options: Security and the like, as kafka-python takes them.

    Returns:
        The notebook as `plain` makes it.

    Raises:
        RunError: A cell raises, takes too long, or ends the kernel; says which, and where.
    """
    notebook = jupytext.read(source, fmt="py:percent")
    begun = [0]

    def note(cell: Any, cell_index: int) -> None:
        begun.append(cell_index)

    # Windows deletes nothing of a process that is still ending.
    place = tempfile.TemporaryDirectory(prefix="tracegen-notebook-", ignore_cleanup_errors=True)
    with place as folder:
        manager = _manager(Path(folder))
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=CELL_S_MAX,
            startup_timeout=KERNEL_S_MAX,
            record_timing=False,
            allow_errors=False,
            on_cell_execute=note,
            resources={"metadata": {"path": folder}},
        )
        environment = _environment(Path(folder), bootstrap_servers, options or {})
        said = Path(folder) / "stderr"
        try:
            with said.open("wb") as stderr:
                client.execute(env=environment, stderr=stderr)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise _failed(source, notebook.cells, begun[-1], error) from None
        except RuntimeError as error:  # So does a kernel end that never was ready.
            raise _no_kernel(error, said.read_text(encoding="utf-8", errors="replace")) from error
    return plain(notebook)


def _manager(folder: Path) -> AsyncKernelManager:
    """A kernel that is this interpreter, whatever is installed for Jupyter."""
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    return AsyncKernelManager(
        kernel_name=NATIVE_KERNEL_NAME,
        kernel_spec_manager=specs,
        connection_file=str(folder / "kernel.json"),
        transport_encryption="auto" if zmq.has("curve") else "disabled",
    )


def _environment(
    folder: Path, bootstrap_servers: str, options: Mapping[str, Any]
) -> dict[str, str]:
    """What a kernel's process is given: our package, its Kafka, and none of the user's settings."""
    paths = [str(_PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # Else it warns of a debugger that nobody asked for.
        "NO_COLOR": "1",
        SERVERS: bootstrap_servers,
        OPTIONS: json.dumps(dict(options)),
    }


def _failed(source: Path, cells: list[Any], at: int, error: Exception) -> RunError:
    """The error for a cell that did not come to its end; `at` counts cells from 0."""
    by_hand = f"Look at it: {Path(sys.executable).name} {source.as_posix()} runs it as a script"
    number, cell = at + 1, cells[at]
    first = _lines(source)[at]
    where = f"{source.as_posix()}:{first}: cell {number} of {len(cells)}"
    if isinstance(error, CellTimeoutError):
        return RunError(f"{where} ran for over {CELL_S_MAX} s. {by_hand}")
    if not isinstance(error, CellExecutionError):
        return RunError(f"{where} ended its Python. {by_hand}")
    line = _line_of(error, cell)
    code = cell.source.splitlines()
    shown = f", `{code[line - 1].strip():.100}`" if 0 < line <= len(code) else ""
    where = f"{source.as_posix()}:{first + line}: cell {number} of {len(cells)}"
    told = " ".join(_COLOUR.sub("", error.evalue).split())
    return RunError(
        f"{where} failed{shown}: {error.ename}: {told:.300}. Either the fact is not so on this "
        f"Kafka, or the cell is wrong. {by_hand}"
    )


def _no_kernel(error: Exception, said: str) -> RunError:
    """The error for a kernel that did not start."""
    last = " ".join(said.split()[-40:])
    return RunError(
        f"{sys.executable} -m ipykernel_launcher did not become ready in {KERNEL_S_MAX} s: {error}"
        f"{f'; it said: …{last}' if last else ''}. Set the project up anew: remove .venv, then "
        "./dev record"
    )


def _line_of(error: CellExecutionError, cell: Any) -> int:
    """The line within its cell from which an error came, from 1; 0 if it does not say."""
    found = 0
    for match in _FRAME.finditer(_COLOUR.sub("", error.traceback)):
        if match["only"] or int(match["count"]) == cell.execution_count:
            found = int(match["line"] or match["only"])
    return found


def _lines(source: Path) -> list[int]:
    """The lines, from 1, at which the cells of a source begin."""
    return list(_starts(source.read_text(encoding="utf-8").splitlines()))


def _starts(lines: list[str]) -> Iterator[int]:
    return (number for number, line in enumerate(lines, 1) if _CELL.match(line))
