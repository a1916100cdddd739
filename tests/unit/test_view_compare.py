"""What a fault changed is found by comparing two recordings, step by step and not by time."""

import pytest

from tests.unit.texts import markup, model, pair, text
from tracegen.errors import UsageError
from tracegen.recordings import Recordings

NAMES = ("happy-path", "silent-service", "retries")


@pytest.fixture
def recordings(tmp_path):
    """Recordings that were read already: the memory runtime's."""
    found = Recordings(tmp_path)
    for name in NAMES:
        for trace in pair(name):
            found._read[trace.name] = trace
    return found


def compared(recordings, left, right):
    return model("compare", recordings, left=left, right=right, here="silent-service")


def titles(side):
    return side.said.title if side else None


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
def test_a_recording_beside_itself_differs_nowhere(recordings, style):
    same = compared(recordings, f"happy-path.{style}", f"happy-path.{style}")

    assert same.same_count == len(same.lines) == same.left.count
    assert not any(line.differences for line in same.lines)


def test_another_order_is_not_another_step_for_costing_something_else(recordings):
    one = compared(recordings, "happy-path.choreography", "retries.choreography")

    assert one.left.order != one.right.order
    assert one.same_count > 0
    aspects = {told.aspect for line in one.lines for told in line.differences}
    assert aspects.isdisjoint({"says", "amounts"})


def test_in_choreography_the_fault_takes_the_last_steps_away_and_adds_none(recordings):
    one = compared(recordings, "happy-path.choreography", "silent-service.choreography")

    assert [(line.mark, titles(line.left), titles(line.right)) for line in one.lines] == [
        ("same", "A places the order", "A places the order"),
        ("same", "B takes payment", "B takes payment"),
        ("differs", "C ships", "C is down"),
        ("only left", "It just stops", None),
    ]


def test_in_orchestration_the_fault_adds_the_time_out_and_the_refund(recordings):
    one = compared(recordings, "happy-path.orchestration", "silent-service.orchestration")

    added = [titles(line.right) for line in one.lines if line.mark == "only right"]
    assert added == ["Time-out fires", "B gives the money back", "Orchestrator: cancelled"]


def test_every_step_of_both_stands_in_one_line_and_in_its_order(recordings):
    one = compared(recordings, "happy-path.orchestration", "silent-service.orchestration")

    for side, column in (("left", one.left), ("right", one.right)):
        numbers = [cell.number for line in one.lines if (cell := getattr(line, side))]
        assert numbers == sorted(numbers)
        assert len(numbers) == column.count


def test_steps_of_this_page_are_linked_within_it_and_others_to_their_pages(recordings):
    drawn = markup(
        "compare", recordings, left="happy-path.choreography",
        right="silent-service.choreography", here="silent-service",
    )  # fmt: skip

    assert 'tg-root-link" href="scenarios/happy-path/#happy-path-choreography-' in drawn
    assert 'href="#silent-service-choreography-' in drawn
    assert "only on the left" in text(drawn)


def test_styles_can_be_compared_as_well(recordings):
    one = compared(recordings, "happy-path.choreography", "happy-path.orchestration")

    assert one.lines[0].mark == "same"
    assert {line.mark for line in one.lines} >= {"only left", "only right"}


def test_a_recording_that_is_not_there_is_refused(recordings):
    with pytest.raises(UsageError, match=r"no recording 'sad-path\.choreography'"):
        compared(recordings, "sad-path.choreography", "happy-path.choreography")
