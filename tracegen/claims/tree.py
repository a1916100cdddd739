"""What the text of a claim says, as data; and what there is to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tracegen.trace import Operation

FIELDS = (
    "after", "again", "cause", "effect", "fault", "hops", "instance", "key", "kind", "name",
    "partition", "reason", "service", "status", "topic",
)  # fmt: skip
OPERATIONS: tuple[str, ...] = get_args(Operation)
RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
NONE = "none"

Type = Literal["number", "words"]

OF_SELECTION: Mapping[str, Type] = {
    "count": "number", "first": "number", "last": "number", "step": "words",
    **dict.fromkeys(FIELDS, "words"),
}  # fmt: skip
OF_NAMES: Mapping[str, tuple[Type, tuple[str, ...]]] = {
    "outcome": ("words", ("order",)),
    "ended": ("number", ("outcome",)),
    "readers": ("words", ("topic",)),
    "lag": ("number", ("service", "topic")),
    "peak": ("number", ("service", "topic")),
    "committed": ("number", ("service", "topic")),
    "ledger": ("number", ("effect", "order")),
    "cents": ("number", ("effect", "order")),
    "changed": ("words", ("style", "variant")),
}
NEEDED: Mapping[str, int] = {"outcome": 0, "ledger": 1, "cents": 1}
"""How many of its names a function needs, where that is not all."""
OF_GRAPH: Mapping[str, Type] = {"cycle": "words"}
OF_FLOW = (*OF_GRAPH, "changed")
"""What is asked of the flows, and of no recording."""
FUNCTIONS = (*OF_SELECTION, *OF_NAMES, *OF_GRAPH)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the claim, and where it stands."""

    text: str
    column: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Test:
    """What a span must have, or must not have, to be selected."""

    field: str
    equal: bool
    word: Word


@dataclass(frozen=True, slots=True)
class Selection:
    """Some of a recording's spans."""

    what: Word
    """An operation, or the name of a message."""
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A flow's graph or the orchestrator's table, perhaps with one subscription more."""

    name: Word
    added: tuple[Word, Word] | None
    """Service, topic."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the grammar and what it is asked of."""

    function: Word
    argument: Selection | Graph | tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A number, words, or a call; and the recording that it is asked of."""

    value: int | tuple[Word, ...] | Call
    recording: Word | None
    text: str
    """The expression alone, as it was typed."""

    @property
    def type(self) -> Type:
        """What it gives."""
        if isinstance(self.value, int):
            return "number"
        if isinstance(self.value, tuple):
            return "words"
        name = self.value.function.text
        return OF_SELECTION.get(name) or OF_GRAPH.get(name) or OF_NAMES[name][0]

    @property
    def needs_recording(self) -> bool:
        """Whether it asks something of a run."""
        return isinstance(self.value, Call) and self.value.function.text not in OF_FLOW


@dataclass(frozen=True, slots=True)
class Claim:
    """Two expressions and how they must stand to each other."""

    left: Expression
    relation: str
    right: Expression
    text: str
