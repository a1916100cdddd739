"""What else the recording shows at a step, in one or two short sentences."""

from tracegen.acts import Absence, Act, Skip, Step, status_of
from tracegen.english import capital, times
from tracegen.services import orchestrator
from tracegen.trace import Trace
from tracegen.trace.model import DEAD_LETTERS
from tracegen.trace.spans import READS
from tracegen.words.whole import DONE

KNOWN = {
    # Of each effect: that the world outside knew it, and did it no second time.
    "charge": "The bank knows the id and takes nothing.",
    "refund": "The bank knows the id and gives nothing.",
    "ship": "The carrier knows the id and takes no second parcel.",
    "email": "The mail service knows the id and writes nothing.",
}
REFUSED = {
    "declined": "The bank says no, and takes nothing.",
    "failed": "The carrier does not take the parcel.",
}


def of(step: Step, trace: Trace) -> str:
    """The note of a step; empty where there is nothing to add."""
    if isinstance(step, Absence):
        return _of_absence(step, trace)
    if isinstance(step, Skip):
        return _of_skip(step)
    if step.cut is not None:
        return " ".join(filter(None, (_again(step), _killed(step, trace))))
    said = (_waited(step, trace), _again(step), _answered(step, trace), _wrote(step, trace))
    return " ".join(filter(None, said))


def comes_again(step: Act | Skip, trace: Trace) -> bool:
    """Whether what was cut short is delivered to the service once more."""
    parent = trace.parent(step.span)
    if parent is None:
        return any(s.operation == "process" and s.parent is None and s.key == step.span.key
                   and s.seq > step.span.seq for s in trace.spans)  # fmt: skip
    return any(
        later.service == step.span.service and later.seq > step.span.seq
        for later in trace.children(parent)
        if later.operation in READS
    )


def _killed(step: Act, trace: Trace) -> str:
    """What a crash left done, and what undone."""
    name = step.span.message_name
    rests = ", and the offset is not committed" if step.span.topic is not None else ""
    again = f": {name} comes again." if comes_again(step, trace) else f": {name} stays unhandled."
    match step.reached:
        case "nothing":
            return f"Nothing is done{rests}{again}"
        case "done":
            return f"Nobody is told, nothing is noted{rests}{again}"
    sent = ", ".join(span.message_name for span in step.sent)
    if any(trace.is_aborted(span) for span in step.sent):
        kept = " What was done outside Kafka stays done." if step.effects else ""
        return f"{sent} was part of a transaction and is taken back: no group ever reads it.{kept}"
    noted = "It is noted" if step.reached == "noted" else f"{sent} is out"
    return f"{noted}{rests}{again}"


def _again(step: Act) -> str:
    """That it was delivered before, and what came of it."""
    said = []
    for deed in step.deeds:
        if deed.is_known:
            said.append(KNOWN[deed.effect.name])
        elif deed.nth > 1:
            said.append(f"{step.span.key} has now been {DONE[deed.effect.name]} {times(deed.nth)}.")
    if step.delivery > 1 and (said or step.sent):
        said.insert(0, f"The same {step.span.message_name} once more.")
    return " ".join(said)


def _waited(step: Act, trace: Trace) -> str:
    """Which wait is over, and what follows."""
    if step.fired is None or step.fired.after_ms is None:
        return ""
    if not step.fired.after_ms:
        return "It acts on what it has noted."
    setter = trace.parent(step.fired)
    within = f"within {step.fired.after_ms / 1000:g} s"
    if not step.directs:
        told = setter.message_name if setter is not None else "the beginning"
        return f"No end {within} of {told}."
    status = step.status if not step.is_news else status_of(setter or step.span)
    said = f"No reply {within} while {status}."
    if step.resent:
        return f"{said} The same {step.resent[0].message_name} goes out again, under its id."
    if step.timer is not None and not step.timer.after_ms:
        return f"{said} It notes {step.status} first, and acts on it next."
    return said if step.sent else f"{said} It sets no further timer."


def _answered(step: Act, trace: Trace) -> str:
    """Why it answered as it did, or why nobody hears of it."""
    if step.is_mute:
        return "It sends nothing, so nobody can hear of it."
    if step.span.fault == "refuse":
        return REFUSED.get(step.status, "")
    if step.directs and step.status in orchestrator.FINAL and not step.sent:
        return _ended(step)
    if step.span.message_name == "StopShipment" and step.status == "shipped":
        return "The parcel has left; it cannot be stopped." if step.is_news else ""
    names = {span.message_name for span in step.sent}
    if "PaymentRefunded" in names and not (step.effects or step.resent or step.has_refunded):
        charged = any(s.effect is not None and s.effect.name == "charge" and s.key == step.span.key
                      for s in trace.spans[: step.span.seq])  # fmt: skip
        return f"{step.label} knows of no payment." if charged else "No money had been taken."
    return ""


def _ended(step: Act) -> str:
    if step.is_news:
        return "It was the last reply it was waiting for."
    if step.was_told:
        return ""
    return f"It holds the order as {step.status} and waits for no {step.span.message_name}."


def _wrote(step: Act, trace: Trace) -> str:
    """That it wrote where nobody reads, without meaning to."""
    wrong = [s.topic for s in step.sent if s.topic is not None and s.topic not in trace.flow.topics]
    if not wrong:
        return ""
    return f"{wrong[0]} is misspelt. The topic was not there; it was made for this record."


def _of_skip(step: Skip) -> str:
    reason, who = step.span.reason or "", capital(step.label)
    if step.buried is not None:
        return f"It stands in {DEAD_LETTERS} now, with the reason: {reason}. {who} goes on."
    said = f"{capital(reason)}." if reason else ""
    return f"{said} {who} goes on." if step.settled is not None else said


def _of_absence(step: Absence, trace: Trace) -> str:
    name, topic = step.span.message_name, step.span.topic
    if step.why == "no group":
        handled = trace.parent(step.span)
        woke = trace.parent(handled) if handled is not None else None
        is_alarm = woke is not None and woke.operation == "timer"
        return f"No group reads {topic}.{'' if is_alarm else ' No one announces it.'}"
    if step.why == "misspelt":
        meant = trace.flow.message(name).topic
        readers = trace.header.readers(meant)
        label = trace.flow.participant(readers[0]).label if len(readers) == 1 else ""
        who = f" {capital(label)} reads {meant}." if label else ""
        return f"{name} stands in {topic}.{who}"
    return f"{name} waits unread in {topic}."
