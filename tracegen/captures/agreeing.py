"""Whether what a tool printed agrees with the recording of the same scenario.

Both are made by runs of their own, so only what every run has in common can be compared: which
partitions there are, how many records stand in each, what groups have committed, which records.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from tracegen.captures.files import Ran
from tracegen.captures.sessions import Command
from tracegen.trace import Span, Trace

At = tuple[str, int]
"""Topic and partition."""
NOTHING = "-"
"""What a tool prints where there is no number."""
_END = re.compile(r"(?P<topic>[\w.-]+):(?P<partition>\d+):(?P<offset>\d+)")
_TOPIC = re.compile(r"Topic: (?P<topic>\S+)\s.*\bPartitionCount: (?P<count>\d+)")
_RECORD = re.compile(r"\bPartition:(?P<partition>\d+)\tOffset:(?P<offset>\d+)\t(?P<rest>.*)")
_ID = re.compile(r"\bce_id:(?P<id>[0-9a-f-]{36})")


def disagreements(command: Command, ran: Ran, trace: Trace) -> list[str]:
    """What an output says otherwise than a recording, a sentence each; empty if nothing.

    Args:
        command: What was run.
        ran: What it printed.
        trace: The recording of the scenario that it was run on.
    """
    read = _READERS.get(command.words[0])
    return [] if read is None else list(read(command, ran.output, trace))


def _ends(_: Command, lines: Iterable[str], trace: Trace) -> Iterator[str]:
    """`kafka-get-offsets.sh`: topic, partition and the offset that comes next."""
    for line in lines:
        if (match := _END.fullmatch(line)) and match["topic"] in trace.header.topics:
            at = match["topic"], int(match["partition"])
            yield from _unlike(f"end of {at[0]}/{at[1]}", int(match["offset"]), end(trace, at))


def _topics(command: Command, lines: Iterable[str], trace: Trace) -> Iterator[str]:
    """`kafka-topics.sh`: how many partitions, or which topics there are."""
    lines = list(lines)
    for line in lines:
        if (match := _TOPIC.match(line)) and match["topic"] in trace.header.topics:
            there = trace.header.topics[match["topic"]]
            yield from _unlike(f"partitions of {match['topic']}", int(match["count"]), there)
    if "--list" in command.words:
        missing = sorted(trace.header.topics.keys() - set(lines))
        yield from _unlike("topics of the recording that are not listed", missing, [])


def _groups(_: Command, lines: Iterable[str], trace: Trace) -> Iterator[str]:
    """`kafka-consumer-groups.sh --describe`: what each group has committed, and its lag."""
    for row in tables(lines):
        topic, service = row.get("TOPIC", ""), row["GROUP"]
        if topic not in trace.header.topics or "LOG-END-OFFSET" not in row:
            continue
        at = topic, int(row["PARTITION"])
        last = end(trace, at)
        yield from _unlike(f"end of {at[0]}/{at[1]}", row["LOG-END-OFFSET"], str(last))
        if topic in trace.header.groups.get(service, ()):
            done = committed(trace, service, at)
            told = f"of {service} in {at[0]}/{at[1]}"
            offset = NOTHING if done is None else str(done)
            lag = NOTHING if done is None else str(last - done)
            yield from _unlike(f"committed offset {told}", row["CURRENT-OFFSET"], offset)
            yield from _unlike(f"lag {told}", row["LAG"], lag)


def _records(command: Command, lines: Iterable[str], trace: Trace) -> Iterator[str]:
    """`kafka-console-consumer.sh`: each record is one that was sent there, under that key."""
    topic = command.option("--topic") or ""
    if topic not in trace.header.topics:
        return
    for line in lines:
        if (match := _RECORD.search(line)) is None:
            continue
        at = topic, int(match["partition"])
        key, _, _ = match["rest"].rpartition("\t")
        key = key.rpartition("\t")[2]
        sent = [span for span in _written(trace, at) if span.key == key]
        if (id_ := _ID.search(line)) is not None:
            sent = [s for s in sent if s.envelope and s.envelope.message_id == id_["id"]]
        if not sent or int(match["offset"]) >= end(trace, at):
            yield f"{at[0]}/{at[1]} at {match['offset']}: the recording has no such record of {key}"


_READERS: Mapping[str, Callable[[Command, Iterable[str], Trace], Iterator[str]]] = {
    "kafka-get-offsets.sh": _ends,
    "kafka-topics.sh": _topics,
    "kafka-consumer-groups.sh": _groups,
    "kafka-console-consumer.sh": _records,
}


def tables(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """The rows of tables whose head begins with GROUP, by the names of their columns."""
    head: list[str] = []
    for line in lines:
        cells = line.split()
        if cells[:1] == ["GROUP"]:
            head = cells
        elif head and len(cells) == len(head):
            yield dict(zip(head, cells, strict=True))


def end(trace: Trace, at: At) -> int:
    """The offset of a partition that comes next."""
    return max(
        (span.offset + 1 for span in _written(trace, at) if span.offset is not None), default=0
    )


def committed(trace: Trace, service: str, at: At) -> int | None:
    """The offset that a service's group had committed at the end; None if it never did."""
    found = [
        span.offset
        for span in trace.spans
        if span.operation == "settle" and span.service == service
        and (span.topic, span.partition) == at and span.offset is not None
    ]  # fmt: skip
    return max(found, default=None)


def _written(trace: Trace, at: At) -> Iterator[Span]:
    return (
        span
        for span in trace.spans
        if span.operation in ("send", "poison", "bury") and (span.topic, span.partition) == at
    )


def _unlike(what: str, captured: object, recorded: object) -> Iterator[str]:
    if captured != recorded:
        yield f"{what}: captured {captured}, recorded {recorded}"
