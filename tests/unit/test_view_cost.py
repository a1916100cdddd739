"""What a run cost is counted, and held against the same orders with nothing wrong."""

import pytest

from tests.unit.texts import assert_approved, markup, model, pair, text
from tracegen import baseline, scenario
from tracegen.errors import UsageError
from tracegen.recordings import Recordings


@pytest.fixture
def recordings(tmp_path):
    for run in pair("happy-path"):
        baseline.write(run, tmp_path / f"{run.name}.jsonl")
    return Recordings(tmp_path)


def counts(recordings, name: str) -> dict[str, list[tuple[int, int | None]]]:
    found = model("cost", *pair(name), recordings)
    return {line.name: [(c.count, c.sound) for c in line.cells] for line in found.lines}


@pytest.mark.parametrize("name", scenario.names())
def test_kinds_add_up_to_the_records_and_effects_are_never_done_more_than_asked(recordings, name):
    found = counts(recordings, name)
    none = [(0, 0), (0, 0)]

    for style in (0, 1):
        parts = [found.get(f"of them {kind}", none) for kind in ("events", "commands", "replies")]
        assert found["Records"][style][0] == sum(part[style][0] for part in parts)
        asked = found["Asked of the bank and others"][style][0]
        assert found["Done by them"][style][0] <= asked


def test_what_is_compared_with_is_one_order_times_the_orders(recordings):
    found = counts(recordings, "late-return")

    assert found["Records"] == [(9, 9), (21, 15)]
    assert found["Done by them"] == [(6, 6), (9, 6)]


def test_patience_costs_records_and_no_refund(recordings):
    patient, hasty = (counts(recordings, n) for n in ("late-return-patient", "late-return"))

    assert patient["Records"][1][0] > hasty["Records"][1][0]
    assert patient["Done by them"][1][0] < hasty["Done by them"][1][0]
    assert patient["of them sent again"][1][0] > 0


def test_the_idempotent_service_asks_twice_and_is_charged_once(recordings):
    naive = counts(recordings, "duplicate-delivery")
    careful = counts(recordings, "duplicate-delivery-idempotent")

    assert (naive["Asked of the bank and others"][0][0], naive["Done by them"][0][0]) == (3, 3)
    assert (careful["Asked of the bank and others"][0][0], careful["Done by them"][0][0]) == (3, 2)


def test_a_sound_run_of_the_plain_flow_is_compared_with_nothing(recordings):
    found = model("cost", *pair("many-orders"), recordings)

    assert found.sound == ""
    assert all(cell.sound is None for line in found.lines for cell in line.cells)
    assert "with nothing wrong" not in text(markup("cost", *pair("many-orders"), recordings))


def test_the_sound_run_must_be_there(recordings):
    recordings.path("happy-path.choreography").unlink()

    with pytest.raises(UsageError, match=r"no recording 'happy-path\.choreography'"):
        model("cost", *pair("retries"), recordings)


def test_the_markup_is_what_was_approved(recordings):
    assert_approved("cost.late-return.html", markup("cost", *pair("late-return"), recordings))
