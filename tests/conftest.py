"""What all tests share: their kind by folder, and the fast ones first."""

import signal
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")  # How busy it is, is no property of ours.

TESTS = Path(__file__).resolve().parent
MARKED = {"kafka": pytest.mark.kafka, "browser": pytest.mark.browser}
LAST = ["browser", "content", "scenarios", "kafka"]  # Minutes after seconds, and what runs beside.


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker for what measures, and let signals work.

    Started in the background or by nohup, processes inherit that signals don't, and tests
    interrupt processes of their own, which inherit from this one.
    """
    config.addinivalue_line("markers", "alone: measures time or work, so nothing runs beside it")
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP.
        if number and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the folder they stand in, and put those that take minutes last."""
    for item in items:
        if mark := MARKED.get(folder(item)):
            item.add_marker(mark)
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """Say when a test comes: those that measure when all others are through (`beside`)."""
    if item.get_closest_marker("alone"):
        return len(LAST)
    return LAST.index(folder(item)) if folder(item) in LAST else -1


def folder(item: pytest.Item) -> str:
    """Name the folder under tests/ that holds a test."""
    return item.path.relative_to(TESTS).parts[0]
