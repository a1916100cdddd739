"""The broker: what was sent, saved and committed, and the world outside. Survives crashes."""

from collections import Counter, defaultdict

from tracegen.flows import Flow
from tracegen.message import Effect, Envelope
from tracegen.runtimes.partitioner import partition_for
from tracegen.runtimes.port import MARKER, Delivered, Position, Saved
from tracegen.trace import Draft, Gap
from tracegen.trace.model import DEAD_LETTERS

Place = tuple[str, int]
"""Topic and partition."""


class Entry:
    """What stands at one offset."""

    __slots__ = ("held", "is_aborted", "is_open")

    def __init__(self, held: Envelope | bytes | None, is_open: bool = False) -> None:
        """Put something into a log.

        Args:
            held: A message; what no one can parse; or `None`: the marker at the end of a
                transaction.
            is_open: Part of a transaction that goes on: nobody may read it yet, nor what stands
                behind it.
        """
        self.held = held
        self.is_open = is_open
        self.is_aborted = False


class Transaction:
    """What one instance does on Kafka between two commits."""

    def __init__(self) -> None:
        self.entries: list[tuple[Place, Entry]] = []
        self.saved: list[tuple[int, str, Saved]] = []
        self.committed: list[tuple[str, int, int]] = []


class Log:
    """One per run."""

    def __init__(self, flow: Flow, partition_count: int) -> None:
        self.partition_count = partition_count
        self.topics = dict.fromkeys(flow.topics, partition_count)
        """Partition count by topic. One that somebody writes to and that is not there is made."""
        self.entries: dict[Place, list[Entry]] = defaultdict(list)
        self.entry_count = 0
        """Of all partitions."""
        self.committed: dict[tuple[str, str, int], int] = defaultdict(int)
        """Next offset to read, by service, topic and partition."""
        self.saved: dict[tuple[str, int], dict[str, Saved]] = defaultdict(dict)
        """What was saved, by service and partition."""
        self.effects: list[Effect] = []
        self.drafts: list[Draft] = []
        self.acknowledged: dict[str, tuple[int, int]] = {}
        self.delivered: dict[str, Delivered] = defaultdict(Counter)
        """By service."""
        self.clock_us = 0

    def append(self, topic: str, key: str, held: Envelope | bytes, is_open: bool = False) -> Place:
        """Append to a topic, and return where it went; its offset is the partition's last."""
        place = topic, partition_for(key, self.topics.setdefault(topic, 1))
        self.entries[place].append(Entry(held, is_open))
        self.entry_count += 1
        return place

    def bury(self, letter: Envelope | bytes, at: Position) -> tuple[int, int]:
        """Append to the dead-letter topic."""
        key = letter.message.key if isinstance(letter, Envelope) else f"{at.topic}/{at.offset}"
        place = self.append(DEAD_LETTERS, key, letter)
        return place[1], len(self.entries[place]) - 1

    def readable(self, place: Place, offset: int) -> int | None:
        """The next offset from which something can be read, or `None`."""
        entries = self.entries[place]
        while offset < len(entries) and not entries[offset].is_open:
            entry = entries[offset]
            if entry.held is not None and not entry.is_aborted:
                return offset
            offset += 1
        return None

    def finish(self, service: str, transaction: Transaction, abort: bool) -> None:
        """Commit a transaction, or abort it."""
        for _, entry in transaction.entries:
            entry.is_open, entry.is_aborted = False, abort
        for place in dict.fromkeys(place for place, _ in transaction.entries):
            self.entries[place].append(Entry(None))
            self.entry_count += 1
        if not abort:
            for partition, key, saved in transaction.saved:
                self.saved[service, partition][key] = saved
            for topic, partition, next_offset in transaction.committed:
                self.committed[service, topic, partition] = next_offset

    def gaps(self) -> tuple[Gap, ...]:
        """The offsets that hold no record."""
        return tuple(
            Gap(topic, partition, offset, offset, MARKER)
            for (topic, partition), entries in self.entries.items()
            for offset, entry in enumerate(entries)
            if entry.held is None
        )
