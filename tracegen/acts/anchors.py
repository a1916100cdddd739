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


def record_anchor(trace: Trace, span: Span) -> str:
    """The anchor of the record that a span sent or read: `record-STYLE-order-message`, a slug.

    It says what the record is and not where it stands, so it outlives a new run. A second record
    of the same gets a number. Empty where Kafka never acknowledged one.
    """
    sent = span if span.operation == "send" else trace.parent(span)
    if sent is None or sent.operation != "send" or sent.position is None:
        return ""
    nth = trace.twins(sent).index(sent.seq) + 1
    found = slug(f"record {trace.header.style} {sent.key} {sent.message_name}")
    return found if nth == 1 else f"{found}-{nth}"


def slug(words: str) -> str:
    """Words as an id of HTML that stands in an address without any escape."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
