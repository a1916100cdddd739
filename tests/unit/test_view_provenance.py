"""A recorded run and a simulated one never look alike, and each says how to repeat it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.texts import HOSTILE, assert_approved, markup, model, pair, text
from tracegen.recordings import BASELINE, FRESH, Recordings

KAFKA = {
    "runtime": "kafka", "kafka": "4.4.0", "node_count": 1, "client": "kafka-python 3.0.12",
    "host": "Linux x86_64", "commit": "0123456789ab", "recorded_at": "2026-11-23T02:03:34Z",
    "command": "tracegen record happy-path", "seed": None,
}  # fmt: skip


def recorded(trace, **changes):
    return replace(trace, header=replace(trace.header, **{**KAFKA, **changes}))


@pytest.fixture
def both():
    return tuple(recorded(trace) for trace in pair("happy-path"))


def test_a_recorded_run_has_the_solid_badge_with_the_dot_and_the_version(both):
    drawn = markup("provenance", *both)

    assert 'class="tg-badge tg-recorded"' in drawn
    assert 'class="tg-dot"' in drawn
    assert "RECORDED · Kafka 4.4.0 · 2026-11-23" in text(drawn)
    assert "SIMULATED" not in drawn


def test_a_simulated_run_has_the_dashed_badge_and_none_of_the_other():
    drawn = markup("provenance", *pair("happy-path"))

    assert 'class="tg-badge tg-simulated"' in drawn
    assert "SIMULATED · without Kafka" in text(drawn)
    assert "tg-dot" not in drawn and "RECORDED" not in drawn and "tg-recorded" not in drawn


def test_one_simulated_run_among_two_makes_the_pair_simulated(both):
    drawn = markup("provenance", both[0], pair("happy-path")[1])

    assert "SIMULATED" in drawn
    assert "RECORDED" not in drawn


def test_the_card_tells_broker_client_time_machine_commit_and_command(both):
    for source in model("provenance", *both).sources:
        assert source.facts == (
            ("broker", "Apache Kafka 4.4.0, 1 node", False),
            ("client", "kafka-python 3.0.12", False),
            ("when", "2026-11-23 02:03:34 UTC", False),
            ("where", "Linux x86_64", False),
            ("code", "commit 0123456789ab", False),
            ("again", "tracegen record happy-path", True),
        )


def test_a_tree_that_had_changes_and_a_cluster_of_three_are_told(both):
    one = recorded(both[0], commit="0123456789ab+", node_count=3)

    facts = dict((what, how) for what, how, _ in model("provenance", one, both[1]).sources[0].facts)

    assert facts["code"] == "commit 0123456789ab, with changes since"
    assert facts["broker"] == "Apache Kafka 4.4.0, 3 nodes"


def test_the_files_are_linked_from_the_root_of_the_site(both):
    drawn = markup("provenance", *both)

    for trace in both:
        assert f'class="tg-root-link" href="recordings/{trace.name}.jsonl"' in drawn
        assert f"{len(trace.spans)} spans" in text(drawn)


@pytest.mark.parametrize(("folder", "says"), [(BASELINE, True), (FRESH, False)])
def test_the_card_says_when_the_committed_baseline_is_shown(both, folder, says):
    drawn = markup("provenance", *both, recordings=Recordings(Path("somewhere") / folder))

    assert ("From the baseline" in drawn) is says


def test_hostile_text_in_a_header_is_shown_and_not_run(both):
    drawn = markup("provenance", recorded(both[0], command=HOSTILE, host=HOSTILE), both[1])

    assert "<script" not in drawn
    assert text(drawn).count(HOSTILE) == 2


def test_the_markup_is_what_was_approved(both):
    assert_approved("provenance.recorded.html", markup("provenance", *both))
    assert_approved("provenance.simulated.html", markup("provenance", *pair("happy-path")))
