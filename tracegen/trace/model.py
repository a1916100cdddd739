"""What a recording holds: a header, and spans.

A span is one thing that one service did. Not a record, which is Kafka's word for a message in its
log, and not an event, which is ours for what services tell each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from tracegen.errors import TracegenError
from tracegen.flows import Flow
from tracegen.message import Effect, Envelope
from tracegen.outside import Entry, Outcome, outcome
from tracegen.variants import flow_of

SCHEMA_VERSION = 1

Operation = Literal[
    "send", "process", "settle", "effect", "timer",
    "skip", "bury", "poison",
    "started", "assigned", "revoked", "crashed", "stopped", "paused", "resumed", "elected",
]  # fmt: skip
"""`send`, `process` and `settle` are named as in OpenTelemetry's messaging conventions.

`skip`: a record was read and not handled. `bury`: what was skipped went to the dead-letter topic.
`poison`: somebody who is no service wrote what no one can parse. `elected`: another node leads a
partition.
"""

BROKER, STRANGER = "broker", "stranger"
"""Who does what is not done by a service; its instances are nodes, or whoever wrote poison."""
DEAD_LETTERS = "dead-letters"
"""The topic for what nobody could handle."""
DEAD_LETTER = "dead_letter_"
"""What the names of the headers begin with that say why a record lies there, and where it stood."""

Runtime = Literal["kafka", "memory"]


@dataclass(frozen=True, slots=True)
class Span:
    """One thing that one instance of a service did, or that happened to it."""

    seq: int
    """Position in the recording, from 0. Causes stand before effects."""
    parent: int | None
    """`seq` of what led to it: a send is processed, processing sends, settles, sets a timer."""
    time_us: int
    """Microseconds since the first span, by the clock of the machine the instance ran on."""
    operation: Operation
    service: str
    instance: str
    topic: str | None = None
    """`None` for what does not touch Kafka, such as `PlaceOrder` and timers."""
    partition: int | None = None
    offset: int | None = None
    """Of the record sent or processed; for `settle` and `assigned`, of the next one to read."""
    envelope: Envelope | None = None
    """What was sent or processed, or what a timer will bring."""
    state: Any = None
    """For `process`: what the service now holds of this order. `None`: nothing."""
    effect: Effect | None = None
    """For `effect`: what was asked of the world outside."""
    after_ms: int | None = None
    """For `timer`: how long to wait."""
    fault: str | None = None
    """What was done to it on purpose, such as `kill` or `mute`."""
    reason: str | None = None
    """For `skip` and `bury`: why it was not handled. For `crashed`: the point it had reached."""

    @property
    def position(self) -> tuple[str, int, int] | None:
        """Topic, partition and offset, or `None` where there is no record."""
        if self.topic is None or self.partition is None or self.offset is None:
            return None
        return self.topic, self.partition, self.offset

    @property
    def message_name(self) -> str:
        """The message's name; empty where there is none."""
        return self.envelope.message.name if self.envelope else ""

    @property
    def key(self) -> str | None:
        """The order that this is about, where it is about one."""
        if self.envelope is not None:
            return self.envelope.message.key
        return self.effect.key if self.effect is not None else None


@dataclass(frozen=True, slots=True)
class Draft:
    """A span as its instance reports it: the cause is known by name, not yet by place."""

    ref: str
    """Unique in the run: instance and number."""
    cause: str | None
    """`ref` of the draft that led to it, or `topic/partition/offset` of the record processed."""
    span: Span
    """With `seq` 0 and `parent` None until `assemble` knows better, and absolute `time_us`."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Offsets of a partition that hold no record of ours, and why."""

    topic: str
    partition: int
    first: int
    last: int
    why: str


@dataclass(frozen=True, slots=True)
class Header:
    """Where a recording comes from, and what cannot be seen in its spans."""

    scenario: str
    style: str
    runtime: Runtime
    recorded_at: str
    """UTC, ISO 8601, to the second."""
    command: str
    """What to type to repeat it."""
    digest: str
    """Of the services, flow and scenario that made it; see `tracegen.scenario.digest`."""
    topics: Mapping[str, int]
    """Partition count by topic."""
    groups: Mapping[str, tuple[str, ...]]
    """Topics read, by service."""
    ledger: tuple[Entry, ...]
    """What the world outside did."""
    unfinished: tuple[str, ...] = ()
    """Orders that the scenario leaves without an end."""
    kafka: str | None = None
    """Version of the broker. `None`: there was none, the run was simulated."""
    node_count: int | None = None
    client: str | None = None
    """Name and version of the Kafka client."""
    host: str | None = None
    """Kind of machine, such as `Linux x86_64`."""
    commit: str | None = None
    """Of the code that recorded, with `+` where the tree had changes."""
    seed: int | None = None
    """Of a simulated run."""
    gaps: tuple[Gap, ...] = ()
    variant: str = ""
    """Which variant of the flow ran, such as `naive`. Left out for the plain one."""

    def readers(self, topic: str | None) -> tuple[str, ...]:
        """The services whose groups read a topic; of a misspelt one, or of `None`, nobody."""
        return tuple(service for service, topics in self.groups.items() if topic in topics)


@dataclass(frozen=True, slots=True)
class Trace:
    """One run of one scenario in one style."""

    header: Header
    spans: tuple[Span, ...]
    ran: Flow | None = field(default=None, repr=False, compare=False)
    """The flow that ran where it is none of ours: a reader's own."""
    side: str = field(default="", compare=False)
    """On which side of a page it is drawn, by the style that stands there on others: its own,
    unless two runs of one style stand side by side. No part of the file."""
    _children: dict[int, tuple[int, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _twins: dict[tuple[str | None, str], list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _cut: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what views ask for all the time."""
        object.__setattr__(self, "side", self.side or self.header.style)
        handling: dict[str, int] = {}
        halted: dict[str, int] = {}
        children: dict[int, list[int]] = {}
        for span in self.spans:
            if span.parent is not None:
                children.setdefault(span.parent, []).append(span.seq)
            if span.operation == "send":
                if span.position is not None:
                    self._twins.setdefault((span.key, span.message_name), []).append(span.seq)
            elif span.operation in ("process", "skip"):
                handling[span.instance] = span.seq
            elif span.operation == "settle":
                handling.pop(span.instance, None)
            elif span.operation == "crashed" and span.instance in handling:
                self._cut[handling.pop(span.instance)] = span.seq
            elif span.operation == "paused":
                halted[span.instance] = span.seq
            elif span.operation == "resumed":
                halted.pop(span.instance, None)
        self._cut.update((handling[one], seq) for one, seq in halted.items() if one in handling)
        self._children.update((seq, tuple(found)) for seq, found in children.items())

    @property
    def name(self) -> str:
        """`scenario.style`, as recordings' files are called."""
        return f"{self.header.scenario}.{self.header.style}"

    @property
    def flow(self) -> Flow:
        """The flow that ran.

        Raises:
            UsageError: The header names none of ours.
        """
        if self.ran is not None:
            return self.ran
        return flow_of(self.header.style, self.header.variant)

    def children(self, span: Span, operation: Operation | None = None) -> tuple[Span, ...]:
        """What a span led to, in order; one operation only if asked."""
        found = [self.spans[seq] for seq in self._children.get(span.seq, ())]
        return tuple([s for s in found if operation is None or s.operation == operation])

    def parent(self, span: Span) -> Span | None:
        """What led to a span."""
        return None if span.parent is None else self.spans[span.parent]

    def cut(self, handled: Span) -> Span | None:
        """The crash, or the pause without end, that cut the handling of a message short.

        That is: before it was committed. What comes from a timer or from outside is never
        committed; there it is the crash before the instance took up anything else.
        """
        seq = self._cut.get(handled.seq)
        return None if seq is None else self.spans[seq]

    def is_aborted(self, sent: Span) -> bool:
        """Whether a message was sent in a transaction that came to nothing: no group reads it."""
        handled = self.parent(sent)
        if handled is None or self.cut(handled) is None or self._children.get(sent.seq):
            return False
        return self._is_transactional

    def is_kept(self, handled: Span) -> bool:
        """Whether what a service noted over a message outlives it: no crash came before that.

        In a transactional flow it is noted with the commit, else once the state is saved.
        """
        cut = self.cut(handled)
        return cut is None or (cut.reason == "saved" and not self._is_transactional)

    @property
    def _is_transactional(self) -> bool:
        try:
            return self.flow.transactional
        except TracegenError:  # Somebody else's flow: then nobody knows, and what it does counts.
            return False

    def twins(self, sent: Span) -> tuple[int, ...]:
        """`seq` of each sending of a record with the same name and key, in order."""
        return tuple(self._twins.get((sent.key, sent.message_name), ()))

    def orders(self) -> tuple[str, ...]:
        """The orders, in the order in which they came from outside."""
        outside = (s for s in self.spans if s.operation == "process" and s.parent is None)
        return tuple(dict.fromkeys(s.key for s in outside if s.key is not None))


def is_id(text: str) -> bool:
    """Whether a text is a UUID, spelled as `str(UUID)` spells it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def outcomes(trace: Trace) -> Mapping[str, Outcome]:
    """How each order ended, by the ledger of the world outside: no service need know.

    Where nothing was done for an order, by what the services have told of it.
    """
    told: dict[str | None, Outcome] = {}
    try:
        ends = {m.name: m.ends for m in trace.flow.messages if m.ends != "unfinished"}
    except TracegenError:  # Somebody else's flow: then the ledger alone counts.
        ends = {}
    if ends:
        told = {s.key: ends[s.message_name] for s in trace.spans
                if s.operation == "send" and s.message_name in ends}  # fmt: skip
    return {
        key: outcome(trace.header.ledger, key, told.get(key, "unfinished"))
        for key in trace.orders()
    }


def unfinished(trace: Trace) -> tuple[str, ...]:
    """The orders that came to no end."""
    return tuple(key for key, outcome in outcomes(trace).items() if outcome == "unfinished")
