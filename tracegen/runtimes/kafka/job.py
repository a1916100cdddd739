"""What a supervisor tells a worker to be."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tracegen.faults import Fault
from tracegen.flows import Flow
from tracegen.runtimes.kafka import lines
from tracegen.runtimes.kafka.connection import Connection
from tracegen.runtimes.port import Delivered
from tracegen.variants import flow_of


@dataclass(frozen=True)
class Job:
    """What a worker is to be. The first line on its standard input."""

    run_id: str
    style: str
    service: str
    instance: str
    partition_count: int
    bootstrap_servers: str
    node_count: int = 1
    """Of brokers."""
    variant: str = ""
    faults: tuple[Fault, ...] = ()
    """Of the run, in this style."""
    delivered: tuple[tuple[str, str, int], ...] = ()
    """How often each message, by name and order, was delivered to the service before."""
    client_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """On standard input and not in the arguments, which everybody on the machine can see."""
    record_messages: bool = True
    """False only to measure what recording costs: then just the instance's life is recorded."""

    @classmethod
    def from_line(cls, line: bytes) -> "Job":
        """Read a job that `to_line` wrote."""
        given = json.loads(line)
        faults = tuple(lines.to_fault(fault) for fault in given.pop("faults"))
        delivered = tuple((name, key, count) for name, key, count in given.pop("delivered"))
        return cls(**given, faults=faults, delivered=delivered)

    def to_line(self) -> bytes:
        """Write the job as a line."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        given |= {
            "client_options": {**self.client_options},
            "faults": [asdict(fault) for fault in self.faults],
        }
        return json.dumps(given).encode() + b"\n"

    @property
    def connection(self) -> Connection:
        """How to reach the run's Kafka."""
        return Connection(
            self.bootstrap_servers, self.client_options, node_count=self.node_count
        )  # fmt: skip

    @property
    def flow(self) -> Flow:
        """The flow that the worker is part of."""
        return flow_of(self.style, self.variant)

    def count_delivered(self) -> Delivered:
        """What was delivered before, as a host takes it."""
        return Counter({(name, key): count for name, key, count in self.delivered})
