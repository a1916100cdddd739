"""What Kafka does for a host: each call returns once every in-sync replica has it."""

import time
from collections.abc import Callable

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from tracegen.message import Effect, Envelope
from tracegen.runtimes.host import Saved
from tracegen.runtimes.kafka import lines, wire
from tracegen.runtimes.kafka.connection import LOST_S
from tracegen.runtimes.kafka.naming import Names
from tracegen.trace import Draft

_OUSTED = (
    CommitFailedError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError,
)  # fmt: skip


class OustedError(Exception):
    """The group gave this instance's partitions to another before it could commit.

    Whoever has them now gets the record again: that is what "at least once" means.
    """


class KafkaPort:
    """The port of one service instance."""

    def __init__(
        self,
        names: Names,
        service: str,
        producer: KafkaProducer,
        consumer: KafkaConsumer | None,
        write: Callable[[bytes], None],
    ) -> None:
        """Bind together what an instance needs.

        Args:
            names: Of the run.
            service: Which one it is an instance of.
            producer: For what it sends, saves and asks of the world outside.
            consumer: Its member of the group. `None` if the service reads no topic.
            write: Takes a line for the supervisor.
        """
        self._names = names
        self._service = service
        self._producer = producer
        self._consumer = consumer
        self._write = write
        # Clocks of processes on one machine agree, and none runs backwards within a process.
        self._start_us = time.time_ns() // 1_000 - time.perf_counter_ns() // 1_000

    def now_us(self) -> int:
        """The time, by a clock that all processes of this machine share."""
        return self._start_us + time.perf_counter_ns() // 1_000

    def record(self, draft: Draft) -> None:
        """Hand a span to the supervisor."""
        self._write(lines.draft(draft))

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:
        """Tell the supervisor where a send came to stand."""
        self._write(lines.dump(lines.ACKNOWLEDGED, ref, partition, offset))

    def perform(self, effect: Effect) -> None:
        """Append what is asked of the world outside to its ledger."""
        record = wire.Record(effect.key.encode(), lines.effect(effect), ())
        self._append(self._names.outside, record, partition=0)

    def send(self, topic: str, envelope: Envelope) -> tuple[int, int]:
        """Append to a topic of the flow, as a CloudEvent."""
        return self._append(self._names.topic(topic), wire.encode(envelope, self._service))

    def save(self, partition: int, key: str, saved: Saved) -> None:
        """Append the state of one key to the service's compacted topic."""
        record = wire.Record(key.encode(), lines.saved(saved), ())
        self._append(self._names.state(self._service), record, partition)

    def commit(self, topic: str, partition: int, next_offset: int) -> None:
        """Commit the group's offset.

        Raises:
            OustedError: The partition is no longer ours.
        """
        assert self._consumer is not None
        at = TopicPartition(self._names.topic(topic), partition)
        try:
            self._consumer.commit({at: OffsetAndMetadata(next_offset, "", -1)}, LOST_S * 1_000)
        except _OUSTED as error:
            raise OustedError(str(error)) from error

    def _append(
        self, topic: str, record: wire.Record, partition: int | None = None
    ) -> tuple[int, int]:
        """Append a record; where no partition is given, Kafka's client chooses it by the key."""
        future = self._producer.send(
            topic,
            value=record.value,
            key=record.key,
            headers=list(record.headers),
            partition=partition,
        )
        taken = future.get(timeout=LOST_S)
        return taken.partition, taken.offset
