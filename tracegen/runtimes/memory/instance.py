"""A running instance: its host, what it is busy with, and where it reads."""

from collections.abc import Iterator

from tracegen.faults import Fault
from tracegen.flows import Flow
from tracegen.message import Envelope
from tracegen.runtimes.host import Host
from tracegen.runtimes.memory.log import Log, Place
from tracegen.runtimes.memory.port import MemoryPort
from tracegen.runtimes.port import Pending, Point, Position
from tracegen.trace import Draft, Span
from tracegen.trace.model import Operation

NOTHING: list[Place | None] = []
GO_ON: list[Place | None] = [None]
UNREADABLE = "not a CloudEvent: it has no ce_id"


class Instance:
    """One process, as it were."""

    def __init__(
        self,
        log: Log,
        flow: Flow,
        service: str,
        name: str,
        faults: tuple[Fault, ...],
        inbox: list[Envelope],
    ) -> None:
        """Set up an instance that has not begun.

        Args:
            log: The broker.
            flow: Whose service it is.
            service: Which.
            name: Its own.
            faults: Of the run.
            inbox: What comes from outside and is not dealt with; outlives the instance.
        """
        self._log = log
        self.service = service
        self.name = name
        self._port = MemoryPort(log, service)
        self.host = Host(
            flow, service, name, log.partition_count, self._port, faults, log.delivered[service]
        )
        self.positions: dict[Place, int] = {}
        self.alive = True
        self.paused = False
        self.held: set[Place] = set()
        """Where a late delivery is next: nothing is read there until it is released."""
        self.bitten = self._port.bitten
        self.seen = -1
        """How many entries there were when it last had nothing to do: asking costs time."""
        self._released: set[tuple[Place, int]] = set()
        self._busy: Iterator[Point] | None = None
        self._inbox = inbox
        self._is_handing = False
        """Whether what it is busy with came from outside."""

    @property
    def is_idle(self) -> bool:
        """Whether it has nothing begun."""
        return self._busy is None

    def take_over(self, places: list[Place]) -> None:
        """Get partitions, each from its committed offset on."""
        self.seen = -1
        for topic, partition in places:
            offset = self._log.committed[self.service, topic, partition]
            saved = self._log.saved[self.service, partition]
            self.host.assign(Position(topic, partition, offset), saved)
            self.positions[topic, partition] = offset

    def give_up(self, places: list[Place]) -> None:
        """Lose partitions to others."""
        for topic, partition in places:
            self.host.revoke(topic, partition)
            del self.positions[topic, partition]
            self.held.discard((topic, partition))

    def restore_all(self) -> None:
        """Take over the state of every partition, for a service that reads no topic."""
        for partition in range(self._log.partition_count):
            self.host.restore(partition, self._log.saved[self.service, partition])

    def kill(self, fault: Fault | None) -> None:
        """Die at once, as by SIGKILL: nothing that was begun is finished."""
        self.alive, self._busy = False, None
        self._port.abort()
        self.note("crashed", fault)

    def note(self, operation: Operation, fault: Fault | None = None) -> None:
        """Keep a span of its life that it cannot write itself."""
        do, point = (fault.do, fault.at or None) if fault else (None, None)
        span = Span(
            0, None, self._log.clock_us, operation, self.service, self.name, fault=do, reason=point
        )
        ref = f"{self.name}#{operation}@{len(self._log.drafts)}"
        self._log.drafts.append(Draft(ref, None, span))

    def release(self) -> None:
        """Let what was late come now."""
        self.seen = -1
        for place in self.held:
            offset = self._log.readable(place, self.positions[place])
            if offset is not None:
                self._released.add((place, offset))
        self.held.clear()

    def choices(self) -> list[Place | None]:
        """What it could do next: go on or take what came from outside (None), or read.

        Nobody need ask once `seen` says that there is nothing new.
        """
        if not self.alive or self.paused:
            return NOTHING
        if self._busy is not None:
            return GO_ON
        log = self._log
        entries, found = log.entries, list[Place | None]()
        for place, offset in self.positions.items():
            if offset >= len(entries[place]) or place in self.held:  # Most have nothing to read.
                continue
            if log.readable(place, offset) is not None:
                found.append(place)
        if self._inbox:
            found.append(None)
        if not found:
            self.seen = log.entry_count
        return found

    def act(self, choice: Place | None) -> None:
        """Do one step of what it is busy with, after taking up something new if it was idle.

        Raises:
            KilledError: A fault kills it here.
        """
        if self._busy is None and choice is None:
            self._is_handing = True
            self._busy = self.host.deliver(self._inbox[0], at=None)
        elif self._busy is None and choice is not None:
            self._busy = self._read(choice)
            if self._busy is None:
                return
        self._go_on()

    def fire(self, pending: Pending) -> None:
        """Begin to handle a timer that is due.

        Raises:
            KilledError: A fault kills it here.
        """
        self.seen = -1
        self._busy = self.host.fire(pending)
        self._go_on()

    def _read(self, place: Place) -> Iterator[Point] | None:
        offset = self._log.readable(place, self.positions[place])
        assert offset is not None
        held = self._log.entries[place][offset].held
        at = Position(*place, offset)
        if isinstance(held, bytes):
            self.positions[place] = offset + 1
            return self.host.put_aside(at, held, UNREADABLE)
        assert held is not None
        if (place, offset) not in self._released and self.host.held_back(held):
            self.held.add(place)
            return None
        self.positions[place] = offset + 1
        return self.host.deliver(held, at)

    def _go_on(self) -> None:
        assert self._busy is not None
        if next(self._busy, None) is None:
            self._busy = None
            if self._is_handing:
                self._inbox.pop(0)
                self._is_handing = False
