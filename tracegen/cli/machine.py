"""The machine that counted, as far as times depend on it; never its name."""

import os
import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


def machine() -> str:
    """Processor, cores that this process may use, and system: `Xeon, 2 cores, Linux x86_64`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    told = f"{cores or 1} {'core' if cores == 1 else 'cores'}"
    return f"{_processor()}, {told}, {platform.system()} {platform.machine()}"


def load() -> float | None:
    """How many programs wanted a core, on average over the last minute; `None`: nobody knows."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _processor() -> str:
    """The model, as the system has it; at least the kind."""
    try:
        lines = _CPUINFO.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(filter(None, named), "") or platform.processor() or "a processor without a name"
