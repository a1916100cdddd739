"""What `tracegen record` has written: told, held against the baseline, accepted into it."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial

import click

from tracegen import baseline
from tracegen.english import counted, listed
from tracegen.recordings import BASELINE, SUFFIX
from tracegen.trace import Trace


@dataclass(frozen=True)
class Written:
    """What was recorded or made, and lies where fresh ones lie."""

    kind: str
    name: str
    asked: str
    """What to name in the command to make it again."""
    differences: tuple[str, ...]
    accept: Callable[[], None]
    """Puts it into the baseline."""


def of_trace(trace: Trace) -> Written:
    """A recording as what is compared and accepted."""
    accepted = BASELINE / (trace.name + SUFFIX)
    return Written(
        "recording", trace.name, trace.header.scenario,
        tuple(baseline.compare(trace, accepted)), partial(baseline.write, trace, accepted),
    )  # fmt: skip


def finish(
    written: Sequence[Written], everything: Set[str], check: bool, accept: bool, as_json: bool
) -> None:
    """Compare with the baseline, as asked, and leave with what was found.

    Args:
        written: What was recorded or made.
        everything: What the command would make if nothing were named.
        check: Exit with 1 where something differs.
        accept: Put what differs into the baseline.
        as_json: Tell it to programs.
    """
    differing = {one.name: list(one.differences) for one in written if one.differences}
    if accept:
        for one in (one for one in written if one.differences):
            one.accept()
    if as_json:
        click.echo(json.dumps({"recorded": [o.name for o in written], "differences": differing}))
    elif accept:
        click.echo(f"baseline: {', '.join(differing) or 'nothing'} accepted")
    elif differing:
        click.echo(baseline.report(differing), err=check)
        these = list(dict.fromkeys(one.asked for one in written if one.differences))
        named = [] if {*these} >= everything else these
        told = " ".join(["tracegen", "record", *named, "--accept"])
        click.echo(f"If that is right: {told}", err=check)
    elif check:
        counts = Counter(one.kind for one in written)
        told = listed(counted(count, kind) for kind, count in counts.items())
        click.echo(f"{told}, and none differs from the baseline", err=True)
    if check and differing:
        sys.exit(1)
