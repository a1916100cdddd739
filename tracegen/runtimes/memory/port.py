"""What a host asks for is done here, in memory: in the log, or in a transaction that is open."""

from tracegen.faults import Fault
from tracegen.message import Effect, Envelope
from tracegen.runtimes.memory.log import Log, Transaction
from tracegen.runtimes.port import Position, Saved
from tracegen.trace import Draft


class KilledError(Exception):
    """A fault kills the instance right here."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.do)
        self.fault = fault


class MemoryPort:
    """The port of one instance; what each function does is told in `tracegen.runtimes.port`.

    It knows neither the instance nor its host. In a circle they would wait for the garbage
    collector, with all that a run leaves, and a search makes thousands of runs.
    """

    def __init__(self, log: Log, service: str) -> None:
        self._log = log
        self._service = service
        self._transaction: Transaction | None = None
        self.bitten: list[Fault] = []
        """Faults that met their delivery; they may concern the world."""

    def now_us(self) -> int:  # noqa: D102
        return self._log.clock_us

    def record(self, draft: Draft) -> None:  # noqa: D102
        self._log.drafts.append(draft)

    def acknowledge(self, ref: str, partition: int, offset: int) -> None:  # noqa: D102
        self._log.acknowledged[ref] = (partition, offset)

    def perform(self, effect: Effect) -> None:  # noqa: D102
        self._log.effects.append(effect)

    def begin(self) -> None:  # noqa: D102
        self._transaction = Transaction()

    def send(self, topic: str, envelope: Envelope) -> tuple[int, int]:  # noqa: D102
        transaction = self._transaction
        place = self._log.append(topic, envelope.message.key, envelope, transaction is not None)
        entries = self._log.entries[place]
        if transaction is not None:
            transaction.entries.append((place, entries[-1]))
        return place[1], len(entries) - 1

    def bury(self, letter: Envelope | bytes, at: Position, reason: str) -> tuple[int, int]:  # noqa: D102
        return self._log.bury(letter, at)

    def save(self, partition: int, key: str, saved: Saved) -> None:  # noqa: D102
        if self._transaction is not None:
            self._transaction.saved.append((partition, key, saved))
        else:
            self._log.saved[self._service, partition][key] = saved

    def commit(self, topic: str, partition: int, next_offset: int) -> None:  # noqa: D102
        if self._transaction is not None:
            self._transaction.committed.append((topic, partition, next_offset))
        else:
            self._log.committed[self._service, topic, partition] = next_offset

    def end(self) -> None:  # noqa: D102
        if self._transaction is not None:
            self._log.finish(self._service, self._transaction, abort=False)
            self._transaction = None

    def wait(self, for_ms: int) -> None:  # noqa: D102
        self._log.clock_us += for_ms * 1_000

    def bite(self, fault: Fault) -> None:  # noqa: D102
        self.bitten.append(fault)

    def die(self, fault: Fault) -> None:  # noqa: D102
        raise KilledError(fault)

    def abort(self) -> None:
        """End the transaction, if one has begun, so that nothing of it counts."""
        if self._transaction is not None:
            self._log.finish(self._service, self._transaction, abort=True)
            self._transaction = None
