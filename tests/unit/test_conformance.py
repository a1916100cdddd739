"""Goal: whatever the page's Python does otherwise than Kafka is found and named.

Method: recordings are compared with runs of this Python, as they are and with one thing changed.
"""

import re
from dataclasses import replace

import pytest

from tracegen import conformance, scenario
from tracegen.conformance import Compared, Conformance, compared
from tracegen.recordings import BASELINE, Recordings
from tracegen.runtimes import memory
from tracegen.trace import dump
from tracegen.views import conformance as view

RECORDINGS = Recordings(BASELINE)


def compare(name: str, style: str = "choreography", **changed: str) -> Compared:
    """Compare a recording with a run of it here, whose text is changed in one place."""
    told = scenario.load(name)
    own = memory.run(told, style, 0)
    text = dump(own)
    for was, is_ in changed.items():
        assert was in text
        text = text.replace(was, is_)
    return compared(RECORDINGS.trace(f"{name}.{style}"), told, text, own)


def test_a_run_that_does_what_kafka_did_is_the_same():
    row = compare("silent-service", "orchestration")
    assert (row.difference_count, row.apart) == (0, "")
    assert row.span_count == len(RECORDINGS.trace("silent-service.orchestration").spans)


def test_another_effect_is_named_first_and_the_digest_last():
    digest = RECORDINGS.trace("happy-path.choreography").header.digest
    row = compare("happy-path", **{'"sku":"book"': '"sku":"boot"', digest: "0" * 16})
    assert row.difference_count > 2
    assert row.differences[0].startswith("gone: ") and "book" in row.differences[0]
    assert not any(one.startswith("digest: ") for one in row.differences[:2])


def test_another_digest_alone_is_a_difference():
    digest = RECORDINGS.trace("happy-path.choreography").header.digest
    row = compare("happy-path", **{digest: "0" * 16})
    assert row.differences[0] == f"digest: was {digest}, is {'0' * 16}"


def test_a_run_that_is_equivalent_but_other_text_is_found_with_its_line():
    told = scenario.load("happy-path")
    own = memory.run(told, "choreography", 0)
    lines = dump(own).splitlines(keepends=True)
    last = re.search(r'"time_us":(\d+)', lines[-1])
    assert last
    lines[-1] = lines[-1].replace(last[0], f'"time_us":{int(last[1]) + 1}')
    recorded = RECORDINGS.trace("happy-path.choreography")

    row = compared(recorded, told, "".join(lines), own)

    assert row.difference_count == 1
    assert row.differences[0].startswith(f"line {len(lines)} of {len(lines)} is other text")


@pytest.mark.parametrize("ran", ["RunError: order-1 must end shipped", ""])
def test_a_run_that_came_to_nothing_is_told_as_it_ended(ran):
    told = scenario.load("happy-path")
    own = memory.run(told, "choreography", 0)

    row = compared(RECORDINGS.trace("happy-path.choreography"), told, ran, own)

    assert (row.span_count, row.difference_count) == (0, 1)
    assert row.differences[0] == (ran or "it ended without a word")


@pytest.mark.parametrize("style", ["choreography", "orchestration"])
@pytest.mark.parametrize(
    ("name", "apart"), [("broker-failover", "nodes"), ("scale-out", "partitions")]
)
def test_what_only_a_broker_shows_stands_apart_and_the_rest_is_compared(name, apart, style):
    row = compare(name, style)
    assert (row.apart, row.difference_count) == (apart, 0)
    assert compare(name, style, **{'"sku":"book"': '"sku":"boot"'}).difference_count


def test_only_scenarios_about_the_broker_have_anything_apart():
    rows = [compare(name, style) for name in ("retries", "service-returns", "exactly-once")
            for style in ("choreography", "orchestration")]  # fmt: skip
    assert {row.apart for row in rows} == {""}


# Written, read, reported, shown.

WELL = Compared("happy-path", "choreography", 18)
ODD = Compared("happy-path", "orchestration", 32, "", ("gone: this", "new: that"), 7)
TOLD = Conformance("314.0.7", "3.14.2", "abc", "def", "4.4.0", (WELL, ODD))


def test_what_was_written_is_read_and_anything_else_counts_as_nothing(tmp_path):
    path = tmp_path / "conformance.json"
    assert conformance.read(path) is None
    path.write_text(conformance.text(TOLD), encoding="utf-8")
    assert conformance.read(path) == TOLD
    path.write_text('{"pyodide": 3}', encoding="utf-8")
    assert conformance.read(path) is None


def test_a_report_names_the_run_and_what_differs_first():
    assert not TOLD.is_well
    assert conformance.report(TOLD).splitlines() == [
        "happy-path.orchestration: 7 differ from Kafka's",
        "  gone: this",
        "  new: that",
    ]
    assert replace(TOLD, rows=(WELL,)).is_well


def test_the_page_counts_what_is_the_same_and_leaves_out_what_was_not_compared():
    model = view.build(TOLD)
    assert (model.same_count, model.run_count) == (1, 2)
    assert [line.name for line in model.lines] == ["happy-path"]
    assert view.build(None).lines == ()
