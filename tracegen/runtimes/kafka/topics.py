"""A run's topics: made for it alone, all at once, and gone after it."""

import contextlib
import time
from collections.abc import Iterator

from kafka import KafkaAdminClient
from kafka.admin import MemberToRemove
from kafka.errors import KafkaError, TopicAlreadyExistsError

from tracegen.errors import BrokerError, RunError
from tracegen.flows import Flow
from tracegen.outside import Entry, ledger
from tracegen.runtimes.kafka import lines
from tracegen.runtimes.kafka.connection import REPLICAS_MAX, Connection
from tracegen.runtimes.kafka.naming import Names


@contextlib.contextmanager
def made(
    connection: Connection, names: Names, flow: Flow, partition_count: int, keep: bool
) -> Iterator[KafkaAdminClient]:
    """Make the topics, wait until each can be written, and delete them with their groups.

    Args:
        connection: Where.
        names: Of the run.
        flow: Whose topics.
        partition_count: Of each topic of the flow, and of each topic of states.
        keep: Leave all there, for others to look at.

    Raises:
        RunError: A run of that name has left its topics there.
    """
    admin = connection.admin()
    whole: dict[str, object] = {"num_partitions": 1}
    split: dict[str, object] = {"num_partitions": partition_count}
    compacted = {**split, "configs": {"cleanup.policy": "compact"}}
    wanted = {names.topic(topic): split for topic in flow.topics}
    wanted |= {names.state(participant.name): compacted for participant in flow.participants}
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
                _delete(admin, names, flow)
            raise
        else:
            if not keep:
                _delete(admin, names, flow)
    finally:
        admin.close()


def committed(admin: KafkaAdminClient, names: Names, flow: Flow) -> dict[tuple[str, str, int], int]:
    """What Kafka holds as committed: next offset to read by service, topic and partition."""
    topic_of = {names.topic(topic): topic for topic in flow.topics}
    found = admin.list_group_offsets([names.group(service) for service in flow.subscriptions])
    return {
        (service, topic_of[at.topic], at.partition): held.offset
        for service in flow.subscriptions
        for at, held in found.get(names.group(service), {}).items()
        if held.offset > 0
    }


def read_ledger(connection: Connection, names: Names) -> tuple[Entry, ...]:
    """Count what the world outside did, from what was asked of it."""
    return ledger(
        lines.to_effect(record.value, f"{names.outside}, offset {record.offset}")
        for record in connection.read_all(names.outside)
    )


def _delete(admin: KafkaAdminClient, names: Names, flow: Flow) -> None:
    """Delete as much as can be. What stays is told when a run of the same name is begun."""
    with contextlib.suppress(KafkaError):
        admin.delete_topics(names.topics(flow))
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
