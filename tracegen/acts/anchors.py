"""Which order a page follows, and what it calls its records."""

import re

from tracegen.errors import UsageError
from tracegen.trace import Span, Trace


def order_of(trace: Trace, order: str | None) -> str:
    """The order to follow: the one asked for, or the first that came from outside.

    Where a fault struck single orders, the first of those: it has something to tell.

    Raises:
        UsageError: The recording has no such order.
    """
    keys = trace.orders()
    if order is None and keys:
        struck = {span.key for span in trace.spans if span.fault is not None}
        return next((key for key in keys if key in struck), keys[0])
    if order not in keys:
        raise UsageError(f"no order '{order}' in {trace.name}. Known: {', '.join(keys)}")
    return order


def is_pair(left: Trace, right: Trace) -> bool:
    """Whether two recordings are runs of one style, and not a scenario in both styles."""
    return left.header.style == right.header.style


def followed(left: Trace, right: Trace, order: str | None) -> str:
    """The order that a page with two recordings follows, as `order_of` has it for the left one.

    Of two runs of one style either may lack it: what ran otherwise need not come to all orders.

    Raises:
        UsageError: Neither has it.
    """
    known = left.orders()
    is_elsewhere = not known if order is None else order not in known and order in right.orders()
    return order_of(right if is_pair(left, right) and is_elsewhere else left, order)


def record_anchor(trace: Trace, span: Span) -> str:
    """The anchor of the record that a span sent or read: `record-SIDE-order-message`, a slug.

    It says what the record is and not where it stands, so it outlives a new run. A second record
    of the same gets a number. Empty where Kafka never acknowledged one. What was put aside, and
    what no one can parse, have anchors of their own.
    """
    if span.operation in ("bury", "poison") or (span.operation == "skip" and span.key is None):
        return _odd_anchor(trace, span)
    sent = span if span.operation == "send" else trace.parent(span)
    if sent is None or sent.operation != "send" or sent.position is None:
        return ""
    nth = trace.twins(sent).index(sent.seq) + 1
    found = slug(f"record {trace.side} {sent.key} {sent.message_name}")
    return found if nth == 1 else f"{found}-{nth}"


def _odd_anchor(trace: Trace, span: Span) -> str:
    """The anchor of a dead letter, or of what no one can parse."""
    wrote = trace.parent(span) if span.operation == "skip" else span
    if wrote is None or wrote.position is None:
        return ""
    alike = [
        other.seq
        for other in trace.spans
        if (other.operation, other.key, other.message_name)
        == (wrote.operation, wrote.key, wrote.message_name)
    ]
    kind = "dead letter" if wrote.operation == "bury" else "unreadable"
    nth = alike.index(wrote.seq) + 1
    found = slug(f"record {trace.side} {kind} {wrote.key or ''} {wrote.message_name}")
    return found if nth == 1 else f"{found}-{nth}"


def slug(words: str) -> str:
    """Words as an id of HTML that stands in an address without any escape."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
