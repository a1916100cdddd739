"""The flow in a few lines, and the service code that ran, taken from its files."""

import inspect
from dataclasses import dataclass
from types import ModuleType

from tracegen.flows import FLOWS, Flow, Participant
from tracegen.trace import Trace


@dataclass(frozen=True)
class Service:
    """One service's file."""

    label: str
    name: str
    file: str
    source: str
    styles: tuple[str, ...]
    """The styles in which it took part in the recordings."""


@dataclass(frozen=True)
class Code:
    """What ran."""

    outlines: tuple[tuple[str, str], ...]
    """Style, and its flow in a few lines."""
    services: tuple[Service, ...]


def build(choreography: Trace, orchestration: Trace) -> Code:
    """Show the code of both recordings; their digest says that it is the code that made them."""
    flows = [FLOWS[trace.header.style] for trace in (choreography, orchestration)]
    found: dict[ModuleType, tuple[Participant, list[str]]] = {}
    for flow, trace in zip(flows, (choreography, orchestration), strict=True):
        ran = {span.service for span in trace.spans}
        for participant in flow.participants:
            if participant.name in ran:
                _, styles = found.setdefault(participant.module, (participant, []))
                styles.append(flow.style)
    services = tuple(
        Service(
            label=participant.label,
            name=participant.name,
            file=module.__name__.replace(".", "/") + ".py",
            source=inspect.getsource(module),
            styles=tuple(styles),
        )
        for module, (participant, styles) in found.items()
    )
    return Code(tuple((flow.style, outline(flow)) for flow in flows), services)


def outline(flow: Flow) -> str:
    """Who reads what and sends what: one line for each message on Kafka."""
    width = max(len(message.name) for message in flow.messages)
    lines = []
    for message in flow.messages:
        if message.topic is None or message.sender is None:
            continue
        readers = ", ".join(flow.participant(r).label for r in flow.readers(message.topic))
        sender = flow.participant(message.sender).label
        lines.append(
            f"{sender:12} → {message.name:{width}} → {message.topic:20} → {readers or 'nobody'}"
        )
    return "\n".join(lines)
