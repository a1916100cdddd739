# %% [markdown]
# # From a first producer to both flows
#
# One record first, then one order in both styles, with kafka-python on a Kafka of your own.
# Every cell asserts what it shows; where a fact is not so, it stops.

# %% [markdown]
# ## Connect
#
# All names of this run begin with `RUN`, so it gets in nobody's way on a Kafka that others use.

# %%
import atexit
import json
import os
import time
from uuid import uuid4

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

CLIENT = {"bootstrap_servers": os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092")}
CLIENT |= json.loads(os.environ.get("KAFKA_CLIENT_OPTIONS", "{}"))  # A user, a password, …
RUN = f"notebook-{uuid4().hex[:8]}"

admin = KafkaAdminClient(**CLIENT)
assert admin.describe_cluster()["brokers"]
print("connected")


# %%
@atexit.register
def tidy():
    """Delete all that this run has made; also where a cell has stopped it."""
    if mine := sorted(topic for topic in admin.list_topics() if topic.startswith(RUN)):
        admin.delete_topics(mine)
    if groups := [group for group in known_groups() if group.startswith(RUN)]:
        admin.delete_groups(groups)
    return mine


def known_groups():
    return [group["group_id"] for group in admin.list_groups()]


# %% [markdown]
# ## Make a topic
#
# A topic is a log in parts; each part, a *partition*, counts its records from 0.

# %%
TOPIC = f"{RUN}.greetings"
admin.create_topics({TOPIC: {"num_partitions": 3}}, wait_for_metadata=True)
[topic] = admin.describe_topics([TOPIC])
print("partitions:", [one["partition_index"] for one in topic["partitions"]])
assert len(topic["partitions"]) == 3

# %% [markdown]
# ## The first producer
#
# `acks="all"`: a record counts as sent once every replica that is in sync has it.
# Where it stands comes back: the key decides the partition, the partition gives the offset.

# %%
producer = KafkaProducer(acks="all", **CLIENT)

places = []
for key in (b"order-1", b"order-2", b"order-1"):
    sent = producer.send(TOPIC, key=key, value=b"hello").get(timeout=10)
    places.append((sent.partition, sent.offset))
    print(key.decode(), "-> partition", sent.partition, "offset", sent.offset)

assert places[0][0] == places[2][0], "one key, one partition"
assert places[0][1] < places[2][1], "and in order there"

# %% [markdown]
# ## The first consumer
#
# Consumers of one group share the partitions. What the group has read is noted by a *commit*.

# %%
READ = {"enable_auto_commit": False, "auto_offset_reset": "earliest", **CLIENT}


def member(group, *topics):
    """Join a group. Its first member deals out the partitions, of the topics it knows then."""
    consumer = KafkaConsumer(*topics, group_id=f"{RUN}.{group}", **READ)
    while not {*topics} <= consumer.topics():
        time.sleep(0.02)
    return consumer


# %%
consumer = member("readers", TOPIC)
read = []
while len(read) < len(places):
    for records in consumer.poll(timeout_ms=1_000).values():
        read += records
print("read:", sorted((record.partition, record.offset, record.key) for record in read))

# %%
used = [TopicPartition(TOPIC, partition) for partition in sorted({place[0] for place in places})]
ends = consumer.end_offsets(used)
print("committed before:", [consumer.committed(at) for at in used])
consumer.commit()
print("committed after: ", [consumer.committed(at) for at in used])
print("lag:             ", [ends[at] - consumer.committed(at) for at in used])
assert all(consumer.committed(at) == ends[at] for at in used)
consumer.close()

# %% [markdown]
# ## Say what led to what
#
# Headers carry three ids: of the message, of the order it belongs to (*correlation*), and of the
# message that caused it (*causation*).

# %%
from tracegen.message import Effect, Envelope, Message, from_outside, stamp


def headers_of(envelope):
    ids = (envelope.message_id, envelope.correlation_id, envelope.causation_id or "")
    named = zip(("id", "correlation", "causation"), ids, strict=True)
    message = envelope.message
    return [(k, v.encode()) for k, v in (("name", message.name), ("kind", message.kind), *named)]


def envelope_of(record):
    told = {name: value.decode() for name, value in record.headers}
    key, data = record.key.decode(), json.loads(record.value)
    message = Message(told["kind"], told["name"], key, data, told["id"])
    return Envelope(message, told["id"], told["correlation"], told["causation"] or None)


# %%
DATA = {"sku": "book", "quantity": 2, "amount_cents": 4200}
placed = from_outside(Message("command", "PlaceOrder", "order-17", DATA), "happy-path", 0)
[created] = stamp([Message("event", "OrderCreated", "order-17", DATA)], placed, "order")
for name, value in headers_of(created):
    print(f"{name:12}{value.decode()}")
assert created.causation_id == placed.message_id, "this led to it"
assert created.correlation_id == placed.correlation_id, "and both belong to one order"

# %% [markdown]
# ## A service is a function
#
# It gets its state and a message, and gives new state and what is to go out.
# These are the very files whose runs the site shows.

# %%
from tracegen.services import payment

told = Message("event", "OrderCreated", "order-17", DATA, id="1")
state, out = payment.handle(payment.INITIAL, told)
for one in out:
    print(type(one).__name__, one.name)

asked = Message("command", "ProcessPayment", "order-17", DATA, id="2")
_, replies = payment.handle(payment.INITIAL, asked)
assert [one.name for one in out] == ["charge", "PaymentProcessed"], "an event is told"
assert [one.name for one in replies] == ["charge", "PaymentDone"], "a command is answered"

# %% [markdown]
# ## A loop around it
#
# Read one record, handle it, do and send what came out, commit: in this order.
# Timers are left out here; a loop that has them is `tracegen/runtimes/host.py`.


# %%
def tell(flow, service, cause, out):
    """Send what a service says because of one message, each stamped with its cause."""
    messages = [one for one in out if isinstance(one, Message)]
    for envelope in stamp(messages, cause, service):
        message = envelope.message
        producer.send(
            topic_of(flow, flow.message(message.name).topic),
            key=message.key.encode(),
            value=json.dumps(dict(message.data)).encode(),
            headers=headers_of(envelope),
        ).get(timeout=10)


def topic_of(flow, topic):
    return f"{RUN}.{flow.style}.{topic}"


# %%
def serve(flow, service, states, effects, stop):
    """Run one service until it is told to stop."""
    topics = [topic_of(flow, topic) for topic in flow.subscriptions[service]]
    consumer = member(f"{flow.style}.{service}", *topics)
    while not stop.is_set():
        # One at a time, so that a commit says of each that it is done.
        for records in consumer.poll(timeout_ms=100, max_records=1).values():
            cause = envelope_of(records[0])
            states[service], out = flow.participant(service).handle(states[service], cause.message)
            effects += [one for one in out if isinstance(one, Effect)]
            tell(flow, service, cause, out)
            consumer.commit()
    consumer.close()


# %% [markdown]
# One thread for each service, as each would be a process of its own in production.
# The order comes from outside, to service A.

# %%
from concurrent.futures import ThreadPoolExecutor
from threading import Event


def run(flow, is_over):
    admin.create_topics(
        {topic_of(flow, t): {"num_partitions": 1} for t in flow.topics}, wait_for_metadata=True
    )
    states = {one.name: one.module.INITIAL for one in flow.participants}
    effects, stop = [], Event()
    with ThreadPoolExecutor() as pool:
        loops = [
            pool.submit(serve, flow, service, states, effects, stop)
            for service in flow.subscriptions
        ]
        place = from_outside(Message("command", "PlaceOrder", "order-17", DATA), "happy-path", 0)
        try:
            states["order"], out = flow.participant("order").handle(states["order"], place.message)
            tell(flow, "order", place, out)
            wait(lambda: is_over(states) or any(loop.done() for loop in loops))
        finally:
            stop.set()
    for loop in loops:
        loop.result()  # Raises what a service has raised.
    return states, effects


def wait(for_, seconds=60):
    deadline = time.monotonic() + seconds
    while not for_():
        assert time.monotonic() < deadline, f"nothing came of it in {seconds} s"
        time.sleep(0.02)


# %% [markdown]
# ## Choreography
#
# Each service reacts to what it hears. Nobody announces the end: to know it, we have to ask the
# last service, and to know which one that is.

# %%
from tracegen.flows import CHOREOGRAPHY

states, effects = run(CHOREOGRAPHY, lambda states: "order-17" in states["shipping"])
print("subscriptions:", dict(CHOREOGRAPHY.subscriptions))
print("done to the world:", [one.name for one in effects])
for service, state in states.items():
    print(f"{service:8} knows: {state['order-17']['status']}")
assert [one.name for one in effects] == ["charge", "ship"]

# %% [markdown]
# What Kafka holds now, read from the logs and put in order by cause:


# %%
def records_of(flow):
    """Read all that a flow's topics hold, causes before effects."""
    reader = KafkaConsumer(**READ)
    reader.assign([TopicPartition(topic_of(flow, topic), 0) for topic in flow.topics])
    ends = reader.end_offsets(reader.assignment())
    found = []
    while any(reader.position(at) < end for at, end in ends.items()):
        for records in reader.poll(timeout_ms=1_000).values():
            found += [(record, envelope_of(record)) for record in records]
    reader.close()
    cause_of = {envelope.message_id: envelope.causation_id for _, envelope in found}

    def depth(message_id):
        return 1 + depth(cause_of[message_id]) if message_id in cause_of else 0

    return sorted(found, key=lambda one: depth(one[1].message_id))


def show(flow):
    names = {}
    for record, envelope in records_of(flow):
        message = envelope.message
        names[envelope.message_id] = message.name
        topic = record.topic.removeprefix(f"{RUN}.{flow.style}.")
        because = names.get(envelope.causation_id, "PlaceOrder, from outside")
        print(f"{topic:20} {record.offset}  {message.kind:8} {message.name:17} <- {because}")
    return list(names.values())


# %%
told = show(CHOREOGRAPHY)
assert told == ["OrderCreated", "PaymentProcessed", "OrderShipped"]

# %% [markdown]
# ## Orchestration
#
# The same functions for A, B and C. One service more asks the others in turn and knows where the
# order stands, so it can be asked whether it is over.

# %%
from tracegen.flows import ORCHESTRATION


def is_complete(states):
    return states["orchestrator"].get("order-17", {}).get("status") == "complete"


states, effects = run(ORCHESTRATION, is_complete)
print("subscriptions:", dict(ORCHESTRATION.subscriptions))
print("done to the world:", [one.name for one in effects])
for service, state in states.items():
    print(f"{service:12} knows: {state['order-17']['status']}")
assert [one.name for one in effects] == ["charge", "ship"]

# %%
asked = show(ORCHESTRATION)
assert asked == ["OrderCreated", "ProcessPayment", "PaymentDone", "ShipOrder", "ShipDone"]

# %%
for service in ("order", "payment", "shipping"):
    one, other = (flow.participant(service).module for flow in (CHOREOGRAPHY, ORCHESTRATION))
    print(f"{service:8} runs {one.__name__} in both styles")
    assert one is other

# %% [markdown]
# ## Killed before the commit
#
# A process reads `OrderCreated`, charges the customer, and dies before it commits.
# It names its partition with `assign`, so nobody has to wait until Kafka gives a dead member up.

# %%
import subprocess
import sys

DIES = """
import json, os, sys
from kafka import KafkaConsumer, TopicPartition

topic, group, options = sys.argv[1:]
consumer = KafkaConsumer(group_id=group, **json.loads(options))
consumer.assign([TopicPartition(topic, 0)])
record = next(consumer)
print("charged because of offset", record.offset, flush=True)
os._exit(9)  # As if killed: nothing is closed, nothing is committed.
"""
orders, group = topic_of(CHOREOGRAPHY, "orders"), f"{RUN}.killed"
command = [sys.executable, "-c", DIES, orders, group, json.dumps(READ)]
died = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=30)
print(died.stdout.strip(), "- then killed")
assert died.returncode == 9

# %% [markdown]
# The next one of the same group gets the same record again.

# %%
consumer = KafkaConsumer(group_id=group, **READ)
consumer.assign([TopicPartition(orders, 0)])
again = next(consumer)
print("read again: offset", again.offset)
assert died.stdout.strip().endswith(f"offset {again.offset}")
assert consumer.committed(TopicPartition(orders, 0)) is None, "nothing was committed"
consumer.close()

# %% [markdown]
# Whether the customer pays twice is up to the service: only an effect that names its message lets
# the bank know that it was asked before.

# %%
from tracegen.outside import ledger
from tracegen.services import payment_naive

times = {}
for service in (payment_naive, payment):
    effects = []
    for _delivery in range(2):  # The first one's state died with it.
        _, out = service.handle(service.INITIAL, envelope_of(again).message)
        effects += [one for one in out if isinstance(one, Effect)]
    [charge] = ledger(effects)
    times[service] = charge.times
    print(f"{service.__name__:31} charges {charge.times} times")
assert times == {payment_naive: 2, payment: 1}

# %% [markdown]
# ## Count, and compare with the site's recordings
#
# The site shows recordings of the same order. Topics, names and even ids agree, since an id follows
# from its cause.

# %%
from pathlib import Path

import tracegen


def recorded(style):
    folder = Path(tracegen.__file__).parents[1] / "docs" / "recordings"
    lines = (folder / f"happy-path.{style}.jsonl").read_text(encoding="utf-8").splitlines()
    spans = [json.loads(line) for line in lines[1:]]
    sent = [(s["topic"], s["envelope"]) for s in spans if s["operation"] == "send"]
    return {(t, e["message"]["name"], e["message_id"], e["causation_id"]) for t, e in sent}


def sent_here(flow):
    prefix = f"{RUN}.{flow.style}."
    return {
        (record.topic.removeprefix(prefix), one.message.name, one.message_id, one.causation_id)
        for record, one in records_of(flow)
    }


for flow in (CHOREOGRAPHY, ORCHESTRATION):
    here, there = sent_here(flow), recorded(flow.style)
    print(f"{flow.style:13} {len(here)} records here, {len(there)} in the recording")
    assert here == there

# %% [markdown]
# ## Tidy up

# %%
producer.close()
gone = tidy()
print("topics deleted:", len(gone))
wait(lambda: not any(topic.startswith(RUN) for topic in admin.list_topics()))
