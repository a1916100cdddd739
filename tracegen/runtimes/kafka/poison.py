"""Records that no one can parse: written where a scenario says so, and known again when read."""

import time
from collections.abc import Callable

from kafka import KafkaProducer

from tracegen.errors import RunError
from tracegen.faults import Fault
from tracegen.runtimes.kafka.connection import LOST_S
from tracegen.runtimes.kafka.naming import Names
from tracegen.runtimes.kafka.rest import Rest
from tracegen.runtimes.port import POISON
from tracegen.trace import Draft, Span
from tracegen.trace.model import STRANGER


class Poison:
    """The poison of one run."""

    def __init__(
        self, names: Names, producer: KafkaProducer, record: Callable[[Draft], None], rest: Rest
    ) -> None:
        self._names = names
        self._producer = producer
        self._record = record
        self._rest = rest
        self._places: set[tuple[str, int, int]] = set()

    def write(self, fault: Fault) -> None:
        """Write a record that is no message; its key decides the partition, as for any other."""
        now_us = time.time_ns() // 1_000
        future = self._producer.send(
            self._names.topic(fault.topic), key=fault.key.encode(), value=POISON
        )
        taken = future.get(timeout=LOST_S)
        place = (fault.topic, taken.partition, taken.offset)
        span = Span(0, None, now_us, "poison", STRANGER, STRANGER, *place, fault=fault.do)
        self._record(Draft(f"{STRANGER}#{len(self._places) + 1}", None, span))
        self._places.add(place)
        self._rest.written(*place)

    def require_ours(self, span: Span) -> None:
        """See that what a service could not read is what we have written.

        Raises:
            RunError: Somebody else writes to the run's topics.
        """
        if span.operation != "skip" or span.envelope is not None or span.position is None:
            return
        if span.position not in self._places:
            topic, partition, offset = span.position
            raise RunError(
                f"{self._names.topic(topic)}, partition {partition}, offset {offset}: a record "
                f"that no service of this run wrote: {span.reason}. Does anything else write to "
                "the run's topics?"
            )
