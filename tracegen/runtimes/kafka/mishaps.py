"""What goes wrong on purpose in a run, as far as it takes more than the instance itself.

A worker says that a fault has met its delivery, and dies or waits. Here is known who comes back
when, what they are told of the past, and that nobody takes a run for over before.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from tracegen.faults import Fault
from tracegen.flows import Flow
from tracegen.runtimes.kafka import lines, orders
from tracegen.runtimes.kafka.nodes import Nodes
from tracegen.runtimes.kafka.rest import Rest
from tracegen.runtimes.port import Delivered
from tracegen.trace import Draft, Span


class Mishaps:
    """Sees to the faults of one run."""

    def __init__(
        self,
        flow: Flow,
        faults: Sequence[Fault],
        rest: Rest,
        nodes: Nodes,
        tell: Callable[[orders.Order], None],
    ) -> None:
        """Know what is to go wrong.

        Args:
            flow: Who takes part.
            faults: Those of the run's style.
            rest: Counts what is due.
            nodes: Of Kafka.
            tell: Gives an order to whoever runs instances.
        """
        self._flow = flow
        self._faults = faults
        self._rest = rest
        self._nodes = nodes
        self._tell = tell
        self._delivered: dict[str, Delivered] = defaultdict(Counter)
        """By service."""
        self._struck: dict[str, Fault] = {}
        """What is about to kill or pause an instance."""
        self._back: dict[str, list[str]] = defaultdict(list)
        """Instances that are gone or paused, by when they come back."""
        self._service_of: dict[str, str] = {}
        """Of every instance there ever was."""
        self._paused: set[str] = set()
        self._returning: set[str] = set()
        """Instances that were told to come back, and have not said that they live."""
        self._inbox: dict[str, tuple[str, list[Any]]] = {}
        """What came from outside and is not dealt with: who has it, and the envelope as a line
        holds it. By id, in order."""

    def begin(self) -> list[str]:
        """Let happen what happens to instances before anything comes from outside.

        Returns:
            The instances that are killed or paused.
        """
        struck = []
        for fault in (f for f in self._faults if f.on is None and f.do in ("kill", "pause")):
            for instance in self._rest.instances(fault.service):
                struck.append(instance)
                self._strike(instance, fault)
                how = orders.Kill if fault.do == "kill" else orders.Pause
                self._tell(how(instance, asdict(fault)))
        return struck

    def is_struck(self, instance: str) -> bool:
        """Whether an instance is about to be killed or paused, and still lives."""
        return instance in self._struck

    def hand(self, to: str, envelopes: Sequence[list[Any]], ids: Sequence[str]) -> None:
        """Remember what was handed to whom, for it may have to be handed out again."""
        given = zip(ids, envelopes, strict=True)
        self._inbox.update((id_, (to, envelope)) for id_, envelope in given)

    def take(self, line: lines.Line) -> None:
        """See what has happened, once it is counted."""
        match line:
            case lines.Handled(ref):
                self._inbox.pop(ref, None)
            case lines.Bitten(instance, fault):
                self._bite(instance, fault)
            case Draft(_, _, span):
                self._take_span(span)

    def befall(self, crash: Draft) -> Draft:
        """An instance was killed from outside: it comes back at once.

        Returns:
            The span that says who did it.
        """
        span = crash.span
        self._strike(span.instance, Fault("kill", span.service, back="once"))
        return replace(crash, span=replace(span, fault="kill"))

    def is_stillborn(self, span: Span) -> bool:
        """Whether it is the death of one that was to come back, and has not said that it lives."""
        return span.operation == "crashed" and span.instance in self._returning

    def at_rest(self) -> bool:
        """When nothing else is due: let come what is late, or bring back who comes back now.

        Returns:
            Whether there was any.
        """
        for instance in self._rest.held():
            self._rest.release(instance)
            self._tell(orders.Release(instance))
            return True
        return self._nodes.come_back("rest") or self._bring_back("rest")

    def at_last(self) -> bool:
        """When no timer runs either, bring back who comes back late; whether there was any."""
        return self._nodes.come_back("late") or self._bring_back("late")

    def _bring_back(self, when: str) -> bool:
        if not self._back[when]:
            return False
        self._come_back(self._back[when].pop(0))
        return True

    def _bite(self, instance: str, fault: Fault) -> None:
        match fault.do:
            case "kill" | "pause":
                self._strike(instance, fault)
            case "add":
                known = [who for who, s in self._service_of.items() if s == fault.service]
                self._start(fault.service, f"{fault.service}-{len(known) + 1}", by=instance)
            case "remove":
                self._rest.doom(instance)
            case "kill node" | "pause node":
                self._nodes.bite(fault)
                self._tell(orders.Resume(instance))

    def _strike(self, instance: str, fault: Fault) -> None:
        self._struck[instance] = fault
        if fault.back != "never":
            self._rest.will_return(instance)

    def _take_span(self, span: Span) -> None:
        who = span.instance
        match span.operation:
            case "process" | "skip" if span.envelope is not None:
                self._deliver(span)
            case "started":
                self._service_of[who] = span.service
                self._returning.discard(who)
            case "crashed" | "paused" if who in self._struck:
                fault = self._struck.pop(who)
                if span.operation == "paused":
                    self._paused.add(who)
                if fault.back == "once":
                    self._come_back(who)
                elif fault.back != "never":
                    self._back[fault.back].append(who)

    def _deliver(self, span: Span) -> None:
        """Count a delivery. One that is to end in a kill is not over when it is committed."""
        assert span.envelope is not None
        message = span.envelope.message
        counts = self._delivered[span.service]
        counts[message.name, message.key] += 1
        nth = counts[message.name, message.key]
        if span.operation == "process" and span.position is not None:
            for fault in self._faults:
                is_it = fault.service == span.service and fault.on and fault.on.is_met(message, nth)
                if is_it and fault.do == "kill" and fault.at == "settled":
                    self._rest.doom(span.instance)

    def _come_back(self, instance: str) -> None:
        service = self._service_of[instance]
        if instance in self._paused:
            self._paused.discard(instance)
            self._rest.expect(instance, service)
            self._tell(orders.Resume(instance))
        else:
            self._returning.add(instance)
            self._start(service, instance, by=instance)
            # What it was given before is lost with it. What comes after this order, it gets.
            for envelope in [e for to, e in self._inbox.values() if to == instance]:
                self._tell(orders.Handle(instance, [envelope]))

    def _start(self, service: str, instance: str, by: str) -> None:
        self._rest.expect(instance, service)
        counts = self._delivered[service].items()
        delivered = [[name, key, count] for (name, key), count in counts]
        self._tell(orders.Start(service, instance, by, delivered))
