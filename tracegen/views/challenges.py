"""The problems of one kind, each folded: `docs/challenges`, read by `tracegen.challenges`.

What a problem shows is what is needed to solve it: the scenario and its trouble to predict, an
operator's view to debug, nothing to decide. Where it was recorded is told after the answer.
"""

from dataclasses import dataclass
from pathlib import Path

from tracegen import challenges, scenario
from tracegen.challenges import KINDS, Challenge, Drill, Searched
from tracegen.claims import Code, Plain, Source
from tracegen.errors import PageError
from tracegen.flows import FLOWS
from tracegen.recordings import Recordings
from tracegen.trace import Trace
from tracegen.views import _desk, lost_order, provenance, quiz
from tracegen.views._desk import Desk
from tracegen.views._faults import told
from tracegen.views._steps import Link, Proved, parts, proved
from tracegen.views.lost_order import Asked, Search


@dataclass(frozen=True)
class Problem:
    """One problem, ready to draw."""

    name: str
    number: int
    title: str
    given: tuple[str, ...]
    """What comes and what goes wrong, in sentences; names stand between backticks."""
    intro: tuple[Plain | Code | Link, ...]
    """Of a drill."""
    desk: Desk | None
    has_bank: bool
    question: quiz.Question | None
    """`None`: it is a drill."""
    searches: tuple[Search, ...]
    """Of a drill, style by style."""
    after: tuple[Proved, ...]
    behind: str
    """The title of the scenario behind it; empty where several are."""
    scenario: str
    provenance: provenance.Provenance | None
    """Of that scenario's recordings."""


@dataclass(frozen=True)
class Model:
    """Problems of one kind."""

    problems: tuple[Problem, ...]
    count: int
    """Of all kinds."""


def build(recordings: Source, docs: Path = Path("docs"), *, kind: str) -> Model:
    """Read and prove all problems, and draw up those of one kind.

    Args:
        recordings: What decides.
        docs: The folder of the pages.
        kind: One of `tracegen.challenges.KINDS`.

    Raises:
        PageError: There is no such kind.
        ChallengeError: As `tracegen.challenges.load_all` has it.
    """
    if kind not in KINDS:
        raise PageError(f"no problems of kind '{kind}'. Known: {', '.join(KINDS)}")
    found = challenges.load_all(docs, recordings)
    mine = tuple(_problem(one, recordings) for one in found if one.kind == kind)
    return Model(mine, len(found))


def _problem(one: Challenge, recordings: Source) -> Problem:
    drill = one.task if isinstance(one.task, Drill) else None
    trace = _behind(one, recordings)
    behind = trace.header.scenario if trace is not None else ""
    return Problem(
        name=one.name,
        number=one.number,
        title=one.title,
        given=_given(one.given) if one.given else (),
        intro=parts(drill.intro, "") if drill else (),
        desk=_desk.build(trace) if one.shows and trace is not None else None,
        has_bank=one.bank,
        question=None if isinstance(one.task, Drill) else quiz.drawn(one.task, ""),
        searches=_searches(drill, recordings) if drill else (),
        after=tuple(proved(said, "") for said in drill.after) if drill else (),
        behind=scenario.load(behind).title if behind else "",
        scenario=behind,
        provenance=_provenance(behind, recordings) if behind else None,
    )


def _behind(one: Challenge, recordings: Source) -> Trace | None:
    """The recording that a problem is about; `None` where several are."""
    if isinstance(one.task, Drill):
        return one.task.searched[0].trace
    name = one.shows or (f"{one.given}.choreography" if one.given else "")
    return recordings.trace(name) if name else None


def _provenance(name: str, recordings: Source) -> provenance.Provenance:
    choreography, orchestration = (recordings.trace(f"{name}.{style}") for style in FLOWS)
    files = recordings if isinstance(recordings, Recordings) else None
    return provenance.build(choreography, orchestration, files)


def _given(name: str) -> tuple[str, ...]:
    story = scenario.load(name)
    return story.story, *(told(fault, story.variant) for fault in story.faults)


def _searches(drill: Drill, recordings: Source) -> tuple[Search, ...]:
    def drawn(one: Searched) -> Search:
        return lost_order.search(one.trace, one.lost, recordings, Asked(drill.text, drill.hint))

    return tuple(drawn(one) for one in drill.searched)
