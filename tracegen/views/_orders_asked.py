"""What is asked of two records: which of them comes first, and what says so.

Rule: of four answers exactly one is right, by what orders the two; nobody marks it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracegen.claims import Code, Plain, Source
from tracegen.claims.evidence import evidence
from tracegen.errors import PageError
from tracegen.texts import _
from tracegen.trace import Span, Trace
from tracegen.views._orders import By, Pair, chain, otherwise
from tracegen.views._steps import Link, Proved, groups
from tracegen.views.quiz import Option, Question, Quiz

HERE = "deep"
"""No scenario has this name: every step stands on another page."""
_ASKED: tuple[By, ...] = ("cause", "partition", "clock")


@dataclass(frozen=True)
class Named:
    """What records are called."""

    trace: Trace
    labels: dict[int, str]

    def of(self, span: Span) -> str:
        """Label and name, with backticks."""
        return _("`{label}` (`{name}` of {key})").format(
            label=self.labels[span.seq], name=span.message_name, key=span.key
        )

    def brief(self, span: Span) -> str:
        """The label alone."""
        return f"`{self.labels[span.seq]}`"


def ask(
    trace: Trace,
    pairs: tuple[Pair, ...],
    named: Named,
    turned: Sequence[Trace],
    recordings: Source,
) -> Quiz:
    """Ask of one pair for each kind of order.

    Args:
        trace: The run.
        pairs: All of its records that are shown, two by two.
        named: What they are called.
        turned: Other runs, in which some pairs came the other way round.
        recordings: Where the steps are that bear an answer out.

    Raises:
        PageError: There is no pair of some kind.
    """
    questions = []
    for number, by in enumerate(_ASKED, 1):
        some = [pair for pair in pairs if pair.by == by]
        if not some:
            raise PageError(f"three_orders: no two of the records are ordered by {by} alone")
        pair = _telling(some, turned, trace.orders()[0])
        questions.append(_question(number, pair, named, turned, trace, recordings))
    return Quiz("three-orders", tuple(questions))


def _telling(some: list[Pair], turned: Sequence[Trace], followed: str) -> Pair:
    """The pair that teaches most.

    Of those that a clock alone orders, one that came the other way round elsewhere, and close
    together; else one that pages draw, and far apart.
    """
    if some[0].by == "clock":
        return max(some, key=lambda p: (sum(bool(otherwise(p, t)) for t in turned), -_apart(p)))
    return max(some, key=lambda p: (followed in (p.first.key, p.second.key), _apart(p)))


def _apart(pair: Pair) -> int:
    return abs(pair.second.time_us - pair.first.time_us)


def _question(
    number: int,
    pair: Pair,
    named: Named,
    turned: Sequence[Trace],
    trace: Trace,
    recordings: Source,
) -> Question:
    one, other = named.brief(pair.first), named.brief(pair.second)
    texts: dict[str, tuple[str, str]] = {
        "cause": (
            _("{one} first: it led to {other}").format(one=one, other=other),
            _through(pair, named) if pair.by == "cause" else _no_chain(pair, named),
        ),
        "effect": (
            _("{other} first: it led to {one}").format(one=one, other=other),
            _("No causation id leads from {other} to {one}.").format(one=one, other=other),
        ),
        "partition": (
            _("{one} first: its place in the partition says so").format(one=one),
            _places(pair),
        ),
        "clock": (
            _("Either: the clock alone puts them in order"),
            _clocks(pair, named, turned, trace),
        ),
    }
    shown = evidence(trace, (pair.first, pair.second), recordings)
    drawn = groups((step for step in shown if step.is_drawn), HERE)
    options = tuple(
        Option(letter, _parts(said), by == pair.by, Proved(_parts(why), drawn if by == pair.by
                                                           else ()))
        for letter, (by, (said, why)) in zip("abcd", texts.items(), strict=True)
    )  # fmt: skip
    asked = _("{one} and {other}: which must come first, and what says so?").format(
        one=named.of(pair.first), other=named.of(pair.second)
    )
    hint = _("Look for both in each of the three columns below.")
    return Question(number, _parts(asked), Proved(_parts(hint), ()), (), options)


def _through(pair: Pair, named: Named) -> str:
    """The chain of records from a cause to its effect."""
    links = chain(named.trace, pair.first, pair.second)
    steps = [
        _("{reader} read {one} and sent {other}").format(
            reader=after.service, one=named.brief(before), other=named.brief(after)
        )
        for before, after in pairwise(links)
    ]
    return "; ".join(steps) + "."


def _no_chain(pair: Pair, named: Named) -> str:
    return _(
        "No causation id leads from {one} to {other}: they are about {key} and {key2}."
    ).format(
        one=named.brief(pair.first),
        other=named.brief(pair.second),
        key=pair.first.key,
        key2=pair.second.key,
    )


def _places(pair: Pair) -> str:
    one, other = pair.first.position, pair.second.position
    assert one is not None and other is not None
    if one[:2] == other[:2]:
        return _(
            "Both stand in `{topic}`, partition {p}, at offsets {one} and {other}. "
            "Every reader gets them in that order."
        ).format(topic=one[0], p=one[1], one=one[2], other=other[2])
    return _(
        "They stand in different logs: `{topic}` partition {p}, offset {one}, and `{topic2}` "
        "partition {p2}, offset {other}. An offset counts within its own log and says nothing "
        "about another."
    ).format(topic=one[0], p=one[1], one=one[2], topic2=other[0], p2=other[1], other=other[2])


def _clocks(pair: Pair, named: Named, turned: Sequence[Trace], trace: Trace) -> str:
    told = _("By the clock {one} was sent {ms} ms before {other}.").format(
        one=named.brief(pair.first),
        other=named.brief(pair.second),
        ms=f"{(pair.second.time_us - pair.first.time_us) / 1_000:.1f}",
    )
    if pair.by != "clock":
        return told + " " + _("It agrees here, and it is not what puts them in order.")
    where = [f"`{other.header.scenario}`" for other in turned if otherwise(pair, other)]
    if where:
        more = _("The other way round in {where}.").format(where=_listed(where))
    else:
        more = _("No other recording has them the other way round, and none forbids it.")
    return f"{told} {more}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _parts(text: str) -> tuple[Plain | Code | Link, ...]:
    """Split a text at its backticks."""
    parts = text.split("`")
    return tuple(
        Code(part, "") if index % 2 else Plain(part) for index, part in enumerate(parts) if part
    )
