"""A recording as columns says of every span what the recording says, and no more than it must.

Method: the columns are read back here, by the description in `docs/format.md`, and compared with
the spans. That the player's own reader takes them is `tests/scripts`' to show.
"""

import json
import re
from functools import cache
from importlib import resources
from itertools import accumulate
from pathlib import Path

import pytest

from tests.unit.spans import altered
from tests.unit.texts import HOSTILE, hostile_pair, pair
from tracegen import acts, columns, scenario, trace
from tracegen.flows import FLOWS
from tracegen.runtimes import memory

NAMES = [f"{name}.{style}" for name in scenario.names() for style in FLOWS]
ROOT = Path(__file__).resolve().parents[2]


@cache
def large():
    text = (resources.files("tracegen.scenarios") / "many-orders.toml").read_text(encoding="utf-8")
    told = scenario.parse(text.replace("count = 20", "count = 420"), "many-orders")
    return tuple(memory.run(told, style, 5) for style in FLOWS)


def both(name):
    return large() if name == "large" else pair(name)


def files(name):
    return dict(columns.published(both(name)))


def read_back(made, name):
    """Head, and columns over all chunks with the differences added up."""
    head = json.loads(made[f"{name}.columns.json"])
    chunks = [head["chunk"]]
    for number in range(1, head["chunkCount"]):
        chunks.append(json.loads(made[f"{name}.columns.{number}.json"]))
    whole = {field: [] for field in chunks[0]}
    for chunk in chunks:
        start = len(whole["parent"])
        rows = list(accumulate(chunk["grid"], initial=-1))[1:]
        chunk["grid"] = [r if more else -1 for r, more in zip(rows, chunk["grid"], strict=True)]
        chunk["time_us"] = list(accumulate(chunk["time_us"]))
        chunk["parent"] = [
            seq - back if back else None for seq, back in enumerate(chunk["parent"], start)
        ]
        for field, values in chunk.items():
            whole[field] += values
    return head, whole


def name_at(names, place):
    return None if place == columns.NONE else names[place]


@pytest.mark.parametrize("scenario_name", [*scenario.names(), "large"])
@pytest.mark.parametrize("index", [0, 1], ids=list(FLOWS))
def test_every_span_is_as_the_recording_has_it(scenario_name, index):
    run = both(scenario_name)[index]
    head, found = read_back(files(scenario_name), run.name)

    assert head["spanCount"] == len(run.spans)
    topics = [topic["name"] for topic in head["topics"]]
    for seq, span in enumerate(run.spans):
        got = {field: values[seq] for field, values in found.items()}
        assert head["operations"][got["operation"]] == span.operation
        assert head["services"][got["service"]] == span.service
        assert head["instances"][got["instance"]] == span.instance
        assert name_at(topics, got["topic"]) == span.topic
        assert (got["parent"], got["time_us"]) == (span.parent, span.time_us)
        assert got["partition"] == (-1 if span.partition is None else span.partition)
        assert got["offset"] == (-1 if span.offset is None else span.offset)
        message = name_at(head["messages"], got["message"])
        said = span.envelope and span.envelope.message
        assert message == (said and {"name": said.name, "kind": said.kind})
        assert name_at(head["faults"], got["fault"]) == span.fault
        assert name_at(head["reasons"], got["reason"]) == span.reason


@pytest.mark.parametrize("name", NAMES)
def test_a_commit_and_a_timer_are_about_the_order_of_what_led_to_them(name):
    run = next(t for t in pair(name.partition(".")[0]) if t.name == name)
    head, found = read_back(files(run.header.scenario), name)

    for span, order in zip(run.spans, found["order"], strict=True):
        parent = run.parent(span)
        key = span.key or (parent.key if parent else None)
        assert name_at(head["orders"], order) == key
        is_poison = span.operation == "settle" and parent.envelope is None
        if span.operation in ("settle", "timer", "effect", "send", "process") and not is_poison:
            assert key is not None


@pytest.mark.parametrize("name", NAMES)
def test_an_act_has_a_status_and_a_row_and_nothing_else_has(name):
    run = next(t for t in pair(name.partition(".")[0]) if t.name == name)
    head, found = read_back(files(run.header.scenario), name)

    for span, status, row in zip(run.spans, found["status"], found["grid"], strict=True):
        if span.operation == "process":
            assert head["statuses"][status] == acts.status_of(span)
            assert 0 <= row < head["gridCount"]
        else:
            assert (status, row) == (-1, -1)


@pytest.mark.parametrize("name", NAMES)
def test_the_head_says_who_takes_part_and_who_keeps_all(name):
    run = next(t for t in pair(name.partition(".")[0]) if t.name == name)
    head, _ = read_back(files(run.header.scenario), name)

    who = [(p["service"], p["label"], p["keepsAll"]) for p in head["participants"]]
    flow = run.flow.participants
    assert who == [(p.name, p.label.capitalize(), acts.hears_all(run, p.name)) for p in flow]
    assert [keeps for _, _, keeps in who].count(True) == (
        1 if run.header.style == "orchestration" else 0
    )
    assert {t["name"]: t["partitions"] for t in head["topics"]} == dict(run.header.topics)
    assert {g["service"]: tuple(g["topics"]) for g in head["groups"]} == dict(run.header.groups)
    assert (head["format"], head["version"]) == (columns.FORMAT, columns.VERSION)


@pytest.mark.parametrize("name", scenario.names())
def test_a_recording_of_one_chunk_is_one_file(name):
    assert sorted(files(name)) == sorted(f"{name}.{style}.columns.json" for style in FLOWS)


def test_a_larger_one_comes_in_chunks_and_its_lines_in_pieces_of_the_same_spans():
    made = files("large")
    orchestration = large()[1]
    name = orchestration.name
    count = -(-len(orchestration.spans) // columns.SPANS_PER_CHUNK)

    assert count == 3
    assert [f for f in made if f.startswith(name)] == [
        f"{name}.columns.json",
        *(f"{name}.columns.{k}.json" for k in range(1, count)),
        *(f"{name}.lines.{k}.jsonl" for k in range(count)),
    ]
    pieces = [made[f"{name}.lines.{k}.jsonl"] for k in range(count)]
    _, _, lines = trace.dump(orchestration).partition("\n")
    assert "".join(pieces) == lines
    for k, piece in enumerate(pieces):
        first = json.loads(piece.partition("\n")[0])
        assert first["seq"] == k * columns.SPANS_PER_CHUNK


def test_columns_hold_whole_numbers_alone_and_no_blanks():
    for text in files("many-orders").values():
        head = json.loads(text)
        assert all(type(n) is int for values in head["chunk"].values() for n in values)
        assert json.dumps(head, separators=(",", ":")) == text


def test_they_take_less_room_than_the_lines():
    run = pair("many-orders")[1]

    assert len(files("many-orders")[f"{run.name}.columns.json"]) < len(trace.dump(run)) / 8


def test_an_order_named_like_markup_is_a_name():
    runs = hostile_pair()
    made = dict(columns.published(runs))

    for run in runs:
        head, _ = read_back(made, run.name)
        assert head["orders"] == [HOSTILE]


def test_a_line_separator_in_a_name_does_not_tear_a_line_apart():
    run = large()[0]
    odd = altered(run, run.spans[-1], instance="order\u2028x")
    made = columns.files(columns.Columns(odd, {}, 0))

    pieces = [text for name, text in made.items() if name.endswith(".jsonl")]
    assert sum(piece.count("\n") for piece in pieces) == len(run.spans)


def test_the_page_on_the_format_names_each_column():
    page = (ROOT / "docs/format.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    head, _ = read_back(files("happy-path"), "happy-path.choreography")

    assert head["chunk"].keys() <= told
    assert f"{columns.SPANS_PER_CHUNK:,}" in page


def test_what_no_group_ever_gets_to_read_is_a_gap():
    run = pair("exactly-once")[0]
    head, _ = read_back(files("exactly-once"), run.name)
    aborted = [s for s in run.spans if s.operation == "send" and run.is_aborted(s)]

    gaps = {(g["topic"], g["partition"], g["first"], g["last"]) for g in head["gaps"]}
    topics = [topic["name"] for topic in head["topics"]]

    assert aborted
    assert gaps == {
        *((topics.index(s.topic), s.partition, s.offset, s.offset) for s in aborted),
        *((topics.index(g.topic), g.partition, g.first, g.last) for g in run.header.gaps),
    }
