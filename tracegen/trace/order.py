"""From drafts, reported by several instances on several machines, to spans in causal order.

Rule 1: nothing stands before what led to it, whatever the clocks say.
Rule 2: what one instance did stays in the order in which it did it.
Rule 3: otherwise the order of arrival stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import heapify, heappop, heappush

from tracegen.errors import RunError
from tracegen.trace.model import Draft, Span


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
    arrived = [_located(draft, acknowledged) for draft in drafts]
    start_us = min((draft.span.time_us for draft in arrived), default=0)
    index_of = _names(arrived)
    effects: list[list[int]] = [[] for _ in arrived]
    waits_for = [0] * len(arrived)
    last_of: dict[str, int] = {}
    for index, draft in enumerate(arrived):
        causes = [] if draft.cause is None else [index_of.get(draft.cause, -1)]
        causes += [last_of[draft.span.instance]] if draft.span.instance in last_of else []
        last_of[draft.span.instance] = index
        for cause in causes:
            waits_for[index] += 1
            if cause >= 0:
                effects[cause].append(index)

    spans: list[Span] = []
    seq_of: dict[int, int] = {}
    ready = [index for index, count in enumerate(waits_for) if count == 0]
    heapify(ready)
    while ready:
        index = heappop(ready)
        draft = arrived[index]
        parent = None if draft.cause is None else seq_of[index_of[draft.cause]]
        seq_of[index] = len(spans)
        time_us = draft.span.time_us - start_us
        spans.append(replace(draft.span, seq=len(spans), parent=parent, time_us=time_us))
        for effect in effects[index]:
            waits_for[effect] -= 1
            if waits_for[effect] == 0:
                heappush(ready, effect)
    if len(spans) < len(arrived):
        lost = next(d for d in arrived if d.cause is not None and d.cause not in index_of)
        raise RunError(
            f"{lost.ref} ({lost.span.operation} {lost.span.message_name}): "
            f"its cause {lost.cause} was never reported"
        )
    return tuple(spans)


def _located(draft: Draft, acknowledged: Mapping[str, tuple[int, int]]) -> Draft:
    if draft.ref not in acknowledged:
        return draft
    partition, offset = acknowledged[draft.ref]
    return replace(draft, span=replace(draft.span, partition=partition, offset=offset))


def _names(arrived: list[Draft]) -> dict[str, int]:
    """Index drafts by `ref`, and what was written by the record's place as well."""
    names = {draft.ref: index for index, draft in enumerate(arrived)}
    for index, draft in enumerate(arrived):
        if draft.span.operation in ("send", "poison") and draft.span.position is not None:
            names[place(*draft.span.position)] = index
    return names
