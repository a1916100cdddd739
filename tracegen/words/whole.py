"""What is said of an order as a whole: how it ended, what it took, and who knows where it is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tracegen.acts import NEW, Absence, Act, Row, Skip, Step, status_of
from tracegen.english import capital, times
from tracegen.flows import BUSINESS_STEPS
from tracegen.services import orchestrator
from tracegen.texts import _, later, ngettext
from tracegen.trace import Trace, outcomes
from tracegen.trace.alive import down, paused
from tracegen.trace.model import DEAD_LETTERS

DONE = {
    "charge": later("charged"),
    "refund": later("refunded"),
    "ship": later("shipped"),
    "email": later("e-mailed"),
}
"""What the world outside did, by the effect that asked for it."""
ENDED = (
    later("shipped"), later("refunded"), later("cancelled"), later("unfinished"),
    later("shipped and refunded"),
)  # fmt: skip
"""How an order ended, as `tracegen.outside.Outcome` has it."""
DUE: Mapping[str, str] = {"paid": "charge", "shipped": "ship"}
"""The effect that a business step is about."""
ASK = {
    2: later("Ask both: {said}"),
    3: later("Ask all three: {said}"),
    4: later("Ask all four: {said}"),
    5: later("Ask all five: {said}"),
}
STEPS: Mapping[str, tuple[str, str]] = {
    # Of each business step: how it is called, and how where nobody reached it.
    "placed": (later("placed"), later("not placed")),
    "paid": (later("paid"), later("not paid")),
    "shipped": (later("shipped"), later("not shipped")),
    "done": (later("done"), later("not done")),
}


def conclusion(trace: Trace, steps: Iterable[Step]) -> str:
    """How the run of one order ended in this style, in one or two lines.

    Args:
        trace: The recording.
        steps: All steps of the order, at least one.
    """
    found = sorted(steps, key=lambda step: step.span.seq)
    key = found[-1].span.key or ""
    often = [
        _("{order} was {done} {times}.").format(
            order=key, done=_(DONE[entry.name]), times=times(entry.times)
        )
        for entry in trace.header.ledger
        if entry.key == key and entry.times > 1
    ]
    return " ".join([_ending(trace, found, outcomes(trace)[key]), *often])


def closing(trace: Trace, steps: Iterable[Step]) -> Step:
    """The step that shows how the run of one order ended; as `conclusion` tells it."""
    found = sorted(steps, key=lambda step: step.span.seq)
    acts = [step for step in found if isinstance(step, Act)]
    said = [s for s in acts if s.directs and s.is_news and s.status in orchestrator.FINAL]
    alarms = [step for step in acts if not step.directs and step.fired is not None and step.sent]
    left = [step for step in found if _left(step, trace)]
    is_unfinished = outcomes(trace)[found[-1].span.key or ""] == "unfinished"
    is_left = is_unfinished or bool(acts and acts[-1].is_mute)
    return (said or alarms or (left if is_left else []) or found)[-1]


def _ending(trace: Trace, found: Sequence[Step], ended: str) -> str:
    done = [step for step in found if isinstance(step, Act)]
    said = [s for s in done if s.directs and s.is_news and s.status in orchestrator.FINAL]
    if said:
        told = _("Ends when the orchestrator says so: {status}.").format(status=said[-1].status)
        both = _("Both the parcel and the money are with the customer.")
        return f"{told} {both}" if ended == "shipped and refunded" else told
    if any(step.directs for step in done):
        held = next(step.status for step in reversed(done) if step.directs)
        return _("Does not end: the orchestrator holds it as {status}.").format(status=held)
    if ended == "unfinished":
        return _unfinished(trace, found, done)
    if done and done[-1].is_mute:
        said_by = _("Ends in silence: {who} tells nobody, and nobody waits for it.")
        return said_by.format(who=_the(done[-1].label))
    if ended in ("cancelled", "refunded"):
        quietly = _("Ends when nobody emits any more: the order is {ended}. No one announces it.")
        return quietly.format(ended=_(ended))
    looped = [step for step in found if isinstance(step, Skip) and step.buried is not None]
    if looped:
        name = looped[-1].span.message_name
        return _("The order is {ended}. {name} ends in {topic}, and no one is told.").format(
            ended=_(ended), name=name, topic=DEAD_LETTERS
        )
    return _("Ends when nobody emits any more. No one announces it.")


def _unfinished(trace: Trace, found: Sequence[Step], done: Sequence[Act]) -> str:
    """Why nothing more comes where nobody directs, and who tells."""
    alarms = [step for step in done if step.fired is not None and step.sent]
    why = next(filter(None, (_left(step, trace) for step in reversed(found))), "")
    if alarms:
        head = _("Ends with an alarm: the {who} sends {name}.").format(
            who=_(alarms[-1].label), name=alarms[-1].sent[0].message_name
        )
        return f"{head} {capital(why)}." if why else head
    if not why:
        return _("Does not end, and no one is told.")
    return _("Ends in silence: {why}, and no one is told.").format(why=why)


def _left(step: Step, trace: Trace) -> str:
    """What was left undone at a step; empty where nothing was."""
    name, topic, said = step.span.message_name, step.span.topic, ""
    if isinstance(step, Absence):
        if step.why == "misspelt":
            said = _("{name} stands in {topic}, which nobody reads")
        elif step.why != "no group":
            said = _("{name} waits unread in {topic}")
        return said.format(name=name, topic=topic)
    if isinstance(step, Skip):
        if step.buried is not None:
            return _("{name} lies in {topic}").format(name=name, topic=DEAD_LETTERS)
        if step.span.fault == "lose":
            said = _("{name} was lost before {who}")
    elif step.cut is not None:
        said = _("{who} was killed over {name}")
    elif step.is_mute:
        said = _("{who} told nobody")
    return said.format(name=name, who=_the(step.label))


def _the(label: str) -> str:
    """Who, within a sentence."""
    return label if len(label) == 1 else _("the {who}").format(who=_(label))


def counts(trace: Trace, key: str) -> tuple[int, int]:
    """How many records, on how many topics, one order took."""
    sent = [s for s in trace.spans if s.operation in ("send", "bury") and s.key == key]
    return len(sent), len({span.topic for span in sent})


def kinds(trace: Trace, key: str) -> Counter[str]:
    """How many records of each kind an order took: events, commands, replies, and odd ones."""
    found: Counter[str] = Counter()
    for span in (span for span in trace.spans if span.key == key and span.envelope is not None):
        assert span.envelope is not None
        if span.operation == "bury":
            found["dead letter"] += 1
        elif span.operation == "send":
            back = " taken back" if trace.is_aborted(span) else ""
            found[f"{span.envelope.message.kind}{back}"] += 1
    return found


def of_kind(kind: str, count: int) -> str:
    """So many records of a kind, as `kinds` has it."""
    said = {
        "event": ngettext("{count} event", "{count} events", count),
        "command": ngettext("{count} command", "{count} commands", count),
        "reply": ngettext("{count} reply", "{count} replies", count),
        "event taken back": ngettext(
            "{count} event taken back", "{count} events taken back", count
        ),
        "command taken back": ngettext(
            "{count} command taken back", "{count} commands taken back", count
        ),
        "reply taken back": ngettext(
            "{count} reply taken back", "{count} replies taken back", count
        ),
        "dead letter": ngettext("{count} dead letter", "{count} dead letters", count),
    }
    return said[kind].format(count=count)


def whereabouts(trace: Trace, key: str) -> tuple[tuple[str, str], ...]:
    """Who can say what of an order at the end: (label, status) for each that has heard of it.

    Who is down or paused cannot be asked, and what was not kept is forgotten.
    """
    flow = trace.flow
    gone = down(trace.spans) | paused(trace.spans)
    known: dict[str, str] = {}
    for span in trace.spans:
        if span.operation != "process" or span.key != key or span.service in gone:
            continue
        if status_of(span) != NEW and trace.is_kept(span):
            known[flow.participant(span.service).label] = status_of(span)
    return tuple((p.label, known[p.label]) for p in flow.participants if p.label in known)


def where_is(trace: Trace, key: str) -> str:
    """Answer "where is this order?" at the end, from those who have to be asked."""
    return answer(dict(whereabouts(trace, key)))


def answer(known: Mapping[str, str]) -> str:
    """Say where an order is, by what each has heard of it: status by label."""
    if not known:
        return _("Nobody has heard of it.")
    if "orchestrator" in known:
        return f"{capital(_('orchestrator'))}: {known['orchestrator']}"
    if len(known) == 1:
        label, status = next(iter(known.items()))
        return _("Ask {who}: {status}").format(who=_(label), status=status)
    said = ", ".join(f"{_(label)} {status}" for label, status in known.items())
    ask = ASK.get(len(known))
    return (_(ask) if ask else _("Ask all {count}: {said}")).format(count=len(known), said=said)


def band_titles(rows: Iterable[Row]) -> dict[str, str]:
    """What the business steps are called here: a step that nobody reached says so."""
    rows = tuple(rows)
    titles = {name: _(STEPS[name][0]) for name in BUSINESS_STEPS}
    for name, effect in DUE.items():
        here = [s for r in rows if r.step == name for s in (r.choreography, r.orchestration) if s]
        done = [e.name for s in here if isinstance(s, Act) for e in s.effects]
        if here and effect not in done:
            titles[name] = _(STEPS[name][1])
    return titles


def done(trace: Trace, key: str) -> str:
    """Say what the world outside did for an order, by its ledger."""
    entries = [entry for entry in trace.header.ledger if entry.key == key]
    said = _("{done} {times}")
    told = (said.format(done=_(DONE[e.name]), times=times(e.times)) for e in entries)
    return ", ".join(told) or _("nothing")
