"""What whoever runs the services could have seen of a run, without knowing what went wrong.

Everything here stands on some dashboard or in some log: the lag of a group, a time-out that fired,
a dead letter. What stands nowhere is not here either; that is what silence means.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tracegen.english import times
from tracegen.texts import _, decimal, later, ngettext
from tracegen.trace import Span, Trace, outcomes
from tracegen.trace.spans import second
from tracegen.views._sign import Sign, bank

SILENCE_US_MIN = 1_000_000
"""A pause that is shorter strikes nobody."""


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
        tag = "lag" if one.end else "lag for a while" if one.unattended else ""
        late = (s.seq for s in trace.spans if s.topic == one.topic
                and (s.operation, s.service) == ("process", one.service))  # fmt: skip
        said = _("{who} on {topic}: at most {most}; {end} at the end")
        if one.unattended:
            said = _(
                "{who} on {topic}: at most {most}, {alone} while no instance was there; "
                "{end} at the end"
            )
        told = said.format(
            who=_who(trace, one.service), topic=one.topic, most=one.most, alone=one.unattended,
            end=one.end or _("none"),
        )  # fmt: skip
        yield Sign(told, tuple(late) if tag else (), tag, one.topic if one.end else "")


def time_outs(trace: Trace) -> Iterator[Sign]:
    """Timers that were set, those that fired, and what was told because of it."""
    timers = waits(trace)
    fired = [(t, p) for t in timers for p in trace.children(t, "process")]
    if timers:
        seqs = tuple(handled.seq for _, handled in fired)
        waited = sorted({t.after_ms / 1000 for t, _ in fired if t.after_ms is not None})
        told = ngettext(
            "{fired} of {count} timer fired", "{fired} of {count} timers fired", len(timers)
        )
        if fired:
            told = ngettext(
                "{fired} of {count} timer fired, after {seconds} s",
                "{fired} of {count} timers fired, after {seconds} s",
                len(timers),
            )
        seconds = f" {_('or')} ".join(decimal(s) for s in waited)
        told = told.format(fired=len(fired) or _("none"), count=len(timers), seconds=seconds)
        yield Sign(told, seqs, "time-out" if fired else "")
    for handled in (one for __, one in fired):
        for sent in trace.children(handled, "send"):
            if sent.envelope is not None and sent.envelope.message.kind == "event":
                told = _("{who} tells {name} of {order} in {topic}").format(
                    who=_who(trace, sent.service), name=sent.message_name, order=sent.key,
                    topic=sent.topic,
                )  # fmt: skip
                yield Sign(told, (sent.seq,), "alarm")


def waits(trace: Trace) -> tuple[Span, ...]:
    """The timers that wait for something. One of 0 ms is a service's note to itself."""
    return tuple(span for span in trace.spans if span.operation == "timer" and span.after_ms)


def dead_letters(trace: Trace) -> Iterator[Sign]:
    """What was put aside, and why."""
    for span in (span for span in trace.spans if span.operation == "bury"):
        skipped = trace.parent(span)
        what = _("a record without a name")
        if span.envelope:
            what = _("{name} of {order}").format(name=span.message_name, order=span.key)
        said = _("{what} from {topic}: {reason}") if skipped else "{what}: {reason}"
        topic = skipped.topic if skipped else ""
        told = said.format(what=what, topic=topic, reason=span.reason)
        yield Sign(told, (span.seq,), "dead letter")


def retries(trace: Trace) -> Iterator[Sign]:
    """Attempts that failed, and what was sent or read a second time."""
    failed = [s for s in trace.spans if s.operation == "skip" and s.fault == "fail"]
    for key in dict.fromkeys((s.service, s.message_name, s.key) for s in failed):
        mine = [s for s in failed if (s.service, s.message_name, s.key) == key]
        told = _("{who} fails {times} at {name} of {order}").format(
            who=_who(trace, key[0]), times=times(len(mine)), name=key[1], order=key[2]
        )
        yield Sign(told, tuple(s.seq for s in mine), "errors")
    says = (("send", _("{name} sent again {times}")), ("process", _("{name} read again {times}")))
    for operation, said in says:
        again = second(trace, operation)
        for name in dict.fromkeys(span.message_name for span in again):
            mine = [span for span in again if span.message_name == name]
            told = said.format(name=name, times=times(len(mine)))
            yield Sign(told, tuple(s.seq for s in mine))


def restarts(trace: Trace) -> Iterator[Sign]:
    """Instances that went or stood still, and whether they came back."""
    for span in (s for s in trace.spans if s.operation in ("crashed", "paused")):
        later = (s for s in trace.spans[span.seq :] if s.instance == span.instance)
        back = next((s for s in later if s.operation in ("started", "resumed")), None)
        unread = "" if back else next(iter(trace.header.groups.get(span.service, ())), "")
        if span.operation == "paused":
            goes_on, for_good = (
                _("{who} stands still and goes on"),
                _("{who} stands still, for good"),
            )
            told = (goes_on if back else for_good).format(who=span.instance)
            yield Sign(told, (span.seq,), "standstill", unread)
        else:
            returns, gone = _("{who} is killed and comes back"), _("{who} is killed and stays away")
            told = (returns if back else gone).format(who=span.instance)
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
        said = ngettext(
            "{count} partition moved to {who}", "{count} partitions moved to {who}", len(spans)
        )
        told = said.format(count=len(spans), who=instance)
        yield Sign(told, tuple(span.seq for span in spans), "rebalance")
    elected = [span for span in trace.spans if span.operation == "elected"]
    if elected:
        said = ngettext(
            "{count} partition led by another broker than before",
            "{count} partitions led by another broker than before",
            len(elected),
        )
        told = said.format(count=len(elected))
        yield Sign(told, tuple(span.seq for span in elected), "new leader")


def strays(trace: Trace) -> Iterator[Sign]:
    """Topics that somebody made by mistake."""
    wrong = [s for s in trace.spans if s.operation == "send" and s.fault == "misspell"]
    for topic in dict.fromkeys(span.topic for span in wrong):
        mine = tuple(span.seq for span in wrong if span.topic == topic)
        said = ngettext(
            "a topic {topic}, with {count} record and no group that reads it",
            "a topic {topic}, with {count} records and no group that reads it",
            len(mine),
        )
        told = said.format(topic=topic, count=len(mine))
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
        fired, back = (
            _("nothing for {seconds} s, until a time-out fired"),
            _("nothing for {seconds} s, until {who} came back"),
        )
        told = (fired if _is_fired(trace, after) else back).format(
            seconds=decimal(longest / 1_000_000, ".1f"), who=after.instance
        )
        yield Sign(told, (after.seq,), is_odd=True)
    left = [key for key, ended in outcomes(trace).items() if ended == "unfinished"]
    if left:
        told = ngettext(
            "for ever: {count} order has no end, and nothing is to come",
            "for ever: {count} orders have no end, and nothing is to come",
            len(left),
        ).format(count=len(left))
        last = tuple(s.seq for s in trace.spans if s.key in left)[-1:]
        yield Sign(told, last, is_odd=True)


KINDS: dict[str, Callable[[Trace], Iterable[Sign]]] = {
    later("Lag"): lag,
    later("Time-outs"): time_outs,
    later("Dead letters"): dead_letters,
    later("Retries"): retries,
    later("Instances"): restarts,
    later("Partitions and leaders"): moves,
    later("Topics"): strays,
    later("Silence"): silence,
    later("At the bank and the carrier"): bank,
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
    return _(service) if label == service else f"{label}, {service},"
