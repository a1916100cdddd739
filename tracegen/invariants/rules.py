"""The invariants, but for how an order ends; see `endings`.

Each is a function from evidence to what breaks it.
"""

from collections import defaultdict
from collections.abc import Iterator

from tracegen import english
from tracegen.invariants.evidence import Evidence, Violation
from tracegen.message import EffectName
from tracegen.trace.spans import READS

Breaks = Iterator[Violation]


def charged_once(seen: Evidence) -> Breaks:
    """No order is paid for twice."""
    return _once(seen, "charged once", "charge", "charged")


def shipped_once(seen: Evidence) -> Breaks:
    """No order is sent twice."""
    return _once(seen, "shipped once", "ship", "shipped")


def refunded_once(seen: Evidence) -> Breaks:
    """No money is given back twice."""
    return _once(seen, "refunded once", "refund", "refunded")


def _once(seen: Evidence, invariant: str, effect: EffectName, verb: str) -> Breaks:
    for order in seen.orders:
        times = seen.done(effect, order).times
        if times > 1:
            at = seen.last_effect(order, effect)
            yield Violation(invariant, order, at, f"{order} was {verb} {english.times(times)}")


def money_or_parcel(seen: Evidence) -> Breaks:
    """Who pays gets the parcel or the money back, and never both."""
    listed = seen.trace.header.unfinished
    for order in seen.orders:
        charged, refunded = seen.done("charge", order), seen.done("refund", order)
        shipped = seen.done("ship", order)
        told = ""
        if shipped.times and refunded.times:
            told = f"{order} was shipped, and the money was given back"
        elif shipped.times and not charged.times:
            told = f"{order} was shipped, and nobody paid"
        elif refunded.cents > charged.cents or (refunded.times and not charged.times):
            told = f"more was given back for {order} than was taken"
        elif charged.times and not (shipped.times or refunded.times or order in listed):
            told = f"{order} was paid for, and got neither parcel nor refund"
        if told:
            at = seen.last_effect(order, "charge", "ship", "refund")
            yield Violation("money or parcel", order, at, told)


def asked_once(seen: Evidence) -> Breaks:
    """Who has handled a message to its end asks the world outside for nothing again over it."""
    effects: dict[int | None, set[str]] = defaultdict(set)
    for span in seen.spans["effect"]:
        effects[span.parent] |= {span.effect.name} if span.effect else set()
    done: set[tuple[str, str, str]] = set()
    for span in seen.spans["process"]:
        if span.envelope is None:
            continue
        message_id = span.envelope.message_id
        asked = effects.get(span.seq, ())
        for effect in asked:
            if (span.service, message_id, effect) in done:
                told = f"{span.service} asks for {effect} of {span.key} again over one message"
                yield Violation("asked once", span.key, span.seq, told)
        if asked and not seen.is_cut(span):
            done |= {(span.service, message_id, effect) for effect in asked}


def answered(seen: Evidence) -> Breaks:
    """Every command that is handled to its end is answered, the second time as well."""
    for span in seen.spans["process"]:
        if span.envelope is None or span.topic is None or span.envelope.message.kind != "command":
            continue
        replied = seen.trace.children(span, "send")
        if not replied and span.fault != "mute" and not seen.is_cut(span):
            told = f"{span.service} does not answer {span.message_name} of {span.key}"
            yield Violation("answered", span.key, span.seq, told)


def nothing_lost(seen: Evidence) -> Breaks:
    """Each acknowledged record is read by every group whose service lives."""
    readers = {topic: seen.flow.readers(topic) for topic in seen.flow.topics}
    for sent in seen.spans["send"]:
        if sent.offset is None or sent.topic is None:
            continue
        read = {child.service for child in seen.trace.children(sent)}
        for group in readers.get(sent.topic, ()):
            if group not in read and group not in seen.down and not seen.trace.is_aborted(sent):
                told = f"{group} never read {sent.message_name} of {sent.key}"
                yield Violation("nothing lost", sent.key, sent.seq, told)


def acyclic(seen: Evidence) -> Breaks:
    """Nothing stands before what led to it, by the recorder's word and by the messages' own."""
    known: set[str] = set()
    for span in seen.trace.spans:
        if span.parent is not None and span.parent >= span.seq:
            yield Violation("acyclic", span.key, span.seq, "stands before what led to it")
        if span.envelope is None:
            continue
        cause = span.envelope.causation_id
        if cause is not None and cause not in known:
            told = f"{span.message_name} of {span.key} names a cause that comes later, or never"
            yield Violation("acyclic", span.key, span.seq, told)
        known.add(span.envelope.message_id)


def key_order(seen: Evidence) -> Breaks:
    """A group sees the messages of an order on a topic in the order in which they stand there."""
    last: dict[tuple[str, str | None, int | None, str | None], int] = {}
    read: set[tuple[str, str | None, int | None, int]] = set()
    for span in seen.trace.spans:
        if span.operation not in READS or span.offset is None:
            continue
        place = (span.service, span.topic, span.partition, span.offset)
        if place in read:
            continue
        read.add(place)
        at = (span.service, span.topic, span.partition, span.key)
        if span.offset < last.get(at, -1):
            told = f"{span.service} reads offset {span.offset} of {span.key} after {last[at]}"
            yield Violation("key order", span.key, span.seq, told)
        last[at] = span.offset


def one_id(seen: Evidence) -> Breaks:
    """The same fact told again keeps its id. A reply belongs to what was asked: one id for each."""
    ids: dict[tuple[str, str, str | None, str | None], str] = {}
    for span in seen.spans["send"]:
        envelope = span.envelope
        if envelope is None:
            continue
        asked = envelope.causation_id if envelope.message.kind == "reply" else None
        fact = (span.service, envelope.message.name, envelope.message.key, asked)
        if ids.setdefault(fact, envelope.message_id) != envelope.message_id:
            told = f"{span.service} tells {span.message_name} of {span.key} under another id"
            yield Violation("one id", span.key, span.seq, told)


def duplicates(seen: Evidence, most: int) -> Breaks:
    """No more deliveries are second ones than were declared."""
    handled: dict[tuple[str, str | None, int | None, int], int] = defaultdict(int)
    again = []
    for span in seen.spans["process"]:
        if span.offset is not None:
            place = (span.service, span.topic, span.partition, span.offset)
            handled[place] += 1
            if handled[place] > 1:
                again.append(span)
    if len(again) > most:
        span = again[most]
        told = f"{len(again)} messages were handled a second time; {most} may be"
        yield Violation("duplicates", span.key, span.seq, told)


def agreement(seen: Evidence) -> Breaks:
    """What a service believes of an order at the end is what the world outside did.

    And who counts a command as sent has sent it.
    """
    yield from _unasked(seen)
    for (service, order), span in seen.beliefs.items():
        status = span.state.get("status") if isinstance(span.state, dict) else None
        if order is None or status not in BELIEFS.get(service, {}):
            continue
        charged, refunded = seen.done("charge", order), seen.done("refund", order)
        truth = {
            "paid": charged.times > 0 and refunded.times == 0,
            "no money kept": charged.cents == refunded.cents,
            "shipped": seen.done("ship", order).times > 0,
            "not shipped": seen.done("ship", order).times == 0,
            "written": seen.done("email", order).times > 0,
        }
        for claim in BELIEFS[service][status]:
            if not truth[claim]:
                told = f"{service} holds {order} to be {status}, and that is not so: {claim}"
                yield Violation("agreement", order, span.seq, told)
                break


BELIEFS: dict[str, dict[str, tuple[str, ...]]] = {
    # What a status means, by service.
    "order": {"cancelled": ("no money kept",)},
    "orchestrator": {"complete": ("paid", "shipped"), "cancelled": ("no money kept",)},
    "payment": {
        "paid": ("paid",), "declined": ("no money kept",), "refunded": ("no money kept",),
    },
    "shipping": {"shipped": ("shipped",), "failed": ("not shipped",), "stopped": ("not shipped",)},
    "watchdog": {"ended": ("shipped",)},
    "email": {"written": ("written",)},
}  # fmt: skip


def _unasked(seen: Evidence) -> Breaks:
    commands = {
        p.name: p.module.COMMANDS for p in seen.flow.participants if hasattr(p.module, "COMMANDS")
    }
    known: set[tuple[str, str | None, str, int]] = set()
    for span in seen.spans["process"] if commands else ():
        if span.service not in commands or not isinstance(span.state, dict):
            continue
        status, attempts = span.state["status"], span.state["attempts"]
        command = commands[span.service].get(status)
        before, held = len(known), (span.service, span.key, status, attempts)
        known.add(held)
        if not (command and attempts) or len(known) == before or span.fault == "mute":
            continue
        asked = any(c.message_name == command for c in seen.trace.children(span, "send"))
        if not asked and not seen.is_cut(span):
            told = f"{span.service} counts {command} of {span.key} as sent, and did not send it"
            yield Violation("agreement", span.key, span.seq, told)
