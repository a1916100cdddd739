"""What else the recording shows at a step, in one or two short sentences."""

from tracegen.acts import Absence, Act, Skip, Step, status_of
from tracegen.english import capital, times
from tracegen.services import orchestrator
from tracegen.texts import _, decimal, later
from tracegen.trace import Trace
from tracegen.trace.model import DEAD_LETTERS
from tracegen.trace.spans import READS
from tracegen.words.whole import DONE

KNOWN = {
    # Of each effect: that the world outside knew it, and did it no second time.
    "charge": later("The bank knows the id and takes nothing."),
    "refund": later("The bank knows the id and gives nothing."),
    "ship": later("The carrier knows the id and takes no second parcel."),
    "email": later("The mail service knows the id and writes nothing."),
}
REFUSED = {
    "declined": later("The bank says no, and takes nothing."),
    "failed": later("The carrier does not take the parcel."),
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
    sent = ", ".join(span.message_name for span in step.sent)
    if any(trace.is_aborted(span) for span in step.sent):
        said = _("{name} was part of a transaction and is taken back: no group ever reads it.")
        kept = _("What was done outside Kafka stays done.") if step.effects else ""
        return f"{said.format(name=sent)} {kept}".rstrip()
    over_kafka, plain = {
        "nothing": (
            _("Nothing is done, and the offset is not committed: {what}"),
            _("Nothing is done: {what}"),
        ),
        "done": (
            _("Nobody is told, nothing is noted, and the offset is not committed: {what}"),
            _("Nobody is told, nothing is noted: {what}"),
        ),
        "noted": (
            _("It is noted, and the offset is not committed: {what}"),
            _("It is noted: {what}"),
        ),
        "told": (
            _("{name} is out, and the offset is not committed: {what}"),
            _("{name} is out: {what}"),
        ),
    }[step.reached]
    is_again = comes_again(step, trace)
    what = _("{name} comes again.") if is_again else _("{name} stays unhandled.")
    said = over_kafka if step.span.topic is not None else plain
    return said.format(name=sent, what=what.format(name=step.span.message_name))


def _again(step: Act) -> str:
    """That it was delivered before, and what came of it."""
    said = []
    for deed in step.deeds:
        if deed.is_known:
            said.append(_(KNOWN[deed.effect.name]))
        elif deed.nth > 1:
            done = _(DONE[deed.effect.name])
            text = _("{order} has now been {done} {times}.")
            said.append(text.format(order=step.span.key, done=done, times=times(deed.nth)))
    if step.delivery > 1 and (said or step.sent):
        said.insert(0, _("The same {name} once more.").format(name=step.span.message_name))
    return " ".join(said)


def _waited(step: Act, trace: Trace) -> str:
    """Which wait is over, and what follows."""
    if step.fired is None or step.fired.after_ms is None:
        return ""
    if not step.fired.after_ms:
        return _("It acts on what it has noted.")
    setter = trace.parent(step.fired)
    waited = decimal(step.fired.after_ms / 1000)
    if not step.directs:
        told = setter.message_name if setter is not None else _("the beginning")
        return _("No end within {seconds} s of {what}.").format(seconds=waited, what=told)
    status = step.status if not step.is_news else status_of(setter or step.span)
    said = _("No reply within {seconds} s while {status}.").format(seconds=waited, status=status)
    more = ""
    if step.resent:
        more = _("The same {name} goes out again, under its id.")
        more = more.format(name=step.resent[0].message_name)
    elif step.timer is not None and not step.timer.after_ms:
        more = _("It notes {status} first, and acts on it next.").format(status=step.status)
    elif not step.sent:
        more = _("It sets no further timer.")
    return f"{said} {more}".rstrip()


def _answered(step: Act, trace: Trace) -> str:
    """Why it answered as it did, or why nobody hears of it."""
    if step.is_mute:
        return _("It sends nothing, so nobody can hear of it.")
    if step.span.fault == "refuse":
        return _(REFUSED.get(step.status, ""))
    if step.directs and step.status in orchestrator.FINAL and not step.sent:
        return _ended(step)
    if step.span.message_name == "StopShipment" and step.status == "shipped":
        return _("The parcel has left; it cannot be stopped.") if step.is_news else ""
    names = {span.message_name for span in step.sent}
    if "PaymentRefunded" in names and not (step.effects or step.resent or step.has_refunded):
        charged = any(s.effect is not None and s.effect.name == "charge" and s.key == step.span.key
                      for s in trace.spans[: step.span.seq])  # fmt: skip
        unknown = _("{who} knows of no payment.").format(who=_(step.label))
        return unknown if charged else _("No money had been taken.")
    return ""


def _ended(step: Act) -> str:
    if step.is_news:
        return _("It was the last reply it was waiting for.")
    if step.was_told:
        return ""
    return _("It holds the order as {status} and waits for no {name}.").format(
        status=step.status, name=step.span.message_name
    )


def _wrote(step: Act, trace: Trace) -> str:
    """That it wrote where nobody reads, without meaning to."""
    wrong = [s.topic for s in step.sent if s.topic is not None and s.topic not in trace.flow.topics]
    if not wrong:
        return ""
    said = _("{topic} is misspelt. The topic was not there; it was made for this record.")
    return said.format(topic=wrong[0])


def _of_skip(step: Skip) -> str:
    reason = step.span.reason or ""
    goes_on = _("{who} goes on.").format(who=capital(_(step.label)))
    if step.buried is not None:
        said = _("It stands in {topic} now, with the reason: {reason}.")
        return f"{said.format(topic=DEAD_LETTERS, reason=reason)} {goes_on}"
    said = f"{capital(reason)}." if reason else ""
    return f"{said} {goes_on}" if step.settled is not None else said


def _of_absence(step: Absence, trace: Trace) -> str:
    name, topic = step.span.message_name, step.span.topic
    if step.why == "no group":
        handled = trace.parent(step.span)
        woke = trace.parent(handled) if handled is not None else None
        is_alarm = woke is not None and woke.operation == "timer"
        said = _("No group reads {topic}.").format(topic=topic)
        return said if is_alarm else f"{said} {_('No one announces it.')}"
    if step.why == "misspelt":
        meant = trace.flow.message(name).topic
        readers = trace.header.readers(meant)
        label = trace.flow.participant(readers[0]).label if len(readers) == 1 else ""
        said = _("{name} stands in {topic}.").format(name=name, topic=topic)
        who = _("{who} reads {topic}.").format(who=capital(_(label)), topic=meant)
        return f"{said} {who}" if label else said
    return _("{name} waits unread in {topic}.").format(name=name, topic=topic)
