"""One thing to be seen of a run, and what only the bank and the carrier could tell of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracegen.english import listed, times
from tracegen.texts import _, later
from tracegen.trace import Trace, outcomes
from tracegen.words import DONE

TAGS = (
    later("lag"), later("lag for a while"), later("time-out"), later("alarm"),
    later("dead letter"), later("errors"), later("standstill"), later("restart"),
    later("instance gone"), later("rebalance"), later("new leader"), later("stray topic"),
    later("double charge"), later("double refund"), later("double ship"), later("double email"),
)  # fmt: skip
"""What a sign is called in a word or two, wherever the words for it are said."""


@dataclass(frozen=True)
class Sign:
    """One thing to be seen."""

    text: str
    seqs: tuple[int, ...]
    """The spans that show it."""
    tag: str = ""
    """In a word or two; empty for what is there in a sound run as well."""
    unread: str = ""
    """A topic of which a record was left unread; that shows it as well."""
    is_odd: bool = False
    """No dashboard tells of it, and a sound run does not have it."""


def bank(trace: Trace) -> Iterator[Sign]:
    """What only the bank and the carrier know."""
    for entry in trace.header.ledger:
        asked = tuple(s.seq for s in trace.spans if s.effect is not None
                      and (s.effect.name, s.key) == (entry.name, entry.key))  # fmt: skip
        if entry.times > 1:
            told = _("{order} {done} {times}").format(
                order=entry.key, done=_(DONE[entry.name]), times=times(entry.times)
            )
            yield Sign(told, asked[1:], f"double {entry.name}")
    ended = outcomes(trace)
    paid = {entry.key for entry in trace.header.ledger if entry.name == "charge"}
    says = (
        ("shipped and refunded", _("{orders}: parcel and money are both gone")),
        ("unfinished", _("{orders}: the money is taken, and no parcel comes")),
    )
    for how, said in says:
        keys = [key for key in ended if ended[key] == how and key in paid]
        if keys:
            done = (s.seq for s in trace.spans if s.operation == "effect" and s.key in keys)
            yield Sign(said.format(orders=listed(keys)), tuple(done), is_odd=True)
