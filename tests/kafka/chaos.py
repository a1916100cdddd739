"""Kills at random while orders come in: instances by SIGKILL from outside, nodes one by one."""

import threading
from collections import Counter
from random import Random

import psutil

from tests.kafka.runs import workers_of
from tracegen.faults import Fault
from tracegen.runtimes.kafka.coordinator import Coordinator

PORTIONS = 20
"""The orders come in so many portions, so that there is work all the time."""
SPANS_MAX = 60
"""After so many spans at most, the next portion comes."""


class Chaos:
    """Leads a run through its orders, killing as it goes.

    What it does and where is drawn by seed. When it does it is a matter of how much has been
    done, never of time; how far each process is at that moment nobody knows.
    """

    def __init__(self, seed: int, order_count: int, kills: int, node_kills: int) -> None:
        """Draw who dies when.

        Args:
            seed: Of the draw.
            order_count: How many orders come.
            kills: Of instances.
            node_kills: Of nodes, each only when all replicas are in sync.
        """
        self._random = Random(seed)
        self._order_count = order_count
        portions = range(1, PORTIONS)
        self._kill_at = {*self._random.sample(portions, kills)}
        at = self._random.sample(portions, node_kills)
        self._node_kill_at = {portion: self._random.randint(1, 3) for portion in at}
        self._striking: threading.Thread | None = None
        self._failure: BaseException | None = None
        self.killed: list[str] = []
        self.nodes_killed: list[str] = []

    def __call__(self, coordinator: Coordinator) -> None:
        """Hand out the orders, and kill in between."""
        share = self._order_count // PORTIONS
        for portion in range(PORTIONS):
            coordinator.hand_out(portion * share, (portion + 1) * share)
            self._go_on(coordinator)
            if portion in self._node_kill_at:
                self._wait_for_nodes(coordinator)
                arguments = (coordinator, self._node_kill_at[portion])
                self._striking = threading.Thread(target=self._strike, args=arguments, daemon=True)
                self._striking.start()
            if portion in self._kill_at:
                self._kill(coordinator)
        self._wait_for_nodes(coordinator)
        coordinator.nodes.in_sync()

    def _go_on(self, coordinator: Coordinator) -> None:
        """Let a few things happen, or all that is due."""
        enough = len(coordinator.drafts) + self._random.randint(1, SPANS_MAX)
        coordinator.until(
            lambda: len(coordinator.drafts) >= enough or coordinator.rest.is_reached(),
            lambda: f"chaos, still due: {'; '.join(coordinator.rest.due())}",
        )

    def _kill(self, coordinator: Coordinator) -> None:
        """Kill an instance, among those of which is known that they live."""

        def victims() -> dict[str, psutil.Process]:
            lives = [one.span for one in coordinator.drafts]
            last = {one.instance: one.operation for one in lives
                    if one.operation in ("started", "crashed")}  # fmt: skip
            crashed = Counter(one.instance for one in lives if one.operation == "crashed")
            alive = {one.cmdline()[-1]: one for one in workers_of()}
            return {
                name: one
                for name, one in alive.items()
                if last[name] == "started" and crashed[name] == self.killed.count(name)
            }

        coordinator.until(lambda: bool(victims()), lambda: "waiting for somebody to kill")
        found = victims()
        name = self._random.choice(sorted(found))
        found[name].kill()
        self.killed.append(name)

    def _strike(self, coordinator: Coordinator, node: int) -> None:
        """Kill a node and bring it back, in a thread: meanwhile instances go on, and die, too."""
        try:
            coordinator.nodes.strike(Fault("kill node", back="once"), node)
            self.nodes_killed.append(f"node-{node}")
            coordinator.nodes.come_back("once")
        except BaseException as error:
            self._failure = error

    def _wait_for_nodes(self, coordinator: Coordinator) -> None:
        striking = self._striking
        if striking is not None:
            coordinator.until(lambda: not striking.is_alive(), lambda: "waiting for a node")
        if self._failure is not None:
            raise self._failure
