"""Sentences about runs: text, the claims that bear it out, and values that are computed, not typed.

In a text, `names` stand between backticks, and an expression of the claims' grammar between
braces: `It took {count(send) in happy-path.choreography} records.` The steps that `{step(…) in …}`
finds become links to them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracegen.claims.evidence import Evidence, Source
from tracegen.claims.grammar import parse_expression
from tracegen.claims.proof import Value, compute, prove
from tracegen.claims.tree import Call
from tracegen.errors import ClaimError, TracegenError
from tracegen.texts import _
from tracegen.variants import VARIANTS

_PART = re.compile(r"`(?P<code>[^`]*)`|\{(?P<expression>[^{}]*)\}|(?P<plain>[^`{}]+)|(?P<odd>.)")


@dataclass(frozen=True, slots=True)
class Plain:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A name, as Kafka or the code has it."""

    text: str
    kind: str
    """Of the message that it names; empty if it names none."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of a step, to be a link to it."""

    evidence: Evidence

    @property
    def text(self) -> str:
        """The number."""
        return str(self.evidence.step)


Prose = tuple[Plain | Code | Reference, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that was proved, and the rows that bear it out."""

    prose: Prose
    evidence: tuple[Evidence, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(part.text for part in self.prose)


def sentence(table: Mapping[str, Any], where: str, recordings: Source) -> Sentence:
    """Read and prove one sentence, as pages and files have it.

    Args:
        table: `text`; and `claim`, one or a list of them. A sentence that computes nothing and
            claims nothing says so, `general = true`: it is about Kafka or the styles, not a run.
        where: For messages.
        recordings: What it must agree with.

    Raises:
        ClaimError: A field is missing, unknown or of the wrong type, or a claim does not hold.
    """
    if not isinstance(table, Mapping) or not isinstance(table.get("text"), str):
        raise ClaimError(f"{where}: needs text, and claim or general = true")
    if unknown := sorted(table.keys() - {"text", "claim", "general"}):
        raise ClaimError(f"{where}: unknown: {', '.join(unknown)}. Known: text, claim, general")
    found = proofs(table.get("claim", []), where, recordings)
    said = prose(table["text"], where, recordings)
    proved = "claim" in table or "{" in table["text"]
    if proved == (table.get("general") is True):
        raise ClaimError(
            f"{where}: '{table['text']:.60}' needs a claim that a recording bears out, "
            "or general = true if it is not about a run; never both"
        )
    return Sentence(said, found)


def proofs(claims: Any, where: str, recordings: Source) -> tuple[Evidence, ...]:
    """Prove a claim or a list of them, and give the rows that bear them out, each once.

    Raises:
        ClaimError: One is no claim or does not hold, or a recording cannot be read.
    """
    listed = [claims] if isinstance(claims, str) else claims
    if not isinstance(listed, list | tuple) or not all(isinstance(c, str) for c in listed):
        raise ClaimError(f"{where}: claim must be a text, or a list of texts")
    try:
        found = (one for claim in listed for one in prove(claim, recordings))
        return tuple(dict.fromkeys(found))
    except TracegenError as error:
        raise ClaimError(f"{where}: {error}") from None


def prose(text: str, where: str, recordings: Source) -> Prose:
    """Split a text into words, names and computed values.

    Raises:
        ClaimError: A backtick or brace has no partner, or an expression cannot be computed.
    """
    try:
        return tuple(part for match in _PART.finditer(text) for part in _parts(match, recordings))
    except TracegenError as error:
        raise ClaimError(f"{where}: {error}") from None


def _parts(match: re.Match[str], recordings: Source) -> Iterator[Plain | Code | Reference]:
    if match["odd"] is not None:
        raise ClaimError(f"'{match.string:.60}', column {match.start() + 1}: {match[0]} alone")
    if match["code"] is not None:
        yield Code(match["code"], _kind(match["code"]))
    elif match["plain"] is not None:
        yield Plain(match["plain"])
    else:
        expression = parse_expression(match["expression"])
        value = compute(expression, recordings)
        if isinstance(expression.value, Call) and expression.value.function.text == "step":
            yield from _references(value, match["expression"])
        elif isinstance(expression.value, Call) and expression.value.function.text == "outcome":
            yield Plain(_(value.text))
        else:
            yield Plain(value.text)


def _references(value: Value, expression: str) -> Iterator[Plain | Reference]:
    if not value.evidence:
        raise ClaimError(f"'{expression}' finds no step to point at")
    if not all(found.is_drawn for found in value.evidence):
        raise ClaimError(f"'{expression}' points at a step of an order that its page does not draw")
    for position, found in enumerate(value.evidence, 1):
        if position > 1:
            yield Plain(f" {_('and')} " if position == len(value.evidence) else ", ")
        yield Reference(found)


def _kind(name: str) -> str:
    """None where the styles differ: `PaymentDeclined` is an event in one, in the other a reply."""
    flows = (flow for variant in VARIANTS.values() for flow in variant.values())
    kinds = {m.kind for flow in flows for m in flow.messages if m.name == name}
    return kinds.pop() if len(kinds) == 1 else ""
