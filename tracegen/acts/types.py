"""Steps, and what each is called. A title follows from what is recorded, and from nothing else."""

from dataclasses import dataclass
from typing import Literal

from tracegen.acts.names import DOES, NOTES, SAYS
from tracegen.english import capital, joined
from tracegen.message import Effect
from tracegen.services import orchestrator
from tracegen.texts import _
from tracegen.trace import Span

NEW = "new"
"""The state of a service that has not heard of the order."""

Reached = Literal["nothing", "done", "told", "noted"]
"""How far a handling came that a crash cut short: it had done nothing; its effects; had sent what
it sends; had kept its state. Never the commit: then it is not cut short."""


@dataclass(frozen=True)
class Deed:
    """What the world outside made of one effect."""

    effect: Effect
    nth: int
    """How often it has been done for the order by now."""
    is_known: bool
    """The world outside knew its key, and did it no second time."""

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        done, again, asked = DOES[self.effect.name]
        return _(asked if self.is_known else done if self.nth == 1 else again)


@dataclass(frozen=True)
class Act:
    """One participant handled one message of the order."""

    step: str
    """The business step it works on, one of `BUSINESS_STEPS`."""
    span: Span
    """The `process` span: who, what was read and where, the state afterwards."""
    label: str
    """A, B, C or orchestrator."""
    sent: tuple[Span, ...]
    effects: tuple[Effect, ...]
    """What it asked of the world outside."""
    timer: Span | None
    """The timer that it set."""
    fired: Span | None
    """The timer whose message it handled; `None` if it handled a record."""
    settled: Span | None
    """The commit of the offset; `None` for what does not come over Kafka."""
    asked: tuple[str, ...]
    """Labels of those who read the commands that it sent."""
    anchor: str
    """Of the step on the page. Named by cause, so it survives another run."""
    cut: Span | None = None
    """The crash that cut it short; what was not done then is missing above."""
    delivery: int = 1
    """Which delivery of the same message to this service it is, from 1."""
    deeds: tuple[Deed, ...] = ()
    """What became of `effects`."""
    resent: tuple[Span, ...] = ()
    """Those of `sent` that had been sent before, under the same id."""
    is_news: bool = True
    """Whether it changed what the service holds of the order."""
    was_told: bool = False
    """It had handled a message of that name before."""
    directs: bool = False
    """The service tells others what to do."""
    has_refunded: bool = False
    """The money had gone back before."""
    is_kept: bool = True
    """What it noted outlives it: no crash came before that."""

    @property
    def status(self) -> str:
        """What the service now holds of the order."""
        return status_of(self.span)

    @property
    def reached(self) -> Reached:
        """How far it came before a crash, by what is recorded."""
        if self.cut is not None and self.cut.reason == "saved":
            return "noted"
        if self.sent:
            return "told"
        return "done" if self.effects else "nothing"

    @property
    def has_waited(self) -> bool:
        """A wait is over. A timer of no length is none: it does next what was noted first."""
        return self.fired is not None and bool(self.fired.after_ms)

    @property
    def is_mute(self) -> bool:
        """It told nobody, on purpose of the scenario; who begins to wait has nothing to tell."""
        is_waiting = self.timer is not None and not self.directs
        return self.span.fault == "mute" and not self.sent and not is_waiting

    @property
    def title(self) -> str:
        """What it did, in a few words that follow from the recording."""
        who = capital(_(self.label))
        if self.cut is not None:
            return f"{who} {self._until_killed()}"
        if self.is_mute:
            said = _("{does} and tells nobody") if self.effects else _("tells nobody")
            return f"{who} {said.format(does=self._did())}"
        if self.effects:
            return f"{who} {self._did()}"
        if self.has_waited and not self._repeats() and self.directs:
            return _("Time-out fires")
        if self.directs and self.status in orchestrator.FINAL and self.is_news:
            return f"{who}: {self.status}"
        return f"{who} {self._said()}"

    def _did(self) -> str:
        return joined(deed.title for deed in self.deeds)

    def _repeats(self) -> bool:
        """A time-out after which it does more than to give up: it asks again, or asks to stop."""
        names = {span.message_name for span in self.sent}
        return bool(self.resent) or "StopShipment" in names or not self.is_news

    def _said(self) -> str:
        """What it did without doing anything to the world outside."""
        if self.span.parent is None:
            return _("tells it again") if self.resent else _("places the order")
        if self.asked:
            stops = any(span.message_name == "StopShipment" for span in self.sent)
            again = _("asks {who} to stop again") if stops else _("asks {who} again")
            once = _("asks {who} to stop") if stops else _("asks {who}")
            return (again if self.resent else once).format(who=joined(map(_, self.asked)))
        if self.sent:
            return _("answers again") if self.resent else self._told(self.sent[0])
        if self.is_news:
            noted = NOTES.get(self.status)
            return _(noted) if noted else _("notes: {status}").format(status=self.status)
        return self._heard()

    def _told(self, span: Span) -> str:
        if span.message_name == "OrderOverdue":
            return _("tells that {order} is overdue").format(order=span.key)
        if span.message_name == "PaymentRefunded" and not self.has_refunded:
            return _("has nothing to give back")
        said = SAYS.get(span.message_name)
        return _(said) if said else _("tells of it")

    def _heard(self) -> str:
        """It did nothing at all."""
        if not self.directs:
            return _("does nothing")
        if self.fired is not None:
            return _("asks no more")
        return _("knows it already") if self.was_told else _("gets it too late")

    def _until_killed(self) -> str:
        reached, does = self.reached, self._did() if self.effects else ""
        if reached == "nothing" and self.span.topic is None:
            return _("begins, then is killed")
        if reached == "nothing":
            return _("reads, then is killed")
        if reached == "noted" and not (self.sent or self.effects):
            return _("notes it, then is killed")
        if reached == "noted" and self.effects:
            said = _("{does}, tells and notes it, then is killed")
        elif reached == "noted":
            said = _("{does} and notes it, then is killed")
        elif self.effects and reached == "told":
            said = _("{does} and tells, then is killed")
        else:
            said = _("{does}, then is killed")
        return said.format(does=does or self._said())


@dataclass(frozen=True)
class Skip:
    """A record of the order that was read and not handled."""

    step: str
    span: Span
    """The `skip` span: what was read and where, the reason, the fault behind it if any."""
    label: str
    buried: Span | None
    """Where it stands in the dead-letter topic."""
    settled: Span | None
    anchor: str
    attempt: int = 1
    """Which attempt to handle it this was."""
    attempts: int = 1
    """How many there were."""
    cut: Span | None = None
    """The crash that cut it short."""

    @property
    def title(self) -> str:
        """What became of it, in a few words."""
        who = capital(_(self.label))
        if self.buried is not None:
            return _("{who} puts it aside").format(who=who)
        if self.span.fault == "lose":
            return _("{who} never sees it").format(who=who)
        return _("{who} fails: attempt {nth} of {count}").format(
            who=who, nth=self.attempt, count=self.attempts
        )


Why = Literal["no group", "down", "paused", "unread", "misspelt"]
"""No group reads the topic; every instance of the group is gone, or paused; none of that, and yet
nobody read it; the topic is none of the flow's, so no group ever will."""


@dataclass(frozen=True)
class Absence:
    """A record of the order that nobody handled."""

    step: str
    span: Span
    """The `send` span of the record."""
    service: str | None
    """The group that should have read it. `None`: no group reads its topic."""
    label: str
    """C, or `nobody`."""
    why: Why
    anchor: str

    @property
    def is_waiting(self) -> bool:
        """There is a group that would read it, if it could."""
        return self.why in ("down", "paused", "unread")

    @property
    def title(self) -> str:
        """What did not happen, in a few words."""
        said = {
            "no group": _("It just stops"),
            "misspelt": _("Nobody reads it there"),
            "down": _("{who} is down"),
            "paused": _("{who} is paused"),
            "unread": _("{who} does not read it"),
        }[self.why]
        return said.format(who=capital(_(self.label)))


Step = Act | Skip | Absence


Matched = Literal["", "same", "differs", "only left", "only right"]
"""How two runs of one style compare in a row; empty where the two sides are styles."""


@dataclass(frozen=True)
class Row:
    """One line across both styles: the same business step, and where it can be the same service."""

    number: int
    """From 1; the same number names the same row in every view of a page."""
    step: str
    choreography: Step | None
    """On the left."""
    orchestration: Step | None
    """On the right; of the same style as the left one where two runs of one style are level."""
    mark: Matched = ""

    def of(self, side: str) -> Step | None:
        """The step of one side; `None`: there is nothing on that side."""
        return self.choreography if side == "choreography" else self.orchestration


def status_of(span: Span) -> str:
    """The status in a `process` span's state; `new` where there is no state."""
    if isinstance(span.state, dict) and isinstance(span.state.get("status"), str):
        return str(span.state["status"])
    return NEW
