"""Captures of Kafka's own tools: sessions, what is put in place of what, and what must agree.

Goal: a number on the page that the recording shows too is the recording's; nothing is typed.
Method: the committed captures beside simulated runs of their scenarios, changed one number at a
time. `tests/kafka/test_kafka_captures.py` makes one on a real Kafka.
"""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.unit.texts import HOSTILE, pair
from tracegen import captures, scenario
from tracegen.captures import Capture, Command, Ran, files, sessions
from tracegen.captures.plain import plain
from tracegen.cli import made
from tracegen.errors import CaptureError, ClaimError, TraceError
from tracegen.fences import Drawing
from tracegen.flows import FLOWS
from tracegen.trace import Trace

ROOT = Path(__file__).parents[2]
PREFIX = "silent-service.choreography.6faa."
SERVERS = "127.0.0.1:45987"


@cache
def committed(name: str) -> Capture:
    return captures.parse((ROOT / captures.KIND.baseline / f"{name}.toml").read_text("utf-8"))


def run_of(name: str) -> Trace:
    session = captures.load(name)
    return dict(zip(FLOWS, pair(session.scenario), strict=True))[session.style]


class Simulated:
    """Recordings that are simulated, and changed where a test says how."""

    def __init__(self, change=lambda trace: trace):
        self.change = change

    def trace(self, name):
        told, _, style = name.rpartition(".")
        return self.change(dict(zip(FLOWS, pair(told), strict=True))[style])


def drawn(name: str, docs: Path, change=lambda trace: trace) -> str:
    return Drawing(Simulated(change), {"docs": docs}).fence(f'view = "capture"\nfile = "{name}"')


def docs_with(tmp_path: Path, name: str, **changes) -> Path:
    """A project's folder of pages that holds one capture, changed."""
    folder = tmp_path / captures.KIND.baseline
    folder.mkdir(parents=True)
    (folder / f"{name}.toml").write_text(
        captures.dump(replace(committed(name), **changes)), "utf-8"
    )
    return tmp_path / "docs"


def shell(out: str) -> tuple[str, ...]:
    return plain(out, SERVERS, PREFIX, lambda line: False)


def test_no_session_has_the_name_of_a_scenario_or_of_another_thing_that_is_made():
    names = [name for maker in made.KINDS for name in maker.kind.names()] + scenario.names()

    assert len(names) == len(set(names))
    assert set(captures.names()) < set(names)


@pytest.mark.parametrize("name", captures.names())
def test_the_committed_captures_are_of_the_sessions_as_they_stand(name):
    captures.KIND.check(name, captures.dump(committed(name)))


@pytest.mark.parametrize("name", captures.names())
def test_what_was_captured_agrees_with_a_run_of_its_own(name):
    session, capture = captures.load(name), committed(name)

    for command, ran in zip(session.commands, capture.ran, strict=True):
        assert captures.disagreements(command, ran, run_of(name)) == []
        assert all(text in "\n".join(ran.output) for text in command.shows)


@pytest.mark.parametrize(
    ("name", "tool", "number", "told"),
    [
        ("tools-topics", "kafka-topics.sh", ("PartitionCount: 5", "PartitionCount: 4"),
         "partitions of orders: captured 4, recorded 5"),
        ("tools-topics", "kafka-topics.sh", ("shipments", "shipmets"), "not listed"),
        ("tools-topics", "kafka-get-offsets.sh", ("orders:1:1", "orders:1:2"),
         "end of orders/1: captured 2, recorded 1"),
        ("tools-topics", "kafka-console-consumer.sh", ("order-1\t", "order-2\t"),
         "has no such record of order-2"),
        ("tools-topics", "kafka-console-consumer.sh", ("Offset:0", "Offset:7"), "at 7"),
        ("tools-topics", "kafka-console-consumer.sh", ("ce_id:7", "ce_id:8"), "no such record"),
        ("tools-lag", "kafka-consumer-groups.sh", ("3               3               0",
         "2               3               1"),
         "committed offset of payment in orders/0: captured 2, recorded 3"),
        ("tools-lag", "kafka-consumer-groups.sh", ("-               3               -",
         "-               3               3"), "lag of shipping in payments/0: captured 3"),
        ("tools-lag", "kafka-consumer-groups.sh", ("2               3               1",
         "2               4               2"), "end of payments/0: captured 4, recorded 3"),
    ],
)  # fmt: skip
def test_a_number_that_the_recording_has_otherwise_is_found(name, tool, number, told):
    session, found = captures.load(name), []
    for command, ran in zip(session.commands, committed(name).ran, strict=True):
        if command.words[0] == tool:
            changed = replace(ran, output=tuple(line.replace(*number) for line in ran.output))
            found += captures.disagreements(command, changed, run_of(name))

    assert any(told in one for one in found), found


def test_a_page_with_a_capture_that_the_recording_contradicts_is_not_built():
    def with_more_partitions(trace):
        topics = {**trace.header.topics, "orders": 7}
        return replace(trace, header=replace(trace.header, topics=topics))

    with pytest.raises(CaptureError, match=r"partitions of orders: captured 5, recorded 7"):
        drawn("tools-topics", ROOT / "docs", with_more_partitions)


def test_a_capture_of_other_commands_is_not_shown(tmp_path):
    docs = docs_with(tmp_path, "tools-lag", digest="0123456789abcdef")

    with pytest.raises(TraceError, match=r"Capture again: tracegen record tools-lag"):
        drawn("tools-lag", docs)


def test_output_is_text_to_a_page_whatever_stands_in_it(tmp_path):
    capture = committed("tools-typo")
    ran = [replace(one, output=(*one.output, HOSTILE)) for one in capture.ran]
    html = drawn("tools-typo", docs_with(tmp_path, "tools-typo", ran=tuple(ran)))

    assert "<script" not in html
    assert "&gt;&lt;script&gt;" in html


def test_what_to_look_at_is_marked_and_columns_can_be_scrolled_by_keyboard():
    html = drawn("tools-lag", ROOT / "docs")
    tables = re.findall(r'<pre class="tg-printed"(.*?)</pre>', html, re.DOTALL)

    assert "<mark>-               3               -</mark>" in html
    assert len(tables) == len(captures.load("tools-lag").commands)
    assert all(('tabindex="0"' in one) == ("GROUP" in one) for one in tables)
    assert "silent-service" in html and "tracegen record tools-lag" in html


def test_a_page_says_what_stands_in_place_of_what():
    html = drawn("tools-lag", ROOT / "docs")

    assert all(sign.replace("'", "&#39;") in html for sign in captures.signs())


def test_the_runs_name_and_the_address_are_put_in_place_and_nothing_else():
    printed = f"Created topic {PREFIX}returns at {SERVERS}.\nAnd {SERVERS}0 stays.\n"

    assert shell(printed) == (
        "Created topic returns at localhost:9092.",
        f"And {SERVERS}0 stays.",
    )


def test_what_is_drawn_anew_each_time_stands_as_a_sign_and_our_own_ids_stay():
    ours = "ce_id:adde1989-02d6-5d05-91e4-6f4d389d4439"
    lines = shell(
        "Topic: o\tTopicId: boEO_ffnQLGa8wLQ4ecGhA\tPartitionCount: 1\n"
        f"CreateTime:1795443708101\t{ours},ce_time:2026-11-23T14:34:19.722371Z\n"
        "payment-1-97580355-c5c3-465a-8a7a-7ad1cfeb47ed\n"
        "a recoverable issue with correlation id 17 : {x=UNKNOWN_TOPIC_OR_PARTITION}\n"
    )

    assert lines == (
        "Topic: o\tTopicId: …\tPartitionCount: 1",
        f"CreateTime:…\t{ours},ce_time:…",
        "payment-1-…",
        "a recoverable issue with correlation id … : {x=UNKNOWN_TOPIC_OR_PARTITION}",
    )


def test_columns_are_set_as_the_tool_sets_them_for_shorter_names():
    """The second half is what `kafka-consumer-groups.sh` printed about a group of that name."""
    long = (
        f"GROUP{' ' * 36} TOPIC{' ' * 35} PARTITION  NEW-OFFSET\n"
        f"{PREFIX}audit {PREFIX}payments 0          0\n"
    )

    assert shell(f"\nConsumer group '{PREFIX}audit' has none.\n\n{long}\n") == (
        "Consumer group 'audit' has none.",
        "",
        "GROUP           TOPIC           PARTITION  NEW-OFFSET",
        "audit           payments        0          0",
    )


def test_names_of_other_runs_are_left_out():
    lines = plain(f"{PREFIX}orders\nother.orders\n", SERVERS, PREFIX, lambda line: "other" in line)

    assert lines == ("orders",)


def test_a_warning_that_only_the_runs_name_causes_is_left_out():
    printed = (
        "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore "
        f"('_') could collide. To avoid issues it is best to use either, but not both.\n"
        f"Created topic {PREFIX}returns.\n"
    )

    assert shell(printed) == ("Created topic returns.",)


def test_what_is_written_reads_back():
    ran = (Ran("a \\\n  b 'c'", ('"x"\ty\\', "", "…")), Ran("d", ()))
    capture = replace(committed("tools-lag"), ran=ran, commit=None)

    assert captures.parse(captures.dump(capture)) == capture


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no = toml = at all", "not a capture"),
        ('name = "x"', "missing: command, digest"),
        (None, "holds tools-lag; rename it"),
    ],
)
def test_a_file_that_is_no_capture_is_named(text, told):
    with pytest.raises(TraceError, match=told):
        files.check("tools-typo", text or captures.dump(committed("tools-lag")))


def test_the_order_of_lines_is_no_difference_and_a_line_is():
    before = committed("tools-topics")
    turned = tuple(replace(one, output=one.output[::-1]) for one in before.ran)
    cut = (replace(before.ran[0], output=("Created topic other.",)), *before.ran[1:])

    assert captures.differences(replace(before, ran=turned), before) == []
    found = captures.differences(replace(before, ran=cut), before)
    assert [line.rpartition(": ")[2] for line in found if "gone" in line][-1].startswith("Created")
    assert found[-1].endswith("new: Created topic other.")
    assert captures.differences(replace(before, ran=before.ran[1:]), before) == [
        "runs other commands"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x =", r"captures/mine\.toml: "),
        ('scenario = "no"\nstyle = "choreography"\ncommand = []', "no scenario 'no'"),
        ('scenario = "happy-path"\nstyle = "choreography"\ncommand = []', "needs a .*command"),
        ('scenario = "happy-path"\nstyle = "choreography"\n[[command]]\nrn = "x"', "unknown: rn"),
        ('scenario = "happy-path"\nstyle = "choreography"\n[[command]]\nrun = "ls"',
         "command 1: needs a script of Kafka's, and --bootstrap-server"),
    ],
)  # fmt: skip
def test_a_session_that_is_not_as_sessions_are_is_refused(text, told):
    with pytest.raises(CaptureError, match=told):
        sessions.parse("mine", text)


def test_a_command_is_what_a_reader_types():
    command = Command("kafka-topics.sh \\\n  --list 2>/dev/null", given="it's")

    assert command.words == ("kafka-topics.sh", "--list")
    assert command.is_quiet
    assert command.typed.startswith("echo 'it'\"'\"'s' | kafka-topics.sh")


def test_what_a_page_says_of_a_command_is_no_reason_to_capture_again():
    session = captures.load("tools-lag")
    first, *others = session.commands
    said = replace(session, commands=(replace(first, say=(), shows=()), *others))
    typed = replace(session, commands=(replace(first, run=first.run + " --state"), *others))

    assert captures.digest(said) == captures.digest(session) != captures.digest(typed)


def test_a_sentence_that_no_recording_bears_out_fails_the_page(monkeypatch):
    session = captures.load("tools-lag")
    wrong = {"text": "x", "claim": "count(timer) in silent-service.choreography = 9"}
    first, *others = session.commands
    changed = replace(session, commands=(replace(first, say=(wrong,)), *others))
    monkeypatch.setattr(captures, "load", lambda name: changed)

    with pytest.raises(ClaimError, match=r"capture tools-lag, command 1, sentence 1"):
        drawn("tools-lag", ROOT / "docs")
