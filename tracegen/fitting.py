"""Whether a fault can bite in a flow. One that cannot is a mistake, and no calm run."""

import re

from tracegen.faults import ANY, LEADER_OF, Fault
from tracegen.flows import Flow, MessageType

TO_NODES = ("kill node", "pause node")
"""What is done to brokers; there are several of them on Kafka only."""
_NEEDS_A_RECORD = ("fail", "duplicate", "lose", "late")
"""What is done to a record; a timer's message and one from outside are none."""

_TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,200}")
"""A name that Kafka takes, with room for that of the run before it: 249 letters are the most."""


def misfit(fault: Fault, flow: Flow, node_count: int) -> str | None:
    """Say why a fault cannot bite in a flow, and what would be right; `None` if it can.

    Args:
        fault: One that the flow's style has.
        flow: As it runs.
        node_count: Of brokers.
    """
    services = [participant.name for participant in flow.participants]
    if fault.service and fault.service not in services:
        return f"service is '{fault.service}'; {flow.style} knows: {', '.join(services)}"
    if fault.do == "refuse" and not hasattr(flow.participant(fault.service).module, "refuse"):
        return f"{fault.service} asks nothing of the world outside that it can refuse"
    if fault.do in ("add", "remove") and fault.service == flow.entry:
        return f"{flow.entry} gets what comes from outside, so there is just one of it"
    if fault.do == "kill node" and node_count == 1:
        return "the only node cannot be killed; say nodes = 3"
    return _misplaced(fault, flow) or _unheard(fault, flow)


def overlap(one: Fault, other: Fault) -> bool:
    """Whether two faults may bite at the same delivery; only one could be told of."""
    if one.on is None or other.on is None or one.service != other.service:
        return False
    return (
        (ANY in (one.style, other.style) or one.style == other.style)
        and bool({*one.on.message} & {*other.on.message})
        and (ANY in (one.on.key, other.on.key) or one.on.key == other.on.key)
        and (None in (one.on.delivery, other.on.delivery) or one.on.delivery == other.on.delivery)
    )


def hears(flow: Flow, service: str, message: MessageType) -> bool:
    """Whether a service gets a message: it reads its topic, set its timer, or is the entry."""
    if message.topic is not None:
        return service in flow.readers(message.topic)
    return service == (message.sender or flow.entry)


def _misplaced(fault: Fault, flow: Flow) -> str | None:
    """Say what is wrong with the topic."""
    known = ", ".join(flow.topics)
    if fault.do == "misspell" and fault.topic in flow.topics:
        return f"topic is '{fault.topic}', and that is no misspelling; {flow.style} has: {known}"
    if fault.do == "misspell" and not _TOPIC.fullmatch(fault.topic):
        return (
            f"topic is '{fault.topic}'; Kafka takes 1 to 200 of a to z, A to Z, 0 to 9, . _ and -"
        )
    topic = fault.node.removeprefix(LEADER_OF) or (fault.topic if fault.do == "poison" else "")
    if topic and topic not in flow.topics:
        return f"topic is '{topic}'; {flow.style} has: {known}"
    return None


def _unheard(fault: Fault, flow: Flow) -> str | None:
    """Say why the delivery that a fault waits for never comes."""
    if fault.on is None:
        return None
    heard = [m for m in flow.messages if hears(flow, fault.service, m)]
    if fault.do in _NEEDS_A_RECORD:
        heard = [message for message in heard if message.topic is not None]
    if {*fault.on.message} & {message.name for message in heard}:
        return None
    told = ", ".join(message.name for message in heard) or "nothing"
    return (
        f"on.message is {', '.join(fault.on.message)}; "
        f"in {flow.style}, what {fault.service} can {fault.do} at: {told}"
    )
