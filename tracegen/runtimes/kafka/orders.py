"""What the coordinator tells supervisors, over the run's `control` topic: one order a record."""

import json
from dataclasses import dataclass
from typing import Any, get_args

from tracegen.runtimes.kafka.wire import WireError

VERSION = 2


@dataclass(frozen=True, slots=True)
class Begin:
    """The first order of a run: what it is, so that nobody joins it with other code."""

    scenario: str
    style: str
    variant: str
    partition_count: int
    digest: str
    """Of the services, the flow and the scenario; see `tracegen.scenario.digest`."""
    faults: list[Any]
    """Those of the style, as `dataclasses.asdict` writes them."""


@dataclass(frozen=True, slots=True)
class Handle:
    """Deal with messages from outside."""

    instance: str
    envelopes: list[Any]
    """As `lines.envelope` writes them."""


@dataclass(frozen=True, slots=True)
class Fire:
    """Let a timer fire. Whichever instance of the service has it does so."""

    service: str
    ref: str


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL an instance."""

    instance: str
    fault: Any
    """Why, as `dataclasses.asdict` writes it."""


@dataclass(frozen=True, slots=True)
class Pause:
    """SIGSTOP an instance."""

    instance: str
    fault: Any
    """Why, as `dataclasses.asdict` writes it."""


@dataclass(frozen=True, slots=True)
class Resume:
    """SIGCONT an instance that was paused, or let one that stands still go on."""

    instance: str


@dataclass(frozen=True, slots=True)
class Start:
    """Start an instance, or start one again that is gone."""

    service: str
    instance: str
    by: str
    """Whoever runs the instance of this name starts it."""
    delivered: list[Any]
    """How often each message was delivered to the service: name, order, count."""


@dataclass(frozen=True, slots=True)
class Release:
    """Let what an instance holds back as late come now."""

    instance: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The run is over; every instance ends."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The coordinator lives."""


Order = Begin | Handle | Fire | Kill | Pause | Resume | Start | Release | Stop | Beat
_KINDS: dict[str, type[Order]] = {kind.__name__.lower(): kind for kind in get_args(Order)}


def dump(order: Order) -> bytes:
    """Write an order as a record's value."""
    fields = {name: getattr(order, name) for name in order.__slots__}
    named = {"version": VERSION, "order": type(order).__name__.lower()}
    return json.dumps({**named, **fields}, separators=(",", ":")).encode()


def parse(value: bytes | None, where: str) -> Order:
    """Read an order.

    Raises:
        WireError: It is none, or one of another version of tracegen.
    """
    try:
        fields = json.loads(value or b"")
        version, name = fields.pop("version"), fields.pop("order")
        if version != VERSION:
            raise ValueError(f"version {version!r:.20}, not {VERSION}: use one tracegen everywhere")
        return _KINDS[name](**fields)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError(f"{where}: no order of a coordinator: {error!r:.200}") from error
