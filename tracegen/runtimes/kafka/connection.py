"""The one place that makes Kafka clients, and that says in plain words what they ran into."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    KafkaConfigurationError,
    KafkaError,
    KafkaTimeoutError,
    SaslAuthenticationFailedError,
)

from tracegen.errors import BrokerError, RunError, UsageError

T = TypeVar("T")
LOST_S = 10.0
"""A Kafka of one node is lost when it has not answered for so long."""
FAILOVER_S = 60.0
"""One of several nodes is: where one dies, another leads its partitions after three to six seconds,
and after many more on a machine that is busy. Nobody gives Kafka up before the one who waits for
that leader does (`nodes.WAIT_S_MAX`)."""
_REQUEST_SHARE = 0.8
"""Of `LOST_S`, for one request; the rest is for asking again."""
_NODE_S = 3.0
"""For one request where another node may answer: one that stands still closes no connection."""
REPLICAS_MAX = 3
SESSION_TIMEOUT_MS = 10_000
"""After so long a dead instance's partitions go to others of its service. One that comes back
under its old name gets them at once, since membership is static."""
FETCH_WAIT_MS = 500
TRANSACTION_MS_MAX = 15_000
"""After so long Kafka gives up a transaction that nobody ends; until then nobody reads past it."""
_TRANSACTION_RETRY_MS = 5
"""Kafka ends a transaction a few milliseconds after it has said so, and until then refuses the next
one. The client's own pause before it asks again, 100 ms, would be most of the time it takes."""

logging.getLogger("kafka").addHandler(logging.NullHandler())  # It reports to us by exceptions.


@dataclass(frozen=True)
class Connection:
    """How to reach a Kafka, and what a recording says about it."""

    bootstrap_servers: str
    """`host:port`, several separated by commas."""
    client_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Security and the like, as kafka-python takes them; must be writable as JSON."""
    kafka_version: str | None = None
    """Such as `4.4.0`. `None`: not known."""
    node_count: int = 1

    @property
    def lost_s(self) -> float:
        """Kafka is lost when it has not answered for so many seconds."""
        return LOST_S if self.node_count == 1 else FAILOVER_S

    def producer(self, makes_topics: bool = False) -> KafkaProducer:
        """Make a producer whose acknowledgement means that every in-sync replica has the record.

        Args:
            makes_topics: Whether Kafka is to make a topic that it writes to and that is not there.
        """
        return KafkaProducer(**{**self._writing(), "allow_auto_create_topics": makes_topics})

    def transactional(self, transactional_id: str) -> KafkaProducer:
        """Make a producer for transactions, and end those of whoever had this id before.

        When this returns, what that one has left open is aborted, and it can write nothing more.
        """
        producer = KafkaProducer(
            **self._writing(),
            transactional_id=transactional_id,
            transaction_timeout_ms=TRANSACTION_MS_MAX,
            retry_backoff_ms=_TRANSACTION_RETRY_MS,
        )
        producer.init_transactions()
        return producer

    def reader(self, topic: str, partition: int = 0) -> KafkaConsumer:
        """Make a consumer of one partition from its beginning on; it belongs to no group."""
        return self._reader([TopicPartition(topic, partition)])

    def read_all(self, topic: str, partition: int = 0, aborted: bool = False) -> Iterator[Any]:
        """Give the records that a partition holds now, from its beginning on.

        Raises:
            KafkaTimeoutError: Kafka has stopped answering.
        """
        yield from self.read_whole([TopicPartition(topic, partition)], aborted)[1]

    def read_whole(
        self, places: Iterable[TopicPartition], aborted: bool = False
    ) -> tuple[Mapping[TopicPartition, int], list[Any]]:
        """Read what some partitions hold now.

        Args:
            places: Which.
            aborted: Whether to read what was sent in transactions that came to nothing, too.

        Returns:
            The offset after the last one by partition, and the records, in order within each.

        Raises:
            KafkaTimeoutError: Kafka has stopped answering.
        """
        places = list(places)
        consumer = self._reader(places, aborted)
        found = []
        try:
            timeout_ms = self.lost_s * 1_000
            ends = patiently(lambda: consumer.end_offsets(places, timeout_ms), self.lost_s)
            left = {at for at in places if ends[at] > 0}
            heard_s = time.monotonic()
            while left:
                for at, records in consumer.poll(timeout_ms=FETCH_WAIT_MS).items():
                    heard_s = time.monotonic()
                    found += [record for record in records if record.offset < ends[at]]
                # By position, since the last offset of all may be the end of a transaction.
                left = {at for at in left if consumer.position(at, timeout_ms) < ends[at]}
                if time.monotonic() - heard_s > self.lost_s:
                    told = ", ".join(sorted({at.topic for at in left}))
                    raise KafkaTimeoutError(f"no answer from {told} for {self.lost_s:.0f} s")
        finally:
            consumer.close(timeout_ms=1_000)
        return ends, found

    def member(self, group: str, instance: str) -> KafkaConsumer:
        """Make a consumer that belongs to a group, under a name of its own that lasts."""
        return KafkaConsumer(
            **self._reading(),
            group_id=group,
            group_instance_id=instance,
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=SESSION_TIMEOUT_MS // 5,
            max_poll_records=50,  # So that a rebalance never waits long for one of us.
        )

    def admin(self) -> KafkaAdminClient:
        """Make a client that creates, describes and deletes topics: the first contact of all.

        Raises:
            BrokerError: There is no Kafka.
        """
        try:
            return KafkaAdminClient(**self._common())
        except KafkaTimeoutError as error:  # So does a wrong password look.
            raise BrokerError(
                f"no Kafka at {self.bootstrap_servers} after {LOST_S:.0f} s, or it does not let us "
                "in. Start one: tracegen broker run, or leave --bootstrap-servers out to use the "
                "embedded one"
            ) from error

    def _reader(self, places: list[TopicPartition], aborted: bool = False) -> KafkaConsumer:
        isolation = {"isolation_level": "read_uncommitted"} if aborted else {}
        consumer = KafkaConsumer(**{**self._reading(), **isolation})
        consumer.assign(places)
        for at in places:
            consumer.seek(at, 0)
        return consumer

    def _common(self, request_s: float | None = None) -> dict[str, Any]:
        request_s = LOST_S * _REQUEST_SHARE if request_s is None else request_s
        return {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "bootstrap_timeout_ms": int(LOST_S * 1_000),
            "request_timeout_ms": int(request_s * 1_000),
            "reconnect_backoff_max_ms": 1_000,
            **self.client_options,
        }

    def _records(self) -> dict[str, Any]:
        """For who reads or writes records: turns to another node soon, where there is one."""
        several = self.node_count > 1
        return {
            **(self._common(_NODE_S) if several else self._common()),
            "bootstrap_timeout_ms": int(self.lost_s * 1_000),
            "metadata_max_age_ms": 5_000,
            "allow_auto_create_topics": False,
            "metrics_enabled": False,
        }

    def _writing(self) -> dict[str, Any]:
        return {
            **self._records(),
            "acks": "all",
            "enable_idempotence": True,
            "delivery_timeout_ms": self.lost_s * 1_000,
            "max_block_ms": self.lost_s * 1_000,
        }

    def _reading(self) -> dict[str, Any]:
        return {
            **self._records(),
            "isolation_level": "read_committed",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "fetch_max_wait_ms": FETCH_WAIT_MS,
        }


def patiently(ask: Callable[[], T], limit_s: float) -> T:
    """Ask until there is an answer: the node that was asked may just have died.

    Raises:
        KafkaError: It is no use to ask again, or the time is up.
    """
    deadline_s = time.monotonic() + limit_s
    while True:
        try:
            return ask()
        except KafkaError as error:
            if not error.retriable or time.monotonic() > deadline_s:
                raise
        time.sleep(0.02)


def let_go(producer: KafkaProducer, timeout_s: float = 1.0) -> None:
    """Close a producer; what it could not deliver any more was noticed by whoever sent it."""
    with contextlib.suppress(KafkaError):
        producer.close(timeout=timeout_s)


@contextlib.contextmanager
def explained(connection: Connection, doing: str) -> Iterator[None]:
    """Turn what kafka-python raises into what a person can act on.

    Args:
        connection: Which Kafka.
        doing: What was going on, such as `in the middle of happy-path.choreography`.

    Raises:
        BrokerError: Not reachable, not authorised, or gone.
        UsageError: An option that kafka-python does not know, or cannot take.
        RunError: Anything else that Kafka refused.
    """
    where = connection.bootstrap_servers
    try:
        yield
    except KafkaConfigurationError as error:
        raise UsageError(f"options for Kafka at {where}: {_text(error)}") from error
    except (SaslAuthenticationFailedError, AuthorizationError) as error:
        raise BrokerError(
            f"Kafka at {where} does not let us in, {doing}: {_text(error)}; nothing was written. "
            "Check user, password and the rights to create topics and read groups"
        ) from error
    except KafkaError as error:
        if not error.retriable:
            raise RunError(f"Kafka at {where} refused, {doing}: {_text(error)}") from error
        raise lost(connection, doing, error) from error
    except OSError as error:  # A certificate file that is not there, a name that does not resolve.
        raise BrokerError(f"no Kafka at {where}, {doing}: {error}") from error


def lost(connection: Connection, doing: str, error: BaseException | None = None) -> BrokerError:
    """The error for a Kafka that does not answer any more, and what its client said last."""
    said = f" (the last that was heard: {_text(error)})" if error else ""
    return BrokerError(
        f"lost Kafka at {connection.bootstrap_servers} {doing}: no answer for "
        f"{connection.lost_s:.0f} s; nothing was written{said}. Look at the broker's log, then run "
        "the command again"
    )


def _text(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__
