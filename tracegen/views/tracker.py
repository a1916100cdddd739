"""The status tracker: what stood where after each step of an order.

A timeline for each style: a column a step, none left out, a line a thing that can change. A value
stands where it changes and holds until it changes again. Both styles have all columns, since rows
have one number in both; nothing of one run stands in the other's table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tracegen.acts import NEW, Row, Step, order_of, rows
from tracegen.outside import Entry, ledger
from tracegen.texts import _, decimal
from tracegen.trace import Trace
from tracegen.views._flow_logs import Log, logs
from tracegen.views._measure import text_width
from tracegen.views._tracker_moments import Moment, is_left, moments

COLUMN_PX = 54.0
"""The least width of a column; this and the sizes of text are those of `tracker.css`."""
TEXT_PX, MONO_PX = 12.0, 11.5
PADDING_PX = 8.0

Sort = Literal["records", "committed", "lag", "commands", "state", "outside"]


@dataclass(frozen=True)
class Column:
    """The time after one step."""

    number: int
    anchor: str
    """Of the step, or of the other style's where this one does nothing. Empty for the start."""
    title: str
    idle: bool
    """This style does nothing here: its values hold."""


@dataclass(frozen=True)
class Value:
    """A cell."""

    text: str
    held: bool
    """The same as in the column before."""
    changed: bool
    """No longer what it was at the start."""
    lag: bool
    """Something is unread."""
    fault: bool
    over: bool
    """It holds long enough for its text to reach into the columns after it."""


@dataclass(frozen=True)
class Line:
    """One thing that can change."""

    sort: Sort
    label: str
    note: str
    mono: bool
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Tracker:
    """One style."""

    style: str
    ident: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Model:
    """Both styles."""

    order: str
    order_count: int
    partition_count: int
    waits: bool
    """Somewhere the order is left: it waits for somebody, or nobody has been told."""
    trackers: tuple[Tracker, ...]


def build(choreography: Trace, orchestration: Trace, *, order: str | None = None) -> Model:
    """Track one order in both styles.

    Args:
        choreography: A recording.
        orchestration: Another of the same scenario.
        order: The order to follow. `None`: the first one.

    Raises:
        UsageError: A recording has no such order.
        FlowError: A recording names what its flow does not declare.
    """
    traces = (choreography, orchestration)
    aligned = rows(choreography, orchestration, order)
    steps = [step for row in aligned for step in (row.choreography, row.orchestration)]
    return Model(
        order=order_of(choreography, order),
        order_count=len(choreography.orders()),
        partition_count=max(count for t in traces for count in t.header.topics.values()),
        waits=any(is_left(step) for step in steps),
        trackers=tuple(_tracker(trace, aligned, order_of(trace, order)) for trace in traces),
    )


def _tracker(trace: Trace, aligned: tuple[Row, ...], key: str) -> Tracker:
    style = trace.header.style
    columns = (
        Column(0, "", _("before the first step"), False),
        *(_column(r, style) for r in aligned),
    )
    times = moments(trace, aligned, key)
    groups = (
        Group(_("In Kafka"), _kafka(trace, times)),
        Group(_("Commands for {order}").format(order=key), _commands(trace, times)),
        Group(_("What each service holds of {order}").format(order=key), _states(trace, times)),
        Group(_("What the world outside did for {order}").format(order=key), _outside(times)),
    )
    first = next(column.anchor for column in columns if column.anchor)
    return Tracker(style, f"tracker-{style}-{first}", columns, tuple(g for g in groups if g.lines))


def _column(row: Row, style: str) -> Column:
    step: Step | None = row.of(style)
    shown = step or row.choreography or row.orchestration
    assert shown is not None
    return Column(row.number, shown.anchor, shown.title if step else "", step is None)


def _kafka(trace: Trace, times: tuple[Moment, ...]) -> tuple[Line, ...]:
    """Of every topic its records; of every group that reads it, how far it is and what is left."""
    lines = []
    for log in logs(trace):
        groups = trace.header.readers(log.topic)
        note = "" if groups else _("no group reads it")
        lines.append(_line("records", log.topic, times, _counter(log), note=note))
        for service in groups:
            label = _("{service} committed").format(service=service)
            lines.append(_line("committed", label, times, _reader(log, service)))
            lines.append(_lag(log, service, times))
    return tuple(lines)


def _counter(log: Log) -> Callable[[Moment], str]:
    return lambda moment: str(sum(moment.count(partition) for partition in log.partitions))


def _reader(log: Log, service: str) -> Callable[[Moment], str]:
    return lambda moment: str(sum(moment.committed(p, service) for p in log.partitions))


def _lag(log: Log, service: str, times: tuple[Moment, ...]) -> Line:
    def value(moment: Moment) -> str:
        return str(sum(moment.unread(p, service) for p in log.partitions))

    label = _("{service} lag").format(service=service)
    return _line("lag", label, times, value, fault=lambda moment: service in moment.gone())


def _commands(trace: Trace, times: tuple[Moment, ...]) -> tuple[Line, ...]:
    """What each director has told others to do: the last command, and if it was sent before."""
    flow = trace.flow
    senders = dict.fromkeys(m.sender for m in flow.messages if m.kind == "command" and m.sender)

    def value(sender: str) -> Callable[[Moment], str]:
        def text(moment: Moment) -> str:
            sent = [
                span.message_name
                for act in moment.acts
                for span in act.sent
                if act.span.service == sender
                and span.envelope is not None
                and span.envelope.message.kind == "command"
            ]
            if not sent:
                return _("none")
            again = sent.count(sent[-1])
            return sent[-1] if again == 1 else f"{sent[-1]} ({again})"

        return text

    sent = _("{service} sent")
    return tuple(
        _line("commands", sent.format(service=s), times, value(s), mono=True) for s in senders
    )


def _states(trace: Trace, times: tuple[Moment, ...]) -> tuple[Line, ...]:
    """What each service holds of the order; of one that is down or paused, that it is."""

    def value(service: str) -> Callable[[Moment], str]:
        def text(moment: Moment) -> str:
            if service in moment.gone():
                return _(moment.gone()[service])
            held = [a.status for a in moment.acts if a.span.service == service and a.is_kept]
            return held[-1] if held and held[-1] != NEW else _("not heard")

        return text

    def gone(service: str) -> Callable[[Moment], bool]:
        return lambda moment: service in moment.gone()

    participants = trace.flow.participants
    return tuple(
        _line("state", f"{p.letter} {p.name}".strip(), times, value(p.name), fault=gone(p.name))
        for p in participants
    )


def _outside(times: tuple[Moment, ...]) -> tuple[Line, ...]:
    """The ledger: money and parcels, as the bank and the carrier count them."""

    def entries(moment: Moment, name: str) -> list[Entry]:
        done = ledger(effect for act in moment.acts for effect in act.effects)
        return [entry for entry in done if entry.name == name]

    def money(name: str) -> Callable[[Moment], str]:
        def text(moment: Moment) -> str:
            cents = sum((e.amount_cents or 0) * e.times for e in entries(moment, name))
            return decimal(cents / 100, ".2f")

        return text

    def pieces(name: str) -> Callable[[Moment], str]:
        return lambda moment: str(sum(entry.times for entry in entries(moment, name)))

    def often(name: str) -> Callable[[Moment], bool]:
        return lambda moment: any(entry.times > 1 for entry in entries(moment, name))

    lines = [
        ("charge", _("money taken"), money),
        ("refund", _("money given back"), money),
        ("ship", _("parcels sent"), pieces),
    ]
    if entries(times[-1], "email"):
        lines.append(("email", _("e-mails sent"), pieces))
    return tuple(
        _line("outside", label, times, count(name), fault=often(name))
        for name, label, count in lines
    )


def _line(
    sort: Sort,
    label: str,
    times: Iterable[Moment],
    value: Callable[[Moment], str],
    *,
    note: str = "",
    mono: bool = False,
    fault: Callable[[Moment], bool] = lambda _: False,
) -> Line:
    """Fill a line: a value at each moment, and whether it is new there."""
    texts = [(value(moment), fault(moment)) for moment in times]
    cells = []
    for index, (text, faulty) in enumerate(texts):
        run = 1
        while index + run < len(texts) and texts[index + run][0] == text:
            run += 1
        lag = sort == "lag" and text != "0"
        cells.append(
            Value(
                text=text,
                held=index > 0 and texts[index - 1][0] == text,
                changed=text != texts[0][0],
                lag=lag,
                fault=faulty and (lag or sort in ("state", "outside")),
                over=run > 1 and _wide(text, mono) <= run * COLUMN_PX - PADDING_PX,
            )
        )
    return Line(sort, label, note, mono, tuple(cells))


def _wide(text: str, mono: bool) -> float:
    return text_width(text, MONO_PX if mono else TEXT_PX, mono=mono)
