"""A simulated Kafka: the same run for the same seed, in virtual time, with nothing installed.

What is drawn at random is what is not fixed on a real one: which instance acts next, and how long
each step takes. Everything else is as there: topics of several partitions, Kafka's own
partitioner, offsets, one committed offset a group and partition, one delivery at a time each.

`log` is the broker, `instance` one running service, `port` where what its host asks for is done,
`world` lets them act, deals partitions out and lets the faults bite, `running` makes a recording of
it.
"""

from tracegen.runtimes.memory.running import run, simulate
from tracegen.runtimes.memory.world import Chance, Drawn

__all__ = ["Chance", "Drawn", "run", "simulate"]
