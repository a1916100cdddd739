"""The faults of a scenario in words: what is done to whom, at which delivery, and for how long."""

from collections.abc import Mapping

from tracegen.english import capital
from tracegen.faults import ANY, LEADER_OF, Fault
from tracegen.fitting import TO_NODES
from tracegen.texts import _, later
from tracegen.trace import Trace
from tracegen.trace.model import BROKER
from tracegen.variants import VARIANTS

_DONE: Mapping[str, str] = {
    "kill": later("{who} is killed"),
    "pause": later("{who} is made to stand still"),
    "add": later("one more instance of {who} joins"),
    "remove": later("an instance of {who} leaves"),
    "mute": later("{who} does its work and sends nothing"),
    "refuse": later("{who} is told no by the world outside"),
    "fail": later("the code of {who} fails"),
    "slow": later("{who} takes {for_ms} ms"),
    "misspell": later("{who} writes to `{topic}` by mistake"),
    "duplicate": later("{who} is given it twice"),
    "lose": later("{who} never gets it"),
    "late": later("{who} gets it late"),
    "poison": later("somebody writes to `{topic}` what no one can parse"),
    "kill node": later("the broker that leads `{node}` is killed"),
    "pause node": later("the broker that leads `{node}` is made to stand still"),
}
_POINTS: Mapping[str, str] = {
    "": "",
    "processed": later("after reading, before doing anything"),
    "affected": later("after its effect, before it tells anybody"),
    "sent": later("after its answer is sent, before that is noted"),
    "saved": later("after its state is saved, before the commit"),
    "settled": later("after the commit"),
}
_BACK: Mapping[str, str] = {
    "once": later("comes back at once"),
    "rest": later("comes back when nothing else is due"),
    "late": later("comes back when nothing else is due and no timer runs"),
    "never": later("stays away"),
}
_GOES = ("kill", "pause", *TO_NODES)
_NTH = {1: later("first"), 2: later("second"), 3: later("third")}


def done(fault: Fault, variant: str) -> str:
    """What is done to whom, when in its work, and whether it comes back; in a few words."""
    said = _deed(fault, variant)
    if fault.do == "mute" and fault.on is not None and fault.on.delivery is not None:
        said = _("{said}, the {nth} time").format(said=said, nth=_nth(fault.on.delivery))
    if fault.at:
        said = f"{said} {_(_POINTS[fault.at])}"
    if fault.do in _GOES:
        said = _("{said}, and {back}").format(said=said, back=_(_BACK[fault.back]))
    return _in_style(fault, said)


def _deed(fault: Fault, variant: str) -> str:
    node = fault.node.removeprefix(LEADER_OF)
    who = _who(fault.service, variant) if fault.service else ""
    said = _(_DONE[fault.do]).format(who=who, topic=fault.topic, node=node, for_ms=fault.for_ms)
    return capital(said)


def told(fault: Fault, variant: str) -> str:
    """All of a fault, in a sentence."""
    parts = [_deed(fault, variant)]
    if fault.on is not None:
        names = f" {_('or')} ".join(f"`{name}`" for name in fault.on.message)
        whose = _("any order") if fault.on.key == ANY else fault.on.key
        nth = fault.on.delivery
        each, one = (
            _("at each delivery of {names} of {order}"),
            _("at the {nth} delivery of {names} of {order}"),
        )
        when = (each if nth is None else one).format(nth=_nth(nth or 1), names=names, order=whose)
        parts.append(when)
    else:
        parts.append(_("before the first order comes"))
    if fault.at:
        parts.append(_(_POINTS[fault.at]))
    back = _("; it {back}").format(back=_(_BACK[fault.back])) if fault.do in _GOES else ""
    return _in_style(fault, f"{' '.join(parts[:2])}{''.join(f', {p}' for p in parts[2:])}{back}.")


def _in_style(fault: Fault, said: str) -> str:
    """The same, with the style where it is not done in both."""
    if fault.style == ANY:
        return said
    starts_with_name = said[1:2] == " "  # A, B, C.
    within = said if starts_with_name else said[0].lower() + said[1:]
    return _("In {style}: {said}").format(style=_(fault.style), said=within)


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
    said = _NTH.get(count)
    return _(said) if said else _("{count}th").format(count=count)


def _who(service: str, variant: str) -> str:
    """`C (shipping)`, or the name alone. Not every style has every service."""
    for flow in VARIANTS[variant].values():
        for one in flow.participants:
            if one.name == service and one.letter:
                return f"{one.letter} ({service})"
            if one.name == service:
                return _("the {who}").format(who=_(service))
    return service
