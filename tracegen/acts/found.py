"""The steps of one order, found in a trace."""

from collections import Counter
from dataclasses import dataclass, field, replace

from tracegen.acts.anchors import order_of, slug
from tracegen.acts.types import Absence, Act, Deed, Skip, Step, Why
from tracegen.flows import BUSINESS_STEPS, Flow
from tracegen.message import Effect
from tracegen.trace import Span, Trace
from tracegen.trace.alive import down, paused


def steps(trace: Trace, order: str | None = None) -> tuple[Step, ...]:
    """What was done, and what was left undone, for one order, in causal order.

    A step works on the business step that its message is declared for, or on the one that had come
    by then: nothing stands above what led to it, nor above the end of a wait that was over before,
    nor above what the same service did before.

    Args:
        trace: A recording.
        order: Its id. `None`: the first order of the recording.

    Raises:
        UsageError: The recording has no such order.
        FlowError: The recording names a message that its flow does not declare.
    """
    key = order_of(trace, order)
    flow = trace.flow
    spans = [span for span in trace.spans if span.key == key]
    found: list[Step] = [*_acts(trace, flow, spans), *_skips(trace, flow, spans)]
    gone: dict[str, Why] = dict.fromkeys(down(trace.spans), "down")
    gone |= dict.fromkeys(paused(trace.spans), "paused")
    for span in (span for span in spans if span.operation == "send"):
        if not trace.is_aborted(span) and span.position is not None:
            found += _absences(trace, flow, span, gone)
    found.sort(key=lambda step: step.span.seq)
    found = _placed(trace, found)
    found.sort(key=lambda step: BUSINESS_STEPS.index(step.step))
    return _named(tuple(found), trace, key)


def hears_all(trace: Trace, service: str) -> bool:
    """Whether a service hears from every other one that sends, and so keeps the whole order.

    Who has a part of the work keeps that part alone, whatever it hears.
    """
    if trace.flow.participant(service).letter:
        return False
    read = trace.header.groups.get(service, ())
    messages = trace.flow.messages
    sent = [m for m in messages if m.sender not in (None, service) and m.topic is not None]
    return {m.sender for m in sent} == {m.sender for m in sent if m.topic in read}


@dataclass
class _History:
    """What had happened before an act: it decides whether something happens again."""

    held: dict[str, object] = field(default_factory=dict)
    """By service, what it holds of the order."""
    deliveries: Counter[tuple[str, str]] = field(default_factory=Counter)
    heard: set[tuple[str, str]] = field(default_factory=set)
    """Service and name of the message."""
    sent: set[str] = field(default_factory=set)
    """Ids of messages."""
    done: Counter[str] = field(default_factory=Counter)
    """By name of the effect, how often the world outside did it."""
    known: set[tuple[str, str]] = field(default_factory=set)
    """Effects whose key the world outside knows."""

    def deed(self, effect: Effect) -> Deed:
        """What the world outside makes of an effect; as `tracegen.outside.ledger` counts."""
        key = effect.idempotency_key
        is_known = key is not None and (effect.name, key) in self.known
        self.done[effect.name] += not is_known
        if key is not None:
            self.known.add((effect.name, key))
        return Deed(effect, self.done[effect.name], is_known)


def _acts(trace: Trace, flow: Flow, spans: list[Span]) -> list[Act]:
    """What was handled, without the events that a service heard and did nothing about.

    A group sees every record of a topic that it reads. Steps without any effect would bury those
    that matter.
    """
    history = _History()
    found = []
    for span in (span for span in spans if span.operation == "process"):
        act = _act(trace, flow, span, history)
        assert span.envelope is not None
        is_idle = not (act.sent or act.effects or act.timer or act.is_news or act.cut or act.fired)
        if not (is_idle and span.envelope.message.kind == "event"):
            found.append(act)
    return found


def _act(trace: Trace, flow: Flow, span: Span, history: _History) -> Act:
    assert span.envelope is not None
    parent, cut = trace.parent(span), trace.cut(span)
    sent = trace.children(span, "send")
    commands = [s for s in sent if s.envelope and s.envelope.message.kind == "command"]
    same = span.service, span.envelope.message_id
    history.deliveries[same] += 1
    told = span.service, span.message_name
    was_told = told in history.heard
    history.heard.add(told)
    has_refunded = history.done["refund"] > 0
    resent = tuple(s for s in sent if s.envelope and s.envelope.message_id in history.sent)
    history.sent |= {s.envelope.message_id for s in sent if s.envelope and not trace.is_aborted(s)}
    is_news = history.held.get(span.service) != span.state
    is_kept = trace.is_kept(span)
    if is_kept:  # Else it forgets, and told again it is news again.
        history.held[span.service] = span.state
    effects = tuple(s.effect for s in trace.children(span, "effect") if s.effect)
    return Act(
        step=flow.message(span.message_name).step,
        span=span,
        label=flow.participant(span.service).label,
        sent=sent,
        effects=effects,
        timer=next(iter(trace.children(span, "timer")), None),
        fired=parent if parent is not None and parent.operation == "timer" else None,
        settled=next(iter(trace.children(span, "settle")), None),
        asked=tuple(
            flow.participant(reader).label  # By what is meant: the topic may be misspelt.
            for sending in commands
            for reader in flow.readers(flow.message(sending.message_name).topic or "")
        ),
        anchor="",
        cut=cut,
        delivery=history.deliveries[same],
        deeds=tuple(history.deed(effect) for effect in effects),
        resent=resent,
        is_news=is_news,
        was_told=was_told,
        directs=any(m.kind == "command" and m.sender == span.service for m in flow.messages),
        has_refunded=has_refunded,
        is_kept=is_kept,
    )


def _skips(trace: Trace, flow: Flow, spans: list[Span]) -> list[Skip]:
    """What was read and not handled; several times where a handler failed and tried again."""
    skipped = [span for span in spans if span.operation == "skip"]
    tried = Counter((s.parent, s.service) for s in spans if s.operation in ("skip", "process"))
    attempts: Counter[tuple[int | None, str]] = Counter()
    found = []
    for span in skipped:
        attempts[span.parent, span.service] += 1
        found.append(
            Skip(
                step=flow.message(span.message_name).step,
                span=span,
                label=flow.participant(span.service).label,
                buried=next(iter(trace.children(span, "bury")), None),
                settled=next(iter(trace.children(span, "settle")), None),
                anchor="",
                attempt=attempts[span.parent, span.service],
                attempts=tried[span.parent, span.service],
                cut=trace.cut(span),
            )
        )
    return found


def _absences(trace: Trace, flow: Flow, span: Span, gone: dict[str, Why]) -> list[Absence]:
    step = flow.message(span.message_name).step
    groups = trace.header.readers(span.topic)
    if not groups:
        why: Why = "no group" if span.topic in flow.topics else "misspelt"
        return [Absence(step, span, None, "nobody", why, "")]
    handled = {child.service for child in trace.children(span)}
    return [
        Absence(step, span, group, flow.participant(group).label, gone.get(group, "unread"), "")
        for group in groups
        if group not in handled
    ]


def _placed(trace: Trace, found: list[Step]) -> list[Step]:
    """Put steps, in the order of the recording, under the business step that had come by then.

    What led to a step is older, and so is a time-out: timers fire when nothing else is due.
    And what a service did before it did earlier, whatever it was about.
    """
    come: dict[int, int] = {}
    own: dict[str, int] = {}
    waited = 0
    placed: list[Step] = []
    for step in found:
        sent = step.span if isinstance(step, Absence) else trace.parent(step.span)
        led = sent.parent if sent is not None else None
        declared = BUSINESS_STEPS.index(step.step)
        here = max(declared, waited, come.get(led, 0) if led is not None else 0)
        if not isinstance(step, Absence):
            here = own[step.span.service] = max(here, own.get(step.span.service, 0))
        come[step.span.seq] = here
        if isinstance(step, Act) and step.fired is not None:
            waited = here
        placed.append(replace(step, step=BUSINESS_STEPS[here]))
    return placed


def _named(found: tuple[Step, ...], trace: Trace, key: str) -> tuple[Step, ...]:
    """Give each step its anchor; a second delivery of the same gets a number."""
    seen: Counter[str] = Counter()
    named: list[Step] = []
    for step in found:
        verb = {Act: "handles", Skip: "skips", Absence: "misses"}[type(step)]
        words = f"{trace.side} {key} {step.label} {verb} {step.span.message_name}"
        anchor = slug(f"{trace.header.scenario} {words}")
        seen[anchor] += 1
        named.append(
            replace(step, anchor=anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}")
        )
    return tuple(named)
