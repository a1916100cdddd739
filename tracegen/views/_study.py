"""What views of studies share: where the counts come from."""

from dataclasses import dataclass
from pathlib import Path

from tracegen.studies import Result, Studies
from tracegen.texts import _

HERE = Studies(Path())
"""For engines that run no plugin, which would say where a site's root is."""


@dataclass(frozen=True)
class Origin:
    """The badge of a study, and its card."""

    kafka: str | None
    """Version of the broker. `None`: the runs were simulated."""
    day: str
    from_baseline: bool
    run_count: int
    """All runs together."""
    facts: tuple[tuple[str, str, bool], ...]
    """What, how it is, and whether that is something to type."""
    file: str
    """From the site's root."""


def where(result: Result) -> str:
    """The machine, and how busy it was with other things."""
    if result.load is None:
        return result.machine
    return _("{machine}, load average {load} before the first run").format(
        machine=result.machine, load=result.load
    )


def origin(studies: Studies, name: str) -> Origin:
    """Tell where the counts of a study come from.

    Raises:
        TracegenError: As `Studies.result` has it.
    """
    result = studies.result(name)
    runs = sum(result.run_counts)
    facts = (
        (_("broker"), f"Apache Kafka {result.kafka}" if result.kafka else _("none"), False),
        (_("client"), result.client or _("not said"), False),
        (_("when"), result.recorded_at.replace("T", " ").replace("Z", " UTC"), False),
        (_("where"), where(result), False),
        (
            _("runs"),
            _("{count}, {at_once} at a time, in {seconds} s").format(
                count=runs, at_once=result.at_once, seconds=result.took_s
            ),
            False,
        ),
        (_("code"), result.commit or _("no commit is known"), False),
        (_("again"), result.command, True),
    )
    return Origin(
        result.kafka, result.recorded_at[:10], studies.is_baseline(name), runs, facts,
        f"studies/{name}.json",
    )  # fmt: skip
