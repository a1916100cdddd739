"""A simulated Kafka: the same run for the same seed, in virtual time, with nothing installed.

What is drawn at random is what is not fixed on a real one: which instance acts next, and how long
each step takes. Everything else is as there: topics of several partitions, Kafka's own
partitioner, offsets, one committed offset a group and partition, one delivery at a time each.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from tracegen import scenario as scenarios
from tracegen.errors import RunError
from tracegen.flows import Flow, flow_of
from tracegen.message import Effect, Envelope, from_outside
from tracegen.outside import ledger
from tracegen.runtimes.host import Host, Pending, Point, Position, Saved
from tracegen.runtimes.partitioner import partition_for
from tracegen.scenario import Scenario
from tracegen.trace import Draft, Header, Span, Trace, assemble

STEPS_PER_ORDER_MAX = 1_000
STEP_US_MIN, STEP_US_MAX = 200, 2_000
"""How long one step takes: about what a broker on the same machine needs."""


class _Log:
    """The broker: what was sent, saved and committed, and the world outside. Survives crashes."""

    def __init__(self, partition_count: int) -> None:
        self.partition_count = partition_count
        self.records: dict[tuple[str, int], list[Envelope]] = defaultdict(list)
        self.committed: dict[tuple[str, str, int], int] = defaultdict(int)
        self.saved: dict[tuple[str, int], dict[str, Saved]] = defaultdict(dict)
        self.effects: list[Effect] = []
        self.drafts: list[Draft] = []
        self.acknowledged: dict[str, tuple[int, int]] = {}
        self.clock_us = 0


class _Instance:
    """A running instance: its host, what it is busy with, and where it reads. The host's port."""

    def __init__(self, log: _Log, flow: Flow, service: str) -> None:
        self._log = log
        self.service = service
        self.name = f"{service}-1"
        self.host = Host(flow, service, self.name, log.partition_count, self)
        self.inbox: list[Envelope] = []
        self.positions: dict[tuple[str, int], int] = {}
        self.alive = True
        self._busy: Iterator[Point] | None = None

    def now_us(self) -> int:
        return self._log.clock_us

    def record(self, draft: Draft) -> None:
        self._log.drafts.append(draft)

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:
        self._log.acknowledged[ref] = (partition, offset)

    def perform(self, effect: Effect) -> None:
        self._log.effects.append(effect)

    def send(self, topic: str, envelope: Envelope) -> tuple[int, int]:
        partition = partition_for(envelope.message.key, self._log.partition_count)
        log = self._log.records[topic, partition]
        log.append(envelope)
        return partition, len(log) - 1

    def save(self, partition: int, key: str, saved: Saved) -> None:
        self._log.saved[self.service, partition][key] = saved

    def commit(self, topic: str, partition: int, next_offset: int) -> None:
        self._log.committed[self.service, topic, partition] = next_offset

    def start(self) -> None:
        """Join the group and get every partition of every topic it reads."""
        self.host.start()
        for topic in self.host.flow.subscriptions.get(self.service, ()):
            for partition in range(self._log.partition_count):
                offset = self._log.committed[self.service, topic, partition]
                saved = self._log.saved[self.service, partition]
                self.host.assign(Position(topic, partition, offset), saved)
                self.positions[topic, partition] = offset

    def kill(self) -> None:
        """Die at once, as by SIGKILL: nothing that was begun is finished."""
        self.alive, self._busy = False, None
        span = Span(0, None, self.now_us(), "crashed", self.service, self.name)
        self.record(Draft(f"{self.name}#crashed", None, span))

    def choices(self) -> list[tuple[str, int] | None]:
        """What it could do next: go on or take what came from outside (None), or read."""
        if not self.alive:
            return []
        if self._busy is not None:
            return [None]
        unread: list[tuple[str, int] | None] = [
            at for at, offset in self.positions.items() if offset < len(self._log.records[at])
        ]
        return unread + ([None] if self.inbox else [])

    def act(self, choice: tuple[str, int] | None) -> None:
        """Do one step of what it is busy with, after taking up something new if it was idle."""
        if self._busy is None:
            if choice is None:
                self._busy = self.host.deliver(self.inbox.pop(0), at=None)
            else:
                offset = self.positions[choice]
                self.positions[choice] += 1
                envelope = self._log.records[choice][offset]
                self._busy = self.host.deliver(envelope, Position(*choice, offset))
        self._go_on()

    def fire(self, pending: Pending) -> None:
        """Begin to handle a timer that is due."""
        self._busy = self.host.fire(pending)
        self._go_on()

    def _go_on(self) -> None:
        assert self._busy is not None
        if next(self._busy, None) is None:
            self._busy = None


def run(scenario: Scenario, style: str, seed: int = 0) -> Trace:
    """Run a scenario until nothing is due.

    Raises:
        RunError: Still busy after `STEPS_PER_ORDER_MAX` steps an order, so the flow probably
            loops; or an order ended otherwise than the scenario says.
    """
    flow, random = flow_of(style), Random(seed)
    log = _Log(scenario.partition_count)
    instances = [_Instance(log, flow, participant.name) for participant in flow.participants]
    for instance in instances:
        instance.start()
    for fault in scenario.faults:
        for instance in (i for i in instances if i.service == fault.service):
            instance.kill()
    entry = next(instance for instance in instances if instance.service == flow.entry)
    entry.inbox = [from_outside(m, scenario.name, n) for n, m in enumerate(scenario.given)]

    for _ in range(STEPS_PER_ORDER_MAX * len(scenario.given)):
        log.clock_us += random.randint(STEP_US_MIN, STEP_US_MAX)
        choices = [(instance, choice) for instance in instances for choice in instance.choices()]
        if choices:
            instance, choice = random.choice(choices)
            instance.act(choice)
        elif not _fire_next(instances, log):
            break
    else:
        raise RunError(
            f"{scenario.name} in {style}: still busy after {STEPS_PER_ORDER_MAX} steps an order. "
            "Two services probably answer each other for ever"
        )
    for instance in (i for i in instances if i.alive):
        instance.host.stop()
    trace = Trace(_header(scenario, flow, log, seed), assemble(log.drafts, log.acknowledged))
    scenario.judge(style, trace.header.ledger)
    return trace


def _fire_next(instances: list[_Instance], log: _Log) -> bool:
    """Nothing else is due: move the clock to the first timer and let it fire."""
    due = [
        (pending.set_at_us + pending.after_ms * 1_000, instance.name, instance, pending)
        for instance in instances
        if instance.alive
        for pending in instance.host.timers
    ]
    if not due:
        return False
    at_us, _, instance, pending = min(due, key=lambda entry: entry[:2])
    log.clock_us = max(log.clock_us, at_us)
    instance.fire(pending)
    return True


def _header(scenario: Scenario, flow: Flow, log: _Log, seed: int) -> Header:
    return Header(
        scenario=scenario.name,
        style=flow.style,
        runtime="memory",
        recorded_at=datetime.fromtimestamp(0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        command=f"tracegen simulate {scenario.name} --style {flow.style} --seed {seed}",
        digest=scenarios.digest(scenario.name),
        topics=dict.fromkeys(flow.topics, scenario.partition_count),
        groups=flow.subscriptions,
        ledger=ledger(log.effects),
        unfinished=scenario.unfinished(flow.style),
        seed=seed,
    )
