"""The faults of a scenario in words: what is done to whom, at which delivery, and for how long."""

from collections.abc import Mapping

from tracegen.english import capital
from tracegen.faults import ANY, LEADER_OF, Fault
from tracegen.fitting import TO_NODES
from tracegen.trace import Trace
from tracegen.trace.model import BROKER
from tracegen.variants import VARIANTS

_DONE: Mapping[str, str] = {
    "kill": "{who} is killed",
    "pause": "{who} is made to stand still",
    "add": "one more instance of {who} joins",
    "remove": "an instance of {who} leaves",
    "mute": "{who} does its work and sends nothing",
    "refuse": "{who} is told no by the world outside",
    "fail": "the code of {who} fails",
    "slow": "{who} takes {for_ms} ms",
    "misspell": "{who} writes to `{topic}` by mistake",
    "duplicate": "{who} is given it twice",
    "lose": "{who} never gets it",
    "late": "{who} gets it late",
    "poison": "somebody writes to `{topic}` what no one can parse",
    "kill node": "the broker that leads `{node}` is killed",
    "pause node": "the broker that leads `{node}` is made to stand still",
}
_POINTS: Mapping[str, str] = {
    "": "",
    "processed": "after reading, before doing anything",
    "affected": "after its effect, before it tells anybody",
    "sent": "after its answer is sent, before that is noted",
    "saved": "after its state is saved, before the commit",
    "settled": "after the commit",
}
_BACK: Mapping[str, str] = {
    "once": "comes back at once",
    "rest": "comes back when nothing else is due",
    "late": "comes back when nothing else is due and no timer runs",
    "never": "stays away",
}
_GOES = ("kill", "pause", *TO_NODES)
_NTH = {1: "first", 2: "second", 3: "third"}


def done(fault: Fault, variant: str) -> str:
    """What is done to whom, when in its work, and whether it comes back; in a few words."""
    said = _deed(fault, variant)
    if fault.do == "mute" and fault.on is not None and fault.on.delivery is not None:
        said += f", the {_nth(fault.on.delivery)} time"
    if fault.at:
        said += f" {_POINTS[fault.at]}"
    return _in_style(fault, f"{said}, and {_BACK[fault.back]}" if fault.do in _GOES else said)


def _deed(fault: Fault, variant: str) -> str:
    node = fault.node.removeprefix(LEADER_OF)
    who = _who(fault.service, variant) if fault.service else ""
    said = _DONE[fault.do].format(who=who, topic=fault.topic, node=node, for_ms=fault.for_ms)
    return capital(said)


def told(fault: Fault, variant: str) -> str:
    """All of a fault, in a sentence."""
    parts = [_deed(fault, variant)]
    if fault.on is not None:
        names = " or ".join(f"`{name}`" for name in fault.on.message)
        whose = "any order" if fault.on.key == ANY else fault.on.key
        nth = fault.on.delivery
        which = "each delivery" if nth is None else f"the {_nth(nth)} delivery"
        parts.append(f"at {which} of {names} of {whose}")
    else:
        parts.append("before the first order comes")
    if fault.at:
        parts.append(_POINTS[fault.at])
    back = f"; it {_BACK[fault.back]}" if fault.do in _GOES else ""
    return _in_style(fault, f"{' '.join(parts[:2])}{''.join(f', {p}' for p in parts[2:])}{back}.")


def _in_style(fault: Fault, said: str) -> str:
    """The same, with the style where it is not done in both."""
    if fault.style == ANY:
        return said
    starts_with_name = said[1:2] == " "  # A, B, C.
    return f"In {fault.style}: {said if starts_with_name else said[0].lower() + said[1:]}"


def is_recorded(fault: Fault, trace: Trace) -> bool:
    """Whether a recording shows that it was done."""
    if fault.do in TO_NODES:  # The delivery it waits for says so too, whoever is struck.
        return any(s.service == BROKER and s.operation in ("crashed", "paused")
                   for s in trace.spans)  # fmt: skip
    return any(
        span.fault == fault.do and (not fault.service or span.service == fault.service)
        for span in trace.spans
    )


def _nth(count: int) -> str:
    return _NTH.get(count, f"{count}th")


def _who(service: str, variant: str) -> str:
    """`C (shipping)`, or the name alone. Not every style has every service."""
    for flow in VARIANTS[variant].values():
        for one in flow.participants:
            if one.name == service:
                return f"{one.letter} ({service})" if one.letter else f"the {service}"
    return service
