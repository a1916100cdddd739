"""What whoever runs the services could have seen of a run, without knowing what went wrong.

Everything here stands on some dashboard or in some log: the lag of a group, a time-out that fired,
a dead letter. What stands nowhere is not here either; that is what silence means.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tracegen.english import counted, listed, times
from tracegen.trace import Span, Trace, outcomes
from tracegen.trace.spans import second
from tracegen.words import DONE

SILENCE_US_MIN = 1_000_000
"""A pause that is shorter strikes nobody."""


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


@dataclass(frozen=True)
class Lag:
    """How far a group was behind on a topic."""

    service: str
    topic: str
    most: int
    end: int
    unattended: int
    """The most while no instance of the group was there."""


def lags(trace: Trace) -> tuple[Lag, ...]:
    """The lag of every group on every topic, as Kafka counts it."""
    ends: dict[tuple[str, int], int] = {}
    done: dict[tuple[str, str, int], int] = {}
    there: dict[str, set[str]] = {}
    read = [(service, topic) for service, topics in trace.header.groups.items() for topic in topics]
    found = {pair: [0, 0, 0] for pair in read}
    for span in trace.spans:
        if span.operation in ("started", "resumed"):
            there.setdefault(span.service, set()).add(span.instance)
        elif span.operation in ("crashed", "paused"):
            there.setdefault(span.service, set()).discard(span.instance)
        elif span.topic is None or span.partition is None or span.offset is None:
            continue
        elif span.operation in ("send", "poison"):
            # Of two who write to one topic, the later one may be heard of first.
            place = span.topic, span.partition
            ends[place] = max(span.offset + 1, ends.get(place, 0))
        elif span.operation == "settle":
            at = (span.service, span.topic, span.partition)
            done[at] = max(span.offset, done.get(at, 0))
        for service, topic in read:
            lag = sum(end - done.get((service, *at), 0) for at, end in ends.items()
                      if at[0] == topic)  # fmt: skip
            most, _, unattended = found[service, topic]
            alone = lag if not there.get(service) else 0
            found[service, topic] = [max(most, lag), lag, max(unattended, alone)]
    return tuple(Lag(*pair, *counts) for pair, counts in found.items())


def lag(trace: Trace) -> Iterator[Sign]:
    """A line for each group and topic."""
    for one in lags(trace):
        named = f"{_who(trace, one.service)} on {one.topic}"
        tag = "lag" if one.end else "lag for a while" if one.unattended else ""
        late = (s.seq for s in trace.spans if s.topic == one.topic
                and (s.operation, s.service) == ("process", one.service))  # fmt: skip
        alone = f", {one.unattended} while no instance was there" if one.unattended else ""
        told = f"{named}: at most {one.most}{alone}; {one.end or 'none'} at the end"
        yield Sign(told, tuple(late) if tag else (), tag, one.topic if one.end else "")


def time_outs(trace: Trace) -> Iterator[Sign]:
    """Timers that were set, those that fired, and what was told because of it."""
    timers = waits(trace)
    fired = [(t, p) for t in timers for p in trace.children(t, "process")]
    if timers:
        seqs = tuple(handled.seq for _, handled in fired)
        waited = sorted({t.after_ms / 1000 for t, _ in fired if t.after_ms is not None})
        after = f", after {' or '.join(f'{s:g}' for s in waited)} s" if fired else ""
        told = f"{len(fired) or 'none'} of {counted(len(timers), 'timer')} fired{after}"
        yield Sign(told, seqs, "time-out" if fired else "")
    for _, handled in fired:
        for sent in trace.children(handled, "send"):
            if sent.envelope is not None and sent.envelope.message.kind == "event":
                who = _who(trace, sent.service)
                told = f"{who} tells {sent.message_name} of {sent.key} in {sent.topic}"
                yield Sign(told, (sent.seq,), "alarm")


def waits(trace: Trace) -> tuple[Span, ...]:
    """The timers that wait for something. One of 0 ms is a service's note to itself."""
    return tuple(span for span in trace.spans if span.operation == "timer" and span.after_ms)


def dead_letters(trace: Trace) -> Iterator[Sign]:
    """What was put aside, and why."""
    for span in (span for span in trace.spans if span.operation == "bury"):
        skipped = trace.parent(span)
        what = f"{span.message_name} of {span.key}" if span.envelope else "a record without a name"
        where = f" from {skipped.topic}" if skipped else ""
        yield Sign(f"{what}{where}: {span.reason}", (span.seq,), "dead letter")


def retries(trace: Trace) -> Iterator[Sign]:
    """Attempts that failed, and what was sent or read a second time."""
    failed = [s for s in trace.spans if s.operation == "skip" and s.fault == "fail"]
    for key in dict.fromkeys((s.service, s.message_name, s.key) for s in failed):
        mine = [s for s in failed if (s.service, s.message_name, s.key) == key]
        told = f"{_who(trace, key[0])} fails {times(len(mine))} at {key[1]} of {key[2]}"
        yield Sign(told, tuple(s.seq for s in mine), "errors")
    for operation, verb in (("send", "sent"), ("process", "read")):
        again = second(trace, operation)
        for name in dict.fromkeys(span.message_name for span in again):
            mine = [span for span in again if span.message_name == name]
            yield Sign(f"{name} {verb} again {times(len(mine))}", tuple(s.seq for s in mine))


def restarts(trace: Trace) -> Iterator[Sign]:
    """Instances that went or stood still, and whether they came back."""
    for span in (s for s in trace.spans if s.operation in ("crashed", "paused")):
        later = (s for s in trace.spans[span.seq :] if s.instance == span.instance)
        back = next((s for s in later if s.operation in ("started", "resumed")), None)
        unread = "" if back else next(iter(trace.header.groups.get(span.service, ())), "")
        if span.operation == "paused":
            told = f"{span.instance} stands still{' and goes on' if back else ', for good'}"
            yield Sign(told, (span.seq,), "standstill", unread)
        else:
            told = f"{span.instance} is killed and {'comes back' if back else 'stays away'}"
            yield Sign(told, (span.seq,), "restart" if back else "instance gone", unread)


def moves(trace: Trace) -> Iterator[Sign]:
    """Partitions that went to another instance, and brokers that took over from others."""
    had: dict[tuple[str, str | None, int | None], str] = {}
    moved: dict[str, list[Span]] = {}
    for span in (span for span in trace.spans if span.operation == "assigned"):
        at = span.service, span.topic, span.partition
        if had.get(at, span.instance) != span.instance:
            moved.setdefault(span.instance, []).append(span)
        had[at] = span.instance
    for instance, spans in moved.items():
        told = f"{counted(len(spans), 'partition')} moved to {instance}"
        yield Sign(told, tuple(span.seq for span in spans), "rebalance")
    elected = [span for span in trace.spans if span.operation == "elected"]
    if elected:
        told = f"{counted(len(elected), 'partition')} led by another broker than before"
        yield Sign(told, tuple(span.seq for span in elected), "new leader")


def strays(trace: Trace) -> Iterator[Sign]:
    """Topics that somebody made by mistake."""
    wrong = [s for s in trace.spans if s.operation == "send" and s.fault == "misspell"]
    for topic in dict.fromkeys(span.topic for span in wrong):
        mine = tuple(span.seq for span in wrong if span.topic == topic)
        told = f"a topic {topic}, with {counted(len(mine), 'record')} and no group that reads it"
        yield Sign(told, mine, "stray topic")


def silence(trace: Trace) -> Iterator[Sign]:
    """How long nothing happened while an order was not at its end.

    A pause that just passes is the machine's. It counts if it took somebody who came back, or a
    time-out, to end it.
    """
    handled = [span.seq for span in trace.spans if span.operation == "process"]
    # What comes before the first order or after the last handling owes nothing.
    work = trace.spans[handled[0] : handled[-1] + 1] if handled else ()
    lived = sorted(work, key=lambda span: span.time_us)
    gaps = [(b.time_us - a.time_us, b) for a, b in pairwise(lived) if _ends_silence(trace, b)]
    longest, after = max(gaps, key=lambda gap: gap[0], default=(0, None))
    if after is not None and longest >= SILENCE_US_MIN:
        ended = "a time-out fired" if _is_fired(trace, after) else f"{after.instance} came back"
        told = f"nothing for {longest / 1_000_000:.1f} s, until {ended}"
        yield Sign(told, (after.seq,), is_odd=True)
    left = [key for key, ended in outcomes(trace).items() if ended == "unfinished"]
    if left:
        have = "has" if len(left) == 1 else "have"
        told = f"for ever: {counted(len(left), 'order')} {have} no end, and nothing is to come"
        last = tuple(s.seq for s in trace.spans if s.key in left)[-1:]
        yield Sign(told, last, is_odd=True)


def bank(trace: Trace) -> Iterator[Sign]:
    """What only the bank and the carrier know."""
    for entry in trace.header.ledger:
        asked = tuple(s.seq for s in trace.spans if s.effect is not None
                      and (s.effect.name, s.key) == (entry.name, entry.key))  # fmt: skip
        if entry.times > 1:
            told = f"{entry.key} {DONE[entry.name]} {times(entry.times)}"
            yield Sign(told, asked[1:], f"double {entry.name}")
    ended = outcomes(trace)
    paid = {entry.key for entry in trace.header.ledger if entry.name == "charge"}
    for how, told in (("shipped and refunded", "parcel and money are both gone"),
                      ("unfinished", "the money is taken, and no parcel comes")):  # fmt: skip
        keys = [key for key in ended if ended[key] == how and key in paid]
        if keys:
            done = (s.seq for s in trace.spans if s.operation == "effect" and s.key in keys)
            yield Sign(f"{listed(keys)}: {told}", tuple(done), is_odd=True)


KINDS: dict[str, Callable[[Trace], Iterable[Sign]]] = {
    "Lag": lag,
    "Time-outs": time_outs,
    "Dead letters": dead_letters,
    "Retries": retries,
    "Instances": restarts,
    "Partitions and leaders": moves,
    "Topics": strays,
    "Silence": silence,
    "At the bank and the carrier": bank,
}
"""What there is to look at, in the order in which one looks."""


def tags(trace: Trace) -> tuple[str, ...]:
    """What is to be seen of a run, in a word or two each; empty where it looks sound."""
    found = (sign.tag for look in KINDS.values() for sign in look(trace))
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _ends_silence(trace: Trace, span: Span) -> bool:
    return span.operation in ("started", "resumed") or _is_fired(trace, span)


def _is_fired(trace: Trace, span: Span) -> bool:
    parent = trace.parent(span)
    return span.operation == "process" and parent is not None and bool(parent.after_ms)


def _who(trace: Trace, service: str) -> str:
    """`C, shipping`; or the name alone."""
    label = trace.flow.participant(service).label
    return service if label == service else f"{label}, {service},"
