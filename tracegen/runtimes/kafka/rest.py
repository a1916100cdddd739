"""When is a run at rest? When nothing is due. Known by counting, never by silence.

Rule 1: what was handed out is due until the instance that got it has dealt with it.
Rule 2: a send is due until the broker has acknowledged it.
Rule 3: from then on it is due to each group that reads its topic, until that group has committed
        past it, as long as an instance of that service lives. Who is dead cannot be waited for.
        In a transaction it is due once that has ended well.
Rule 4: a timer is no reason to wait for as long as anything else is due (`timers`).
Rule 5: what an instance owes that is away and comes back is not due until it is told to; from
        then on it is, and that the instance gets its partitions too.
Rule 6: where a delivery is held back, nothing of that partition is due until it is released.

What Kafka's commits say and what spans say are two things; the coordinator compares them at the
end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tracegen.flows import Flow
from tracegen.runtimes.kafka.lines import Acknowledged, Handled, Held, Kept, Line, Restored
from tracegen.runtimes.kafka.timers import Timer, Timers
from tracegen.runtimes.partitioner import partition_for
from tracegen.trace import Draft, Span

DUE_TOLD_MAX = 4
"""Of what is still due, so much is told; more would not help."""

At = tuple[str, str, int]
"""Service, topic and partition."""


class Rest:
    """Counts what is due in one run, from the lines of its workers in order of arrival."""

    def __init__(self, flow: Flow, partition_count: int) -> None:
        self._flow = flow
        self._partition_count = partition_count
        self._places = {
            service: {
                (topic, partition) for topic in topics for partition in range(partition_count)
            }
            for service, topics in flow.subscriptions.items()
        }
        self._service_of: dict[str, str] = {}
        """Of instances that live."""
        self._to_return: set[str] = set()
        """Instances that come back, should they go away."""
        self._away: set[str] = set()
        """Of these, the ones that have gone away."""
        self._doomed: set[str] = set()
        """Instances that are about to die or leave, though all they had to do is done."""
        self._expected: dict[str, str] = {}
        """Instances that were told to come, and have not come yet, with their service."""
        self._owner_of: dict[At, str] = {}
        """Instance."""
        self._held: dict[At, str] = {}
        """Instance that holds a delivery back."""
        self._handed: dict[str, str] = {}
        """Instance, or service where any of it will do, by message id or timer's ref."""
        self._fired: dict[str, Timer] = {}
        """What was handed out to a service because its time has come, by ref."""
        self._unacknowledged: dict[str, Span] = {}
        """Sends by ref."""
        self._open: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        """Topic, partition and end of what was sent in transactions that go on, by instance."""
        self._end: dict[tuple[str, int], int] = defaultdict(int)
        self._committed: dict[At, int] = defaultdict(int)
        self._timers = Timers()

    @property
    def committed(self) -> dict[At, int]:
        """Next offset to read by service, topic and partition, where it is not 0."""
        return dict(self._committed)

    def instances(self, service: str | None = None) -> list[str]:
        """The instances that live, of one service or of all, by name."""
        return sorted(i for i, s in self._service_of.items() if service in (None, s))

    def missing(self) -> list[str]:
        """The services that cannot work yet: none lives, or not every partition has an owner."""
        return [p.name for p in self._flow.participants if not self._is_ready(p.name)]

    def hand(self, refs: Iterable[str], to: str) -> None:
        """Count messages that are handed out to an instance, by id."""
        self._handed.update(dict.fromkeys(refs, to))

    def fire(self, timer: Timer) -> None:
        """Count a timer that is to fire; whichever instance of the service has it is to do so."""
        self._handed[timer.ref] = timer.service
        self._fired[timer.ref] = timer

    def written(self, topic: str, partition: int, offset: int) -> None:
        """Count a record that is in Kafka, for whoever reads its topic."""
        self._end[topic, partition] = max(self._end[topic, partition], offset + 1)

    def will_return(self, instance: str) -> None:
        """Note that an instance which is about to go away comes back later."""
        self._to_return.add(instance)

    def doom(self, instance: str) -> None:
        """Count that an instance has still to die, or to leave."""
        self._doomed.add(instance)

    def expect(self, instance: str, service: str) -> None:
        """Count an instance that was told to come, for the first time or again."""
        self._expected[instance] = service

    def held(self) -> list[str]:
        """The instances that hold deliveries back, by name."""
        return sorted({who for who in self._held.values() if who not in self._away})

    def release(self, instance: str) -> None:
        """Count what an instance has held back as due."""
        self._held = {at: who for at, who in self._held.items() if who != instance}

    def take(self, line: Line) -> None:
        """Count what a worker reports."""
        match line:
            case Acknowledged(ref, partition, offset):
                self._acknowledge(ref, partition, offset)
            case Handled(ref, instance):
                self._handed.pop(ref, None)
                self._fired.pop(ref, None)
                self._timers.done(ref)
                self._end_transaction(instance)
            case Held(instance, topic, partition):
                self._held[self._service_of.get(instance, ""), topic, partition] = instance
            case Restored(service, partition):
                self._timers.forget(
                    service, lambda key: partition_for(key, self._partition_count) == partition
                )
            case Kept(service, key, state, timer):
                self._timers.restore(service, key, state, timer)
            case Draft(ref, cause, span):
                self._take_span(ref, cause, span)

    def due(self) -> list[str]:
        """Say what is due, the first `DUE_TOLD_MAX` of it."""
        found = list(self._due())
        more = [f"and {len(found) - DUE_TOLD_MAX} more"] if len(found) > DUE_TOLD_MAX else []
        return found[:DUE_TOLD_MAX] + more

    def is_reached(self) -> bool:
        """Whether nothing is due. Timers may still run."""
        return next(self._due(), None) is None

    def next_timer(self) -> Timer | None:
        """The timer that is to fire first, among those of services that live."""
        return self._timers.next({self._service_of[who] for who in self._present()})

    def _due(self) -> Iterator[str]:
        present = self._present()
        services = {self._service_of[who] for who in present}
        for who in self._expected:
            yield f"{who} has not come yet"
        for who in self._doomed:
            yield f"{who} has not gone yet"
        for ref, who in self._handed.items():
            if who in present or who in services:
                yield f"{who} has not dealt with {ref}"
        for span in self._unacknowledged.values():
            if span.instance in present:
                yield (
                    f"Kafka has not acknowledged {span.message_name} for {span.key} "
                    f"by {span.instance}"
                )
        for service in sorted(services):
            if not self._is_ready(service):
                yield f"{service} has no instance for some of its partitions"
        for at, end in self._lagging():
            service, topic, partition = at
            done = self._committed.get(at, 0)
            yield f"{service} has read {topic}, partition {partition}, up to {done} of {end}"

    def _present(self) -> list[str]:
        return [who for who in self._service_of if who not in self._away]

    def _is_ready(self, service: str) -> bool:
        owned = {at[1:] for at in self._owner_of if at[0] == service}
        return bool(self.instances(service)) and owned >= self._places.get(service, set())

    def _lagging(self) -> Iterator[tuple[At, int]]:
        """Where a group with a live instance has not read to the end, and that end."""
        alive = {self._service_of[who] for who in self._present()}
        for (topic, partition), end in self._end.items():
            for service in self._flow.readers(topic):
                at = (service, topic, partition)
                waits = at in self._held or self._owner_of.get(at) in self._away
                if service in alive and not waits and self._committed.get(at, 0) < end:
                    yield at, end

    def _acknowledge(self, ref: str, partition: int, offset: int) -> None:
        sent = self._unacknowledged.pop(ref, None)
        if sent is None or sent.topic is None:
            return
        if self._flow.transactional:
            self._open[sent.instance].append((sent.topic, partition, offset))
        else:
            self.written(sent.topic, partition, offset)

    def _end_transaction(self, instance: str) -> None:
        for place in self._open.pop(instance, ()):
            self.written(*place)

    def _take_span(self, ref: str, cause: str | None, span: Span) -> None:
        match span.operation:
            case "started" | "resumed":
                self._come(span)
            case "crashed" | "paused":
                self._go(span)
            case "stopped":
                self._lose(span.instance)
            case "assigned" | "revoked" | "settle":
                self._take_place(span)
            case "process":
                self._timers.processed(cause, span)
            case "send":
                self._unacknowledged[ref] = span
            case "timer":
                self._timers.set(ref, span)

    def _take_place(self, span: Span) -> None:
        assert span.topic is not None and span.partition is not None
        at = (span.service, span.topic, span.partition)
        if span.operation == "settle":
            self._committed[at] = max(self._committed[at], span.offset or 0)
            self._end_transaction(span.instance)
            return
        self._held.pop(at, None)
        if span.operation == "assigned":
            self._owner_of[at] = span.instance
            if span.offset:  # Whoever had it may have been killed before it could tell.
                self._committed[at] = max(self._committed[at], span.offset)
        elif self._owner_of.get(at) == span.instance:
            del self._owner_of[at]

    def _come(self, span: Span) -> None:
        """An instance has come, or has come back."""
        who = span.instance
        self._service_of[who] = span.service
        self._expected.pop(who, None)
        self._away.discard(who)
        self._to_return.discard(who)
        if span.operation == "started":
            self._owner_of = {at: owner for at, owner in self._owner_of.items() if owner != who}

    def _go(self, span: Span) -> None:
        """An instance has gone away, for a while or for good."""
        who = span.instance
        self._doomed.discard(who)
        if who not in self._to_return:
            self._lose(who)
            return
        self._away.add(who)
        if span.operation == "crashed":
            self._drop(who)
            self._handed = {ref: to for ref, to in self._handed.items() if not self._had(who, ref)}

    def _had(self, instance: str, ref: str) -> bool:
        """Whether a timer that was to fire was with an instance. It will be fired once more."""
        timer = self._fired.get(ref)
        if timer is None or self._service_of.get(instance) != timer.service:
            return False
        partition = partition_for(timer.key, self._partition_count)
        owners = {
            who for at, who in self._owner_of.items() if at[::2] == (timer.service, partition)
        }
        return instance in owners

    def _lose(self, instance: str) -> None:
        """An instance is gone, and with it what only it could have finished."""
        self._doomed.discard(instance)
        self._service_of.pop(instance, None)
        self._owner_of = {at: who for at, who in self._owner_of.items() if who != instance}
        self._drop(instance)
        left = {*self._service_of, *self._service_of.values()}
        self._handed = {ref: who for ref, who in self._handed.items() if who in left}

    def _drop(self, instance: str) -> None:
        """Forget what an instance had begun: it knows nothing of it any more."""
        self._open.pop(instance, None)
        self.release(instance)
        self._unacknowledged = {
            ref: span for ref, span in self._unacknowledged.items() if span.instance != instance
        }
