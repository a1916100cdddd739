"""Which faults wait for a delivery, and how many deliveries there were."""

from collections import Counter
from collections.abc import Iterable

from tracegen.faults import Fault
from tracegen.message import Envelope
from tracegen.runtimes.port import Delivered


class Biting:
    """The faults of one service. Deliveries are counted by message and order."""

    def __init__(
        self, service: str, faults: Iterable[Fault], delivered: Delivered | None = None
    ) -> None:
        """Keep those that wait for a delivery to the service.

        Args:
            service: Which.
            faults: Of its style.
            delivered: What was counted so far; goes on to be counted in.
        """
        self._faults = tuple(f for f in faults if f.service == service and f.on is not None)
        self._delivered = Counter() if delivered is None else delivered

    def at(self, envelope: Envelope) -> dict[str, Fault]:
        """Count a delivery, and give the faults that wait for it, by what they do."""
        if not self._faults:
            return {}
        same = envelope.message.name, envelope.message.key
        self._delivered[same] += 1
        nth = self._delivered[same]
        return {f.do: f for f in self._faults if f.on and f.on.is_met(envelope.message, nth)}

    def holds_back(self, envelope: Envelope) -> bool:
        """Whether a fault makes the coming delivery late. Asking counts as no delivery."""
        upcoming = self._delivered[envelope.message.name, envelope.message.key] + 1
        return any(
            fault.do == "late" and fault.on and fault.on.is_met(envelope.message, upcoming)
            for fault in self._faults
        )
