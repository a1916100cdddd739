"""Flows on a real Kafka: each service instance is a process of its own.

Who is there, from the service outwards:

worker        one process, one instance of one service: a `Host`, a consumer, a producer
supervisor    starts workers, kills and pauses those a fault names, and forwards what they write on
              a pipe to a topic, so that a kill loses nothing written and machines may be many
coordinator   makes the topics, hands out what comes from outside, and knows by counting (`rest`)
              when nothing is due any more; knows who comes back when (`mishaps`) and what happens
              to brokers (`nodes`); then it puts the recording together

They talk over three topics of one partition, beside those of the flow: `control` from the
coordinator, `spans` to it, and `outside`, the ledger of the world outside.

Importing this module is cheap: what it names is loaded when it is asked for.
"""

from typing import TYPE_CHECKING

from tracegen.lazy import loader

if TYPE_CHECKING:
    from tracegen.runtimes.kafka.bench import recording_overhead
    from tracegen.runtimes.kafka.connection import Connection
    from tracegen.runtimes.kafka.running import run
    from tracegen.runtimes.kafka.serving import require_service, serve

__all__ = ["Connection", "recording_overhead", "require_service", "run", "serve"]

__getattr__ = loader(
    __name__,
    {
        "Connection": "connection",
        "recording_overhead": "bench",
        "require_service": "serving",
        "run": "running",
        "serve": "serving",
    },
)
