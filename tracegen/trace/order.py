"""From drafts, reported by several instances on several machines, to spans in causal order.

Rule 1: nothing stands before what led to it, whatever the clocks say.
Rule 2: what one instance did stays in the order in which it did it.
Rule 3: otherwise the order of arrival stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from tracegen.errors import RunError
from tracegen.trace.model import Draft, Span

_WRITES = ("send", "poison")


def place(topic: str, partition: int, offset: int) -> str:
    """Name a record, as `Draft.cause` does."""
    return f"{topic}/{partition}/{offset}"


def assemble(
    drafts: Iterable[Draft], acknowledged: Mapping[str, tuple[int, int]]
) -> tuple[Span, ...]:
    """Number the drafts so that causes stand before effects.

    Args:
        drafts: In the order in which they were reported.
        acknowledged: Partition and offset of each send that the broker took, by `ref`.

    Returns:
        Spans with `seq`, `parent` and times from 0 on. A send that was never acknowledged keeps
        no partition and no offset.

    Raises:
        RunError: A draft names a cause that was never reported.

    Source:
        Kahn, "Topological sorting of large networks", 1962; ready drafts leave by arrival.
    """
    arrived = list(drafts)
    index_of = _names(arrived, acknowledged)
    causes = [-1 if draft.cause is None else index_of.get(draft.cause, -2) for draft in arrived]
    order = _order(arrived, causes)
    start_us = min([draft.span.time_us for draft in arrived], default=0)
    seq_of = dict(zip(order, range(len(order)), strict=True))
    spans = []
    for seq, index in enumerate(order):
        draft = arrived[index]
        span, cause = draft.span, causes[index]
        partition, offset = acknowledged.get(draft.ref) or (span.partition, span.offset)
        spans.append(Span(  # By hand: `replace` is slow.
            seq, None if cause < 0 else seq_of[cause], span.time_us - start_us, span.operation,
            span.service, span.instance, span.topic, partition, offset, span.envelope, span.state,
            span.effect, span.after_ms, span.fault, span.reason,
        ))  # fmt: skip
    return tuple(spans)


def _order(arrived: list[Draft], causes: list[int]) -> Sequence[int]:
    """Indexes in causal order. What arrived in such an order stays as it is.

    Args:
        arrived: The drafts.
        causes: The index of what led to each; -1 for nothing, -2 for what was never reported.
    """
    if all([-2 < cause < index for index, cause in enumerate(causes)]):
        return range(len(arrived))
    effects: list[list[int]] = [[] for _ in arrived]
    waits_for = [0] * len(arrived)
    last_of: dict[str, int] = {}
    for index, draft in enumerate(arrived):
        before = [] if draft.cause is None else [causes[index]]
        before += [last_of[draft.span.instance]] if draft.span.instance in last_of else []
        last_of[draft.span.instance] = index
        for cause in before:
            waits_for[index] += 1
            if cause >= 0:
                effects[cause].append(index)

    order: list[int] = []
    ready = [index for index, count in enumerate(waits_for) if count == 0]
    heapify(ready)
    while ready:
        index = heappop(ready)
        order.append(index)
        for effect in effects[index]:
            waits_for[effect] -= 1
            if waits_for[effect] == 0:
                heappush(ready, effect)
    if len(order) < len(arrived):
        lost = next(d for d, cause in zip(arrived, causes, strict=True) if cause == -2)
        raise RunError(
            f"{lost.ref} ({lost.span.operation} {lost.span.message_name}): "
            f"its cause {lost.cause} was never reported"
        )
    return order


def _names(arrived: list[Draft], acknowledged: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Index drafts by `ref`, and what was written by the record's place as well."""
    names: dict[str, int] = {}
    for index, draft in enumerate(arrived):
        names[draft.ref] = index
        span = draft.span
        if span.operation in _WRITES and span.topic is not None:
            partition, offset = acknowledged.get(draft.ref) or (span.partition, span.offset)
            if partition is not None and offset is not None:
                names[place(span.topic, partition, offset)] = index
    return names
