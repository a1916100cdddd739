"""What has to change is measured from the flows and the files, never told."""

import inspect

import pytest

from tests.unit.texts import assert_approved, markup, model, text
from tracegen.errors import PageError, UsageError
from tracegen.services import orchestrator_extended, payment, payment_naive


def sides(before: str, after: str):
    return model("difference", before=before, after=after).sides


def test_a_service_in_the_middle_changes_its_neighbour_or_the_orchestrator():
    choreography, orchestration = sides("happy-path", "new-service")

    assert choreography.services == orchestration.services == ("D fraud", "E email")
    assert [one.who for one in choreography.code] == ["B payment"]
    assert [(one.who, one.more, one.less) for one in choreography.reads] == [
        ("B payment", ("approvals",), ("orders",))
    ]
    assert [one.who for one in orchestration.code] == ["orchestrator"]
    assert orchestration.untouched == ("A order", "B payment", "C shipping")
    assert len(orchestration.topics) > len(choreography.topics)


def test_a_watchdog_touches_nobody():
    choreography, orchestration = sides("silent-service", "silent-service-watchdog")

    assert (choreography.code, choreography.reads) == ((), ())
    assert choreography.services == ("watchdog",)
    assert orchestration.is_same


def test_lines_are_counted_by_the_files_themselves():
    [change] = sides("duplicate-delivery", "duplicate-delivery-idempotent")[0].code
    before = inspect.getsource(payment_naive).splitlines()
    after = inspect.getsource(payment).splitlines()

    assert (change.before, change.after) == ("services/payment_naive.py", "services/payment.py")
    assert len(before) - change.removed_count == len(after) - change.added_count
    shown = change.diff.splitlines()[2:]
    assert [line[1:] for line in shown if line[0] == "+" and line[1:] not in after] == []
    assert sum(line.startswith("+") for line in shown) == change.added_count
    assert sum(line.startswith("-") for line in shown) == change.removed_count


def test_a_file_that_uses_the_one_before_counts_as_new_lines_beside_it():
    [change] = sides("happy-path", "new-service")[1].code

    assert change.is_new
    assert change.added_count == len(inspect.getsource(orchestrator_extended).splitlines())
    assert change.removed_count == 0


def test_both_styles_share_a_file_and_it_is_shown_once():
    found = model("difference", before="duplicate-delivery", after="duplicate-delivery-idempotent")

    assert len(found.files) == 1
    assert len(found.sides[0].code) == len(found.sides[1].code) == 1


def test_transactions_that_go_are_told():
    drawn = markup("difference", before="exactly-once", after="duplicate-delivery-idempotent")

    assert "Kafka's transactions" in text(drawn)
    assert "off, on before" in text(drawn)


def test_there_must_be_a_difference_and_both_scenarios():
    with pytest.raises(PageError, match="run the same flows"):
        model("difference", before="happy-path", after="silent-service")
    with pytest.raises(UsageError, match="no scenario 'nowhere'"):
        model("difference", before="happy-path", after="nowhere")


def test_the_markup_is_what_was_approved():
    drawn = markup("difference", before="happy-path", after="new-service")

    assert_approved("difference.new-service.html", drawn.split("<details", 1)[0])


def test_what_must_be_deployed_again_is_what_runs_other_code_or_reads_other_topics():
    choreography, orchestration = sides("happy-path", "fraud-check")
    assert choreography.redeployed == ("B payment",)
    assert orchestration.redeployed == ("orchestrator",)

    choreography, orchestration = sides("happy-path", "hybrid")
    assert choreography.redeployed == ()
    assert orchestration.redeployed == ("orchestrator",)


def test_files_and_lines_count_the_new_and_the_changed_ones():
    for side in sides("happy-path", "new-service"):
        assert len(side.files) == len(side.code) + len(side.services)
        assert side.added_count == sum(one.added_count for one in side.files) > 0
    [one, other] = sides("duplicate-delivery", "duplicate-delivery-idempotent")
    assert one.removed_count == other.removed_count > 0
