"""Goal: nothing stands on a page that a recording does not show.

Method: the pages' own sentences and questions, on simulated runs as they were and on falsified
ones. A falsified run either cannot have happened, and is refused when it is read; or it could
have, and then what the pages say of it is refused.
"""

from pathlib import Path

import pytest

from tests.content import mutations
from tests.content.runs import Mutation, Runs, mutated
from tracegen import quiz
from tracegen.errors import ClaimError, QuizError, TraceError
from tracegen.views import key_moments

DOCS = Path(__file__).resolve().parents[2] / "docs"

CLUMSY: list[tuple[str, Mutation, str]] = [
    ("happy-path.orchestration", mutations.drop_the_reply, "line 18: seq is 17, and must be 16"),
    ("happy-path.choreography", mutations.swap_two_events, "stands before its cause"),
    ("happy-path.choreography", mutations.rename_one, "what was read is not what line 11 sent"),
    ("happy-path.choreography", mutations.double_one, "has a record at offset 0 already"),
]
CAREFUL: list[tuple[str, Mutation, str]] = [
    (
        "happy-path.orchestration",
        mutations.drop_the_last_reply_and_all_that_followed,
        "name(process where status = complete) is none in happy-path.orchestration",
    ),
    (
        "happy-path.choreography",
        mutations.swap_two_events_wherever_they_stand,
        "service(PaymentProcessed) is shipping in happy-path.choreography",
    ),
    (
        "happy-path.orchestration",
        mutations.rename_a_reply_wherever_it_stands,
        "cause(ShipOrder) is PaymentRefunded in happy-path.orchestration",
    ),
    (
        "happy-path.choreography",
        mutations.rename_the_event_that_nobody_reads,
        "choreography declares no message 'ShipDone'",
    ),
    (
        "happy-path.choreography",
        mutations.double_an_event_and_have_it_read,
        "count(send where kind = event) is 4 in happy-path.choreography",
    ),
    (
        "silent-service.choreography",
        mutations.give_the_money_back_unasked,
        "outcome(order-17) is refunded in silent-service.choreography",
    ),
]


def titles(cases: list[tuple[str, Mutation, str]]) -> list[str]:
    """Title cases by their mutations."""
    return [mutation.__name__ for _, mutation, _ in cases]


def prove_all(recordings: Runs) -> None:
    """Everything that the files beside the pages say of runs."""
    for path in sorted((DOCS / "moments").glob("*.toml")):
        key_moments.build(recordings, DOCS, file=path.stem)
    for path in sorted((DOCS / "quizzes").glob("*.toml")):
        quiz.load(path, recordings)


@pytest.mark.parametrize("seed", range(20))
def test_what_the_pages_say_holds_whoever_is_quicker(seed: int) -> None:
    prove_all(Runs(seed=seed))


@pytest.mark.parametrize(("name", "mutation", "says"), CLUMSY, ids=titles(CLUMSY))
def test_a_run_that_cannot_have_happened_is_refused_when_it_is_read(
    name: str, mutation: Mutation, says: str
) -> None:
    with pytest.raises(TraceError) as error:
        mutated(name, mutation)

    assert f"{name}.jsonl: impossible recording: line " in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize(("name", "mutation", "says"), CAREFUL, ids=titles(CAREFUL))
def test_a_possible_run_that_is_not_ours_contradicts_what_the_pages_say(
    name: str, mutation: Mutation, says: str
) -> None:
    falsified = mutated(name, mutation)  # Which passes every check of a recording.

    with pytest.raises((ClaimError, QuizError)) as error:
        prove_all(Runs({name: falsified}))

    assert str(error.value).startswith(
        ("moments/core.toml, moment ", "quizzes/core.toml, question ")
    )
    assert says in str(error.value)
