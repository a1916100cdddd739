"""What is said of an order as a whole: how it ended, what it took, and who knows where it is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tracegen.acts import NEW, Absence, Act, Row, Skip, Step, status_of
from tracegen.english import capital, times
from tracegen.flows import BUSINESS_STEPS
from tracegen.services import orchestrator
from tracegen.trace import Trace, outcomes
from tracegen.trace.alive import down, paused
from tracegen.trace.model import DEAD_LETTERS

DONE = {"charge": "charged", "refund": "refunded", "ship": "shipped", "email": "e-mailed"}
"""What the world outside did, by the effect that asked for it."""
DUE: Mapping[str, str] = {"paid": "charge", "shipped": "ship"}
"""The effect that a business step is about."""
ASK = {2: "Ask both", 3: "Ask all three", 4: "Ask all four", 5: "Ask all five"}
QUIETLY = "Ends when nobody emits any more. No one announces it."


def conclusion(trace: Trace, steps: Iterable[Step]) -> str:
    """How the run of one order ended in this style, in one or two lines.

    Args:
        trace: The recording.
        steps: All steps of the order, at least one.
    """
    found = sorted(steps, key=lambda step: step.span.seq)
    key = found[-1].span.key or ""
    often = [
        f" {key} was {DONE[entry.name]} {times(entry.times)}."
        for entry in trace.header.ledger
        if entry.key == key and entry.times > 1
    ]
    return f"{_ending(trace, found, outcomes(trace)[key])}{''.join(often)}"


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
        late = " Both the parcel and the money are with the customer."
        more = late if ended == "shipped and refunded" else ""
        return f"Ends when the orchestrator says so: {said[-1].status}.{more}"
    if any(step.directs for step in done):
        held = next(step.status for step in reversed(done) if step.directs)
        return f"Does not end: the orchestrator holds it as {held}."
    if ended == "unfinished":
        return _unfinished(trace, found, done)
    if done and done[-1].is_mute:
        return f"Ends in silence: {_the(done[-1].label)} tells nobody, and nobody waits for it."
    if ended in ("cancelled", "refunded"):
        return f"Ends when nobody emits any more: the order is {ended}. No one announces it."
    looped = [step for step in found if isinstance(step, Skip) and step.buried is not None]
    if looped:
        name = looped[-1].span.message_name
        return f"The order is {ended}. {name} ends in {DEAD_LETTERS}, and no one is told."
    return QUIETLY


def _unfinished(trace: Trace, found: Sequence[Step], done: Sequence[Act]) -> str:
    """Why nothing more comes where nobody directs, and who tells."""
    alarms = [step for step in done if step.fired is not None and step.sent]
    if alarms:
        who, told = alarms[-1].label, alarms[-1].sent[0]
        head, tail = f"Ends with an alarm: the {who} sends {told.message_name}.", ""
    else:
        head, tail = "Ends in silence:", ", and no one is told."
    why = next(filter(None, (_left(step, trace) for step in reversed(found))), "")
    if not why:
        return head if alarms else "Does not end, and no one is told."
    return f"{head} {capital(why)}." if alarms else f"{head} {why}{tail}"


def _left(step: Step, trace: Trace) -> str:
    """What was left undone at a step; empty where nothing was."""
    name, topic = step.span.message_name, step.span.topic
    if isinstance(step, Absence):
        if step.why == "misspelt":
            return f"{name} stands in {topic}, which nobody reads"
        return "" if step.why == "no group" else f"{name} waits unread in {topic}"
    if isinstance(step, Skip):
        if step.buried is not None:
            return f"{name} lies in {DEAD_LETTERS}"
        return f"{name} was lost before {_the(step.label)}" if step.span.fault == "lose" else ""
    if step.cut is not None:
        return f"{_the(step.label)} was killed over {name}"
    return f"{_the(step.label)} told nobody" if step.is_mute else ""


def _the(label: str) -> str:
    """Who, within a sentence."""
    return label if len(label) == 1 else f"the {label}"


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


def plural(kind: str) -> str:
    """More than one of a kind of record."""
    first, gap, rest = kind.partition(" taken")
    return {"reply": "replies"}.get(first, f"{first}s") + gap + rest


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
        return "Nobody has heard of it."
    if "orchestrator" in known:
        return f"Orchestrator: {known['orchestrator']}"
    if len(known) == 1:
        return "".join(f"Ask {label}: {status}" for label, status in known.items())
    who = ASK.get(len(known), f"Ask all {len(known)}")
    return f"{who}: {', '.join(f'{label} {status}' for label, status in known.items())}"


def band_titles(rows: Iterable[Row]) -> dict[str, str]:
    """What the business steps are called here: a step that nobody reached says so."""
    rows = tuple(rows)
    titles = {name: name for name in BUSINESS_STEPS}
    for name, effect in DUE.items():
        here = [s for r in rows if r.step == name for s in (r.choreography, r.orchestration) if s]
        done = [e.name for s in here if isinstance(s, Act) for e in s.effects]
        if here and effect not in done:
            titles[name] = f"not {name}"
    return titles


def done(trace: Trace, key: str) -> str:
    """Say what the world outside did for an order, by its ledger."""
    entries = [entry for entry in trace.header.ledger if entry.key == key]
    return ", ".join(f"{DONE[entry.name]} {times(entry.times)}" for entry in entries) or "nothing"
