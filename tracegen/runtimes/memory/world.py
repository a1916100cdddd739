"""Everything that can happen in a simulated run, one step at a time.

Rule 1: what comes next is a choice among what could; whoever gives the choices gets the same run.
Rule 2: nothing waits for a clock. A timer fires when nothing else is due.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from tracegen.errors import RunError
from tracegen.faults import Fault
from tracegen.message import Envelope, from_outside
from tracegen.runtimes.memory.instance import Instance
from tracegen.runtimes.memory.log import Log, Place
from tracegen.runtimes.memory.port import KilledError
from tracegen.runtimes.port import POISON
from tracegen.scenario import Scenario
from tracegen.trace import Draft, Span
from tracegen.trace.model import STRANGER

STEPS_PER_ORDER_MAX = 1_000
STEP_US_MIN, STEP_US_MAX = 200, 2_000
"""How long one step takes: about what a broker on the same machine needs."""

STEP_US_SPREAD = STEP_US_MAX - STEP_US_MIN

Deed = tuple[Callable[[str], None], str]
"""A function that mends something, and the name that it is given."""
Chance = Callable[[int], int]
"""Draws one of so many choices, from 0."""


class Drawn:
    """Draws by seed, and remembers what it drew."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random
        self.drawn: list[int] = []

    def __call__(self, count: int) -> int:
        """One of so many choices."""
        one = int(self._random() * count)
        self.drawn.append(one)
        return one


class World:
    """One run."""

    def __init__(
        self, scenario: Scenario, style: str, chance: Chance, faults: tuple[Fault, ...]
    ) -> None:
        self._scenario = scenario
        self._chance = chance
        self._faults = faults
        self.flow = scenario.flow(style)
        self.log = Log(self.flow, scenario.partition_count)
        self._entry = f"{self.flow.entry}-1"
        """Who is handed what comes from outside."""
        self._instances: dict[str, Instance] = {}
        self._inbox: list[Envelope] = []
        self._leaving: set[str] = set()
        self._unbalanced: set[str] = set()
        """Services whose partitions are to be dealt out anew."""
        self._back: dict[str, list[str]] = {"once": [], "rest": [], "late": []}
        """Instances that are gone or paused, by when they come back."""

    def run(self) -> None:
        """Act until nothing is due.

        Raises:
            RunError: Still busy after `STEPS_PER_ORDER_MAX` steps an order.
        """
        for participant in self.flow.participants:
            self._start(participant.name, f"{participant.name}-1")
            self._deal(participant.name)
        for fault in (fault for fault in self._faults if fault.on is None):
            self._bite_at_start(fault)
        self._inbox += [
            from_outside(message, self._scenario.name, ordinal)
            for ordinal, message in enumerate(self._scenario.given)
        ]
        for _ in range(STEPS_PER_ORDER_MAX * len(self._scenario.given)):
            self.log.clock_us += STEP_US_MIN + self._chance(STEP_US_SPREAD)
            if not self._step():
                break
        else:
            raise RunError(
                f"{self._scenario.name} in {self.flow.style}: still busy after "
                f"{STEPS_PER_ORDER_MAX} steps an order. Two services probably answer each other "
                "for ever"
            )
        for instance in self._instances.values():
            if instance.alive and not instance.paused:
                instance.host.stop()

    def _step(self) -> bool:
        """Let one thing happen; False if nothing is due any more."""
        here = self.log.entry_count
        asked = [i for i in self._instances.values() if i.seen != here]
        acts = [(instance, choice) for instance in asked for choice in instance.choices()]
        mends = self._mends() if self._unbalanced or self._back["once"] else ()
        count = len(acts) + len(mends)
        if count == 0:
            return self._at_rest()
        nth = self._chance(count) if count > 1 else 0
        if nth < len(acts):
            instance, choice = acts[nth]
            self._guarded(instance, instance.act, choice)
        else:
            mend, name = mends[nth - len(acts)]
            mend(name)
        return True

    def _mends(self) -> list[Deed]:
        """Who could come back at once, and which groups could be dealt out anew."""
        backs = [(self._come_back, name) for name in self._back["once"]]
        still = [s for s in sorted(self._unbalanced) if all(i.is_idle for i in self._members(s))]
        return [*backs, *((self._deal, service) for service in still)]

    def _at_rest(self) -> bool:
        """Do what waits until nothing is due: who comes back, then a timer, then who is late."""
        for instance in (i for i in self._instances.values() if i.alive and i.held):
            instance.release()
            return True
        if self._back["rest"]:
            self._come_back(self._back["rest"][0])
            return True
        due = [
            (pending.set_at_us + pending.after_ms * 1_000, instance.name, instance, pending)
            for instance in self._instances.values()
            if instance.alive and not instance.paused
            for pending in instance.host.timers
        ]
        if due:
            at_us, _, instance, pending = min(due, key=lambda entry: entry[:2])
            self.log.clock_us = max(self.log.clock_us, at_us)
            self._guarded(instance, instance.fire, pending)
            return True
        if self._back["late"]:
            self._come_back(self._back["late"][0])
            return True
        return False

    def _guarded(self, instance: Instance, deed: Callable[..., None], *of: Any) -> None:
        """Let an instance act, and see to what a fault does to it or to others."""
        try:
            deed(*of)
        except KilledError as killed:
            self._kill(instance, killed.fault)
        while instance.bitten:
            self._bite(instance, instance.bitten.pop(0))
        if self._leaving and instance.name in self._leaving and instance.is_idle:
            self._leaving.discard(instance.name)
            instance.give_up(list(instance.positions))
            instance.host.stop()
            instance.alive = False
            self._unbalanced.add(instance.service)

    def _bite_at_start(self, fault: Fault) -> None:
        if fault.do == "poison":
            self._poison(fault)
        for instance in [i for i in self._instances.values() if i.service == fault.service]:
            if fault.do == "kill":
                self._kill(instance, fault)
            elif fault.do == "pause":
                self._pause(instance, fault)

    def _bite(self, instance: Instance, fault: Fault) -> None:
        """What a fault does that is more than a service can do to itself."""
        if fault.do == "pause":
            self._pause(instance, fault)
        elif fault.do == "add":
            number = 1 + len([i for i in self._instances.values() if i.service == fault.service])
            self._start(fault.service, f"{fault.service}-{number}")
            self._unbalanced.add(fault.service)
        elif fault.do == "remove":
            self._leaving.add(instance.name)

    def _kill(self, instance: Instance, fault: Fault) -> None:
        instance.kill(fault)
        self._wait_for(instance, fault)
        if fault.back == "never" and len(self._members(instance.service)) > 0:
            self._unbalanced.add(instance.service)

    def _pause(self, instance: Instance, fault: Fault) -> None:
        instance.paused = True
        instance.note("paused", fault)
        self._wait_for(instance, fault)

    def _wait_for(self, instance: Instance, fault: Fault) -> None:
        if fault.back != "never":
            self._back[fault.back].append(instance.name)

    def _come_back(self, name: str) -> None:
        for names in self._back.values():
            if name in names:
                names.remove(name)
        instance = self._instances[name]
        if instance.alive:
            instance.paused = False
            instance.note("resumed")
            return
        self._start(instance.service, name)
        if len(self._members(instance.service)) == 1:
            self._deal(instance.service)
        else:  # Others may have its partitions by now, and must give them up first.
            self._unbalanced.add(instance.service)

    def _start(self, service: str, name: str) -> Instance:
        inbox = self._inbox if name == self._entry else []
        instance = Instance(self.log, self.flow, service, name, self._faults, inbox)
        self._instances[name] = instance
        instance.host.start()
        if service not in self.flow.subscriptions:
            instance.restore_all()
        return instance

    def _members(self, service: str) -> list[Instance]:
        """The live instances of a service, by name."""
        found = [i for i in self._instances.values() if i.service == service and i.alive]
        return sorted(found, key=lambda instance: instance.name)

    def _deal(self, service: str) -> None:
        """Deal a group's partitions out among its members, as Kafka's range assignor does."""
        self._unbalanced.discard(service)
        topics = self.flow.subscriptions.get(service)
        if topics is None:
            return
        members = self._members(service)
        count = self.log.partition_count
        wanted: dict[str, list[Place]] = {member.name: [] for member in members}
        for index, member in enumerate(members):
            share, more = divmod(count, len(members))
            first = index * share + min(index, more)
            last = first + share + (1 if index < more else 0)
            wanted[member.name] = [(t, p) for t in topics for p in range(first, last)]
        for member in members:
            gone = [place for place in member.positions if place not in wanted[member.name]]
            member.give_up(gone)
        for member in members:
            member.take_over([p for p in wanted[member.name] if p not in member.positions])

    def _poison(self, fault: Fault) -> None:
        topic, partition = self.log.append(fault.topic, fault.key, POISON)
        offset = len(self.log.entries[topic, partition]) - 1
        span = Span(
            0, None, self.log.clock_us, "poison", STRANGER, STRANGER, topic, partition, offset,
            fault=fault.do,
        )  # fmt: skip
        ref = f"{STRANGER}#{len(self.log.drafts)}"
        self.log.drafts.append(Draft(ref, None, span))
        self.log.acknowledged[ref] = (partition, offset)
