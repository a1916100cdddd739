"""What Kafka does for a host: each call returns once every in-sync replica has it."""

import os
import signal
import time
from collections.abc import Callable
from functools import partial

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    KafkaTimeoutError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from tracegen.faults import Fault
from tracegen.message import Effect, Envelope
from tracegen.runtimes.kafka import lines, wire
from tracegen.runtimes.kafka.connection import LOST_S, patiently
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.port import Position, Saved
from tracegen.trace import Draft
from tracegen.trace.model import DEAD_LETTER, DEAD_LETTERS

_OUSTED = (
    CommitFailedError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError,
)  # fmt: skip
STANDING_STILL = ("pause", "kill node", "pause node")
"""Faults during which the instance waits: nothing of what it handles may get past them."""
_REGROUPING = ("add", "remove")
"""Faults after which the group deals out its partitions anew."""
_TOLD = (*STANDING_STILL, *_REGROUPING)
"""Faults that concern whoever runs instances and brokers. The host sees to all others."""


class OustedError(Exception):
    """The group gave this instance's partitions to another before it could commit.

    Whoever has them now gets the record again: that is what "at least once" means.
    """


class KafkaPort:
    """The port of one service instance.

    Outside of a transaction each record counts at once. Within one, what is sent, saved and
    committed counts once it ends; what is asked of the world outside is never part of it.
    """

    def __init__(
        self,
        names: Names,
        service: str,
        instance: str,
        producer: KafkaProducer,
        consumer: KafkaConsumer | None,
        write: Callable[[bytes], None],
        stand_still: Callable[[], None],
        transactional: KafkaProducer | None = None,
        lost_s: float = LOST_S,
    ) -> None:
        """Bind together what an instance needs.

        Args:
            names: Of the run.
            service: Which one it is an instance of.
            instance: Its name.
            producer: For what it sends, saves and asks of the world outside.
            consumer: Its member of the group. `None` if the service reads no topic.
            write: Takes a line for the supervisor.
            stand_still: Returns once the supervisor says that the instance may go on.
            transactional: For what belongs to a transaction; `connection.transactional` makes it.
            lost_s: So long may Kafka take; `connection.lost_s`.
        """
        self._names = names
        self._service = service
        self._instance = instance
        self._plain = producer
        self._transactional = transactional
        self._open: KafkaProducer | None = None
        self._consumer = consumer
        self._write = write
        self._stand_still = stand_still
        self._lost_s = lost_s
        self._read: tuple[Position, wire.Record] | None = None
        self.regrouping: Fault | None = None
        """A fault that is to be seen to once the delivery is done with."""
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
        """Append what is asked of the world outside to its ledger, whatever becomes of the rest."""
        record = wire.Record(effect.key.encode(), lines.effect(effect), ())
        self._append(self._plain, self._names.outside, record, partition=0)

    def begin(self) -> None:
        """Begin a transaction."""
        assert self._transactional is not None, "this instance was given no transactional producer"
        self._transactional.begin_transaction()
        self._open = self._transactional

    def send(self, topic: str, envelope: Envelope) -> tuple[int, int]:
        """Append to a topic of the flow, as a CloudEvent."""
        record = wire.encode(envelope, self._service)
        return self._append(self._open or self._plain, self._names.topic(topic), record)

    def reading(self, at: Position, record: wire.Record) -> None:
        """Keep what is about to be handled as it is, bytes and all: it may have to be buried."""
        self._read = (at, record)

    def bury(self, letter: Envelope | bytes, at: Position, reason: str) -> tuple[int, int]:
        """Append to the dead-letter topic: the record as it was, with headers why and whence."""
        assert self._read is not None and self._read[0] == at, f"nobody has read {at}"
        was = self._read[1]
        told = {
            "reason": reason,
            "topic": at.topic,
            "partition": str(at.partition),
            "offset": str(at.offset),
            "group": self._names.group(self._service),
        }
        why = tuple((DEAD_LETTER + name, text.encode()) for name, text in told.items())
        record = wire.Record(was.key, was.value, (*was.headers, *why))
        return self._append(self._plain, self._names.topic(DEAD_LETTERS), record, partition=0)

    def save(self, partition: int, key: str, saved: Saved) -> None:
        """Append the state of one key to the service's compacted topic."""
        record = wire.Record(key.encode(), lines.saved(saved), ())
        self._append(self._open or self._plain, self._names.state(self._service), record, partition)

    def commit(self, topic: str, partition: int, next_offset: int) -> None:
        """Commit the group's offset.

        Raises:
            OustedError: The partition is no longer ours.
        """
        assert self._consumer is not None
        at = TopicPartition(self._names.topic(topic), partition)
        upto = {at: OffsetAndMetadata(next_offset, "", -1)}
        try:
            if self._open is not None:
                self._open.send_offsets_to_transaction(upto, self._consumer.group_metadata())
            else:
                self._commit(upto)
        except _OUSTED as error:
            self._abort()
            raise OustedError(str(error)) from error
        except KafkaTimeoutError as error:
            raise KafkaTimeoutError(f"{at} was not committed: {error}") from error

    def _commit(self, upto: dict[TopicPartition, OffsetAndMetadata]) -> None:
        """Commit outside of a transaction: again, where the node that was asked has died.

        Kafka's client does so itself, but for the case that `membership.poll` names.
        """
        assert self._consumer is not None
        ask = partial(self._consumer.commit, upto, self._lost_s * 1_000)
        patiently(ask, self._lost_s)

    def end(self) -> None:
        """Commit the transaction, if one has begun."""
        if self._open is not None:
            self._open.commit_transaction()
            self._open = None

    def wait(self, for_ms: int) -> None:
        """Be slow."""
        time.sleep(for_ms / 1_000)

    def bite(self, fault: Fault) -> None:
        """Tell the supervisor of a fault that is not the host's; stand still as long as it asks."""
        if fault.do in _TOLD:
            self._write(lines.bitten(self._instance, fault))
        if fault.do in STANDING_STILL:
            self._stand_still()
        if fault.do in _REGROUPING:
            self.regrouping = fault

    def die(self, fault: Fault) -> None:
        """Tell the supervisor why, and be killed as by anybody else."""
        self._write(lines.bitten(self._instance, fault))
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    def _abort(self) -> None:
        """End the transaction, if one has begun, so that nothing of it counts."""
        if self._open is not None:
            self._open.abort_transaction()
            self._open = None

    def _append(
        self, producer: KafkaProducer, topic: str, record: wire.Record, partition: int | None = None
    ) -> tuple[int, int]:
        """Append a record; where no partition is given, Kafka's client chooses it by the key."""
        future = producer.send(
            topic,
            value=record.value,
            key=record.key,
            headers=list(record.headers),
            partition=partition,
        )
        try:
            taken = future.get(timeout=self._lost_s)
        except KafkaTimeoutError as error:
            raise KafkaTimeoutError(f"{topic} took no record: {error}") from error
        return taken.partition, taken.offset


class LifeOnlyPort(KafkaPort):
    """Keeps no span of any message: the yardstick for what recording costs."""

    def record(self, draft: Draft) -> None:
        """Keep a span of the instance's life, and no other."""
        if draft.span.envelope is None and draft.cause is None:
            super().record(draft)

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:
        """Keep nothing."""
