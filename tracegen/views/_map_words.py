"""What stands on the mined map beside a line: what was sent, how often, and what became of it."""

from collections.abc import Callable, Mapping

from tracegen.flows import Flow
from tracegen.texts import _, ngettext
from tracegen.trace.model import STRANGER
from tracegen.views._mined import OUTSIDE, Activity, Count, Edge

FAULTS: Mapping[str, Callable[[], str]] = {
    "kill": lambda: _("killed before it sent anything"),
    "pause": lambda: _("paused before it sent anything"),
    "mute": lambda: _("handled, and nothing sent"),
    "misspell": lambda: _("the topic's name is misspelt"),
}
"""What was done on purpose, where it decides what a way looks like."""


def named(flow: Flow) -> dict[str, str]:
    """What the services of a flow are called, by letter and name."""
    return {p.name: f"{p.letter} {p.name}".strip() for p in flow.participants}


def who(activity: Activity, names: Mapping[str, str]) -> str:
    """Name whoever handles something, by letter and service."""
    service, _message = activity
    if service == OUTSIDE:
        return _("outside")
    if service == STRANGER:
        return _("somebody who is no service")
    return names.get(service, service)


def sent(edge: Edge) -> str:
    """Name what was sent; empty where nothing was."""
    if edge.end == "silence":
        return ""
    return edge.message or _("what no one can parse")


def often(count: Count, scenario_count: int) -> str:
    """Say how often, and in how many recordings; nothing of what was there once in the only one."""
    times = ngettext("{n} time", "{n} times", count.times).format(n=count.times)
    if scenario_count == 1:
        return times if count.times > 1 else ""
    return _("{times}, in {k} of {all} recordings").format(
        times=times, k=len(count.recordings), all=scenario_count
    )


def became(edge: Edge, names: Mapping[str, str], leads_on: bool) -> str:
    """Say what became of it; empty where the next box says so."""
    told = _ended(edge, who((edge.reader, ""), names), leads_on)
    why = FAULTS[edge.fault]() if edge.fault in FAULTS else edge.fault
    return ": ".join(filter(None, (told, why)))


def _ended(edge: Edge, reader: str, leads_on: bool) -> str:
    match edge.end:
        case "nobody":
            return _("nobody reads {topic}").format(topic=edge.topic)
        case "waits":
            return _("still unread by {who} at the end").format(who=reader)
        case "aside":
            return _("put aside in {topic}").format(topic=edge.topic)
        case "read" | "timer" if not leads_on:
            return _("read by {who}, who sends nothing").format(who=reader)
    return ""
