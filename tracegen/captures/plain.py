"""What a tool printed, as a page shows it: what differs between runs by nature stands as a sign.

Rule 1: what is put in place of what is told by `signs`, and pages print that.
Rule 2: nothing else is changed. Where names became shorter, columns are set anew as the tool sets
them, since it makes them as wide as their longest word.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from tracegen.texts import _

ADDRESS = "localhost:9092"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
"""Of version 4: drawn. Ours, of version 5, follow from causes and stay."""
_SIGNS = (
    (re.compile(r"TopicId: [\w-]{22}"), "TopicId: …"),
    (re.compile(r"CreateTime:\d{13}"), "CreateTime:…"),
    (re.compile(r"ce_time:\d{4}-\d\d-\d\dT[\d:.]+Z"), "ce_time:…"),
    (re.compile(rf"\b{_UUID}\b"), "…"),
    (re.compile(r"correlation id \d+"), "correlation id …"),
)
_OF_PREFIX = "WARNING: Due to limitations in metric names, topics with a period"
"""What `--create` says of a name with a period in it, which a run's name brings along."""
_HEAD = "GROUP"
"""What the first line of a table begins with."""
_WIDTH, _WIDTHS = 15, {"PARTITION": 10}
"""Of columns, in characters, unless a word is longer; as `ConsumerGroupCommand` has them."""


def signs() -> tuple[str, ...]:
    """What does not stand on a page as it was, in words."""
    return (
        _("the broker's address"),
        _("what the names of the run's topics and groups begin with"),
        _("the names of other runs on the same broker"),
        _("a warning of periods in a topic's name, where only the run's name has one"),
        _("times, and ids that are drawn anew each time"),
        _("the time and the class of a warning"),
    )


def plain(output: str, servers: str, prefix: str, others: Callable[[str], bool]) -> tuple[str, ...]:
    """Give the lines of an output as pages show them.

    Args:
        output: What the tool printed.
        servers: The broker's address.
        prefix: What the names of the run's topics and groups begin with.
        others: Tells whether a line names something of another run on the same broker.
    """
    address = re.compile(rf"{re.escape(servers)}(?!\d)")
    lines = []
    for line in output.splitlines():
        if others(line) or line.startswith(_OF_PREFIX):
            continue
        said = address.sub(ADDRESS, line.replace(prefix, ""))
        for pattern, sign in _SIGNS:
            said = pattern.sub(sign, said)
        lines.append(said.rstrip())
    return tuple("\n".join(_aligned(lines)).strip("\n").splitlines())


def _aligned(lines: Iterable[str]) -> Iterator[str]:
    """Set the columns of each table anew; one goes on as long as rows have as many columns."""
    table: list[list[str]] = []
    for line in lines:
        cells = line.split()
        if table and len(cells) == len(table[0]):
            table.append(cells)
            continue
        yield from _set(table)
        table = [cells] if line.startswith(_HEAD) else []
        if not table:
            yield line
    yield from _set(table)


def _set(table: list[list[str]]) -> Iterator[str]:
    if not table:
        return
    widths = [
        max(_WIDTHS.get(column[0], _WIDTH), *map(len, column))
        for column in zip(*table, strict=True)
    ]
    for cells in table:
        yield " ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip()
