"""What follows where something went wrong: asked right after it, of both styles or of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracegen.acts import Absence, Act, Mark, Row, Skip, Step
from tracegen.flows import FLOWS
from tracegen.predictions.types import (
    Draft,
    Facts,
    How,
    Proof,
    Question,
    Told,
    acts_of,
    both,
    proof_of,
)
from tracegen.services import orchestrator

Place = tuple[Row, Step]
Marks = Mapping[str, Sequence[Mark]]

BELIEFS: Mapping[How, str] = {
    # What one could think that Kafka does, where a service was silent.
    "down": "elsewhere",
    "paused": "elsewhere",
    "misspelt": "moved",
    "aside": "retried",
    "lost": "retried",
    "mute": "emitted",
}


def drafts(rows: Sequence[Row], marks: Marks) -> Iterator[Draft]:
    """Every question about a fault that the rows bear."""
    yield from _what_follows(rows)
    yield from _who_is_next(rows)
    for styles in (tuple(FLOWS), *((style,) for style in FLOWS)):
        yield from _after_kills(rows, styles)
        yield from _what_waited(rows, styles, marks)
        yield from _behind_a_bad_record(rows, styles, marks)
        yield from _once_more(rows, styles)
        yield from _round_and_round(rows, styles)


def _what_follows(rows: Sequence[Row]) -> Iterator[Draft]:
    """After a service was silent in both styles: what happens now?"""
    for row in rows[:-1]:
        silent = [row.of(style) for style in FLOWS]
        hows = {_how(step) for step in silent}
        how = next(iter(hows))
        if len(hows) > 1 or how == "":
            continue
        known = both([_aftermath(rows, row, style) for style in FLOWS])
        if known is not None:
            late = next((fact for fact, _ in known if fact != "nothing"), "refund")
            belief = BELIEFS[how]
            told: list[Told] = [(belief, belief), (late, late), ("nothing", "nothing")]
            told += [("nothing", late), (late, "nothing")]
            labels = {step.label for step in silent if step is not None}
            label = labels.pop() if how != "misspelt" and len(labels) == 1 else ""
            yield Question("follows", row.number, worker=label, how=how), told, known
        return


def _how(step: Step | None) -> How:
    """In which way a step is silent; empty where it is not."""
    if isinstance(step, Absence):
        found: dict[str, How] = {"down": "down", "paused": "paused", "misspelt": "misspelt"}
        return found.get(step.why, "")
    if isinstance(step, Skip):
        return "aside" if step.buried is not None else "lost" if step.span.fault == "lose" else ""
    return "mute" if step is not None and step.is_mute else ""


def _aftermath(rows: Sequence[Row], row: Row, style: str) -> tuple[str, Proof] | None:
    """What a style does once a service was silent in a row."""
    later = acts_of(rows[row.number :], style)
    if not later:
        step = row.of(style)
        if step is None:
            return None
        if isinstance(step, Absence) and step.is_waiting:
            return "nothing", proof_of(style, row, step, "waits")
        return "nothing", proof_of(style, row, step, "silent")
    for at, step in later:
        if step.fired is not None:
            refunds = any(e.name == "refund" for _, act in later for e in act.effects)
            fact = "again" if step.resent else "refund" if refunds else "timeout"
            sent = step.sent[0] if step.sent else None
            return fact if step.directs else "alarm", proof_of(style, at, step, "fires", sent)
    return None


def _who_is_next(rows: Sequence[Row]) -> Iterator[Draft]:
    """After a refusal in both styles: who acts on it?"""
    for row in rows[:-1]:
        steps = [row.of(style) for style in FLOWS]
        if not all(isinstance(s, Act) and s.span.fault == "refuse" for s in steps):
            continue
        known = both([_answer_to(rows, row, style) for style in FLOWS])
        if known is not None:
            (left, _), (right, _) = known
            label = next(step.label for step in steps if step is not None)
            told: list[Told] = [(right, right), (left, left), ("", right), (label, label)]
            title = next(step.title for step in steps if step is not None)
            question = Question("next", row.number, worker=label, how="refused", message=title)
            yield question, told, known
        return


def _answer_to(rows: Sequence[Row], row: Row, style: str) -> tuple[str, Proof] | None:
    """Who handles what was sent in a row, if it is one alone."""
    step = row.of(style)
    sent = [span.seq for span in step.sent] if isinstance(step, Act) else []
    acting = [(r, act) for r, act in acts_of(rows, style) if act.span.parent in sent]
    if len({s.label for _, s in acting}) != 1:
        return None
    at, first = acting[0]
    return first.label, proof_of(style, at, first, "acts")


def _after_kills(rows: Sequence[Row], styles: tuple[str, ...]) -> Iterator[Draft]:
    """After a kill: what does the service do once it is back?"""
    for row in rows[:-1]:
        cut = [s for style in styles if isinstance(s := row.of(style), Act) and s.cut is not None]
        others = [s for style in FLOWS if style not in styles if _is_cut(s := row.of(style))]
        if len(cut) < len(styles) or others or len({act.label for act in cut}) > 1:
            continue
        facts = [_second(rows, row, style, act) for style, act in zip(styles, cut, strict=True)]
        known = [fact for fact in facts if fact is not None]
        if len(known) == len(styles):
            deed = next((e.name for act in cut for e in act.effects), "")
            beliefs = ["twice", "known", "undone" if _is_undone(rows, row, styles) else "on"]
            beliefs = [*beliefs, "lost"] if deed else ["lost", "asked", "passed"]
            told = [(belief,) * len(styles) for belief in beliefs]
            question = Question(
                "killed", row.number, worker=cut[0].label, deed=deed, styles=styles, how="killed",
                message=cut[0].span.message_name if len(styles) == 1 else "",
            )  # fmt: skip
            yield question, told, known
            return


def _is_cut(step: Step | None) -> bool:
    return isinstance(step, Act) and step.cut is not None


def _is_undone(rows: Sequence[Row], row: Row, styles: Iterable[str]) -> bool:
    """Whether what was told before the kill came to nothing: it is told again, and not known."""
    for style in styles:
        step = row.of(style)
        if isinstance(step, Act) and step.sent:
            again = acts_of(rows[row.number :], style)
            return any(act.delivery > 1 and not act.resent for _, act in again)
    return False


def _second(rows: Sequence[Row], row: Row, style: str, first: Act) -> tuple[str, Proof] | None:
    """What a service makes of a message once more; `None` where it never gets it again."""
    for at in rows[row.number :]:
        step = at.of(style)
        if not isinstance(step, Act) or step.span.parent != first.span.parent:
            continue
        if step.label != first.label or step.cut is not None:
            continue
        if any(deed.is_known for deed in step.deeds):
            fact = "known"
        elif any(deed.nth > 1 for deed in step.deeds):
            fact = "twice"
        elif first.reached == "nothing":
            fact = "anew"
        else:
            fact = "answers"
        return fact, proof_of(style, at, step, "does")
    return None


def _what_waited(rows: Sequence[Row], styles: tuple[str, ...], marks: Marks) -> Iterator[Draft]:
    """Before a service that was down goes on: what becomes of what was written meanwhile?"""
    for row in rows[1:]:
        steps = [row.of(style) for style in styles]
        back = [_was_back(s, marks.get(style, ())) for s, style in zip(steps, styles, strict=True)]
        if not all(back) or len({s.label for s in steps if s}) > 1:
            continue
        known = _does(row, styles)
        beliefs = ["lost", "asked", "waits"]
        if len(styles) == 1 and _is_over(rows[: row.number - 1], styles[0]):
            beliefs = ["sees", "lost", "asked"]
        if any(_is_resent(rows, style, s) for style, s in zip(styles, steps, strict=True)):
            beliefs.remove("asked")  # It was, though nobody needed it.
        told = [(belief,) * len(styles) for belief in beliefs]
        act = next(s for s in steps if s is not None)
        question = Question(
            "returns", row.number - 1, worker=act.label, styles=styles, how="down",
            message=act.span.message_name if len(styles) == 1 else "",
        )  # fmt: skip
        yield question, told, known
        return


def _is_resent(rows: Iterable[Row], style: str, step: Step | None) -> bool:
    """Whether what a step handles was sent once more."""
    names = {span.message_name for _, act in acts_of(rows, style) for span in act.resent}
    return step is not None and step.span.message_name in names


def _was_back(step: Step | None, marks: Iterable[Mark]) -> bool:
    """Whether a service does at a step what it could not do before, for the first time."""
    if not isinstance(step, Act) or not step.effects or step.delivery > 1 or step.cut is not None:
        return False
    here = [m for m in marks if m.anchor == step.anchor and m.seq < step.span.seq]
    return any(mark.what in ("back", "goes on") for mark in here)


def _is_over(rows: Iterable[Row], style: str) -> bool:
    """Whether somebody has said that the order is over."""
    acts = acts_of(rows, style)
    return any(act.directs and act.status in orchestrator.FINAL for _, act in acts)


def _behind_a_bad_record(
    rows: Sequence[Row], styles: tuple[str, ...], marks: Marks
) -> Iterator[Draft]:
    """What becomes of the record behind one that no one can parse?"""
    for row in rows[1:]:
        steps = [row.of(style) for style in styles]
        met = [
            isinstance(step, Act)
            and bool(step.effects)
            and any(m.what == "aside" and m.anchor == step.anchor for m in marks.get(style, ()))
            for step, style in zip(steps, styles, strict=True)
        ]
        if all(met) and len({step.label for step in steps if step}) == 1:
            label = next(step.label for step in steps if step)
            told = [(belief,) * len(styles) for belief in ("waits", "dies", "dropped")]
            question = Question("bad record", row.number - 1, worker=label, styles=styles)
            yield question, told, _does(row, styles)
            return


def _does(row: Row, styles: Iterable[str]) -> Facts:
    """That a service does what it does in a row, in each style."""
    steps = [(style, row.of(style)) for style in styles]
    return [("does", proof_of(style, row, step, "does")) for style, step in steps if step]


def _once_more(rows: Sequence[Row], styles: tuple[str, ...]) -> Iterator[Draft]:
    """Before a service gets the same message again, which somebody has sent once more."""
    if len(styles) > 1:
        return
    (style,) = styles
    acts = acts_of(rows, style)
    resent = {span.seq for _, act in acts for span in act.resent}
    for row, step in acts:
        is_whole = step.cut is None and not step.directs and step.sent
        if step.span.parent in resent and step.delivery > 1 and is_whole:
            done = next((e.name for _, a in acts if a.label == step.label for e in a.effects), "")
            fact = "does" if step.effects else "answers"
            told: list[Told] = [("does",), ("silent",), ("complains",), ("answers",)]
            question = Question(
                "again", row.number - 1, worker=step.label, deed=done, styles=styles,
                message=step.span.message_name,
            )  # fmt: skip
            if done:
                yield question, told, [(fact, proof_of(style, row, step, "does"))]
            return


def _round_and_round(rows: Sequence[Row], styles: tuple[str, ...]) -> Iterator[Draft]:
    """Once a loop has begun: what ends it?"""
    if len(styles) > 1:
        return
    (style,) = styles
    steps = [(row, s) for row in rows if (s := row.of(style)) is not None]
    end = next(
        ((r, s) for r, s in steps if isinstance(s, Skip) and s.buried and not s.span.fault), None
    )
    if end is None:
        return
    name = end[1].span.message_name
    told: list[Told] = [("never",), ("same",), ("dropped",)]
    for row, step in steps:
        if isinstance(step, Act) and step.span.message_name == name and row.number < end[0].number:
            proof = proof_of(style, *end, "aside")
            question = Question(
                "loops", row.number, worker=step.label, styles=styles, message=name
            )  # fmt: skip
            yield question, told, [("limit", proof)]
            return
