"""A run's topics: made for it alone, all at once, and gone after it."""

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping

from kafka import KafkaAdminClient
from kafka.admin import MemberToRemove
from kafka.errors import KafkaError, TopicAlreadyExistsError

from tracegen.errors import BrokerError, RunError
from tracegen.flows import Flow
from tracegen.outside import Entry, ledger
from tracegen.runtimes.kafka import lines
from tracegen.runtimes.kafka.connection import REPLICAS_MAX, Connection
from tracegen.runtimes.kafka.naming import Names
from tracegen.trace.model import DEAD_LETTERS

COMMIT_S_MAX = 5.0
"""So long may what a transaction has committed take until everybody sees it."""
At = tuple[str, str, int]
"""Service, topic and partition."""


@contextlib.contextmanager
def made(
    connection: Connection,
    names: Names,
    flow: Flow,
    partition_count: int,
    keep: bool,
    strays: Iterable[str] = (),
) -> Iterator[KafkaAdminClient]:
    """Make the topics, wait until each can be written, and delete them with their groups.

    Args:
        connection: Where.
        names: Of the run.
        flow: Whose topics.
        partition_count: Of each topic of the flow, and of each topic of states.
        keep: Leave all there, for others to look at.
        strays: Topics that are not made here, and that somebody in the run writes to by mistake.

    Raises:
        RunError: A run of that name has left its topics there.
    """
    admin = connection.admin()
    whole: dict[str, object] = {"num_partitions": 1}
    split: dict[str, object] = {"num_partitions": partition_count}
    compacted = {**split, "configs": {"cleanup.policy": "compact"}}
    wanted = {names.topic(topic): split for topic in flow.topics}
    wanted |= {names.state(participant.name): compacted for participant in flow.participants}
    wanted |= {names.topic(DEAD_LETTERS): whole}
    wanted |= {name: whole for name in (names.spans, names.outside, names.control)}
    replicas = {"replication_factor": min(REPLICAS_MAX, connection.node_count)}
    try:
        try:
            admin.create_topics(
                {name: {**how, **replicas} for name, how in wanted.items()},
                wait_for_metadata=True,
            )
        except TopicAlreadyExistsError:
            raise RunError(
                f"a run called {names.run_id} is on Kafka at {connection.bootstrap_servers} "
                "already. Give this one another name with --run, or leave it out"
            ) from None
        try:
            yield admin
        except BrokerError:
            raise  # There is nobody to ask to delete anything.
        except BaseException:
            if not keep:
                _delete(admin, names, flow, strays)
            raise
        else:
            if not keep:
                _delete(admin, names, flow, strays)
    finally:
        admin.close()


def committed(
    admin: KafkaAdminClient, names: Names, flow: Flow, told: Mapping[At, int] | None = None
) -> dict[At, int]:
    """What Kafka holds as committed.

    Args:
        admin: Asks it.
        names: Of the run.
        flow: Whose groups.
        told: What is said to be committed. Kafka ends a transaction a little later than it says,
            so an answer that differs may be an early one.

    Returns:
        Next offset to read by service, topic and partition.
    """
    deadline_s = time.monotonic() + (COMMIT_S_MAX if flow.transactional else 0)
    topic_of = {names.topic(topic): topic for topic in flow.topics}
    while True:
        found = admin.list_group_offsets([names.group(service) for service in flow.subscriptions])
        held = {
            (service, topic_of[at.topic], at.partition): one.offset
            for service in flow.subscriptions
            for at, one in found.get(names.group(service), {}).items()
            if one.offset > 0
        }
        if told in (None, held) or time.monotonic() > deadline_s:
            return held
        time.sleep(0.02)


def partition_counts(
    admin: KafkaAdminClient, names: Names, topics: Iterable[str]
) -> Mapping[str, int]:
    """How many partitions topics have, as Kafka says."""
    of_run = {names.topic(topic): topic for topic in topics}
    if not of_run:
        return {}
    found = admin.describe_topics(list(of_run))
    return {of_run[one["name"]]: len(one["partitions"]) for one in found}


def read_ledger(connection: Connection, names: Names) -> tuple[Entry, ...]:
    """Count what the world outside did, from what was asked of it."""
    return ledger(
        lines.to_effect(record.value, f"{names.outside}, offset {record.offset}")
        for record in connection.read_all(names.outside)
    )


def _delete(admin: KafkaAdminClient, names: Names, flow: Flow, strays: Iterable[str]) -> None:
    """Delete as much as can be. What stays is told when a run of the same name is begun."""
    with contextlib.suppress(KafkaError):
        wanted = [*names.topics(flow), *(names.topic(stray) for stray in strays)]
        admin.delete_topics(wanted, raise_errors=False)
    for service in flow.subscriptions:
        with contextlib.suppress(KafkaError):
            group = names.group(service)
            members = admin.describe_groups([group])[group]["members"]
            leaving = [MemberToRemove(group_instance_id=m["group_instance_id"]) for m in members]
            if leaving:
                admin.remove_group_members(group, leaving)
            admin.delete_groups([group])


def wait_for(connection: Connection, names: Names, limit_s: float) -> bool:
    """Wait until a run's topics are there, the last of which is `control`."""
    admin = connection.admin()
    deadline_s = time.monotonic() + limit_s
    try:
        while names.control not in admin.list_topics():
            if time.monotonic() > deadline_s:
                return False
            time.sleep(0.3)
        admin.wait_for_topics([names.control])
        return True
    finally:
        admin.close()
