"""What a supervisor tells a worker to be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Job:
    """What a worker is to be. The first line on its standard input."""

    run_id: str
    style: str
    service: str
    instance: str
    partition_count: int
    bootstrap_servers: str
    client_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """On standard input and not in the arguments, which everybody on the machine can see."""
    record_messages: bool = True
    """False only to measure what recording costs: then just the instance's life is recorded."""

    @classmethod
    def from_line(cls, line: bytes) -> "Job":
        """Read a job that `to_line` wrote."""
        return cls(**json.loads(line))

    def to_line(self) -> bytes:
        """Write the job as a line."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps({**given, "client_options": {**self.client_options}}).encode() + b"\n"
