"""A scenario file is data; what is wrong in it is said with file and field."""

import re

import pytest

from tracegen import scenario, sources
from tracegen.errors import RunError, ScenarioError, UsageError
from tracegen.faults import Cause, Fault
from tracegen.flows import FLOWS
from tracegen.scenario import Break
from tracegen.variants import flow_of

GOOD = """
title = "T"
story = "S"
partitions = 3
nodes = 3
variant = "careful"
duplicates = 2
[[given]]
name = "PlaceOrder"
key = "order-{n}"
count = 2
data = { sku = "book" }
[[faults]]
do = "refuse"
on = { message = ["OrderCreated", "ProcessPayment"], key = "order-2" }
service = "payment"
[[faults]]
do = "kill"
service = "shipping"
style = "choreography"
back = "rest"
[[breaks]]
invariant = "charged once"
orders = ["order-1"]
[[breaks]]
invariant = "charged once"
orders = ["order-2"]
style = "orchestration"
[expect.choreography]
"*" = "shipped"
[expect.orchestration]
"order-1" = "shipped"
"order-2" = "refunded"
"""
LEAST = """
title = "T"
story = "S"
[[given]]
name = "PlaceOrder"
key = "order-1"
data = {}
[expect.choreography]
"*" = "shipped"
[expect.orchestration]
"*" = "shipped"
"""


def test_everything_that_can_stand_there_is_read():
    told = scenario.parse(GOOD, "good")

    assert (told.name, told.title, told.story) == ("good", "T", "S")
    assert (told.partition_count, told.node_count, told.duplicate_count) == (3, 3, 2)
    assert told.orders() == ("order-1", "order-2")
    assert [(m.kind, m.name, m.data) for m in told.given] == [
        ("command", "PlaceOrder", {"sku": "book"})
    ] * 2
    refuse = Fault(
        "refuse", "payment", on=Cause(("OrderCreated", "ProcessPayment"), "order-2", None)
    )
    kill = Fault("kill", "shipping", "choreography", back="rest")
    assert told.faults_of("choreography") == (refuse, kill)
    assert told.faults_of("orchestration") == (refuse,)
    assert told.flow("orchestration") is flow_of("orchestration", "careful")
    assert told.breaks == (
        Break("charged once", ("order-1",)), Break("charged once", ("order-2",), "orchestration"),
    )  # fmt: skip
    assert told.breaks_of("choreography") == {"charged once": {"order-1"}}
    assert told.breaks_of("orchestration") == {"charged once": {"order-1", "order-2"}}


def test_what_need_not_stand_there_has_a_plain_default():
    told = scenario.parse(LEAST, "least")

    assert (told.partition_count, told.node_count, told.duplicate_count) == (1, 1, 0)
    assert (told.faults, told.breaks, told.variant) == ((), (), "")


def test_a_star_stands_for_the_orders_that_are_not_named():
    told = scenario.parse(GOOD, "good")

    assert told.expected("choreography", "order-2") == "shipped"
    assert told.expected("orchestration", "order-2") == "refunded"


def test_the_unfinished_are_those_that_must_not_end():
    told = scenario.parse(LEAST.replace('"*" = "shipped"', '"*" = "unfinished"', 1), "least")

    assert told.unfinished("choreography") == ("order-1",)
    assert told.unfinished("orchestration") == ()


FAULT = 'do = "refuse"'
MESSAGES = 'message = ["OrderCreated", "ProcessPayment"]'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "T"', "title = 3", "title must be of type str"),
        ('title = "T"', "title = ", "not TOML"),
        ('title = "T"', "", "missing: title"),
        ('title = "T"', 'title = "T"\ncolour = "red"', "unknown: colour; may have: breaks"),
        ("partitions = 3", "partitions = 0", "partitions is 0; 1 to 64 go"),
        ("partitions = 3", "partitions = 65", "partitions is 65; 1 to 64 go"),
        ("partitions = 3", 'partitions = "3"', "partitions must be of type int"),
        ("nodes = 3", "nodes = 2", "nodes is 2; 1 or 3 go"),
        ('variant = "careful"', 'variant = "bold"', "no variant 'bold'; known: careful, naive"),
        ("duplicates = 2", "duplicates = -1", "duplicates is -1; it must be 0 or more"),
        ("duplicates = 2", "duplicates = true", "duplicates must be of type int"),
        ('key = "order-{n}"', 'kee = "order-1"', r"\[\[given\]\] 1: .*missing: key; unknown: kee"),
        ("count = 2", "count = 0", "0 orders are given; 1 to 100000 go"),
        ("count = 2", "count = true", r"\[\[given\]\] 1: count must be of type int"),
        ('"PlaceOrder"', '"ShipOrder"', r"\[\[given\]\] 1: no 'ShipOrder' from outside; known: "),
        (FAULT, 'do = "bewitch"', r"\[\[faults\]\] 1: do must be one of kill, pause, add"),
        (FAULT, 'do = "refuse"\nat = "sent"', r"\[\[faults\]\] 1: .*unknown: at"),
        ('service = "payment"', 'service = "bank"',
         r"\[\[faults\]\] 1: service is 'bank'; choreography knows: order, payment, shipping"),
        ('service = "payment"', 'service = "payment"\nstyle = "jazz"',
         r"\[\[faults\]\] 1: style is 'jazz'; known: choreography, orchestration"),
        ('key = "order-2" }', 'key = "order-9" }', "1: no order 'order-9' is given"),
        (MESSAGES, 'message = ["OrderCreated"]',
         r"\[\[faults\]\] 1: on.message is OrderCreated; in orchestration, what payment can refuse "
         "at: ProcessPayment, RefundPayment"),
        ("[[breaks]]", '[[faults]]\ndo = "slow"\nservice = "payment"\nfor_ms = 3\n'
         f"on = {{ {MESSAGES} }}\n[[breaks]]",
         r"\[\[faults\]\] 3: bites at the same delivery as \[\[faults\]\] 1"),
        ('invariant = "charged once"', "", r"\[\[breaks\]\] 1: .*missing: invariant"),
        ('orders = ["order-1"]', 'orders = ["order-9"]', r"\[\[breaks\]\] 1: no order 'order-9'"),
        ('orders = ["order-2"]\nstyle = "orchestration"', 'orders = ["order-2"]\nstyle = "jazz"',
         r"\[\[breaks\]\] 2: no style 'jazz'; known: choreography, orchestration"),
        ('"refunded"', '"lost"', r"\[expect.orchestration\]: 'lost'; known: shipped, refunded, "),
        ('"order-2" =', '"order-9" =', r"\[expect.orchestration\]: no order 'order-9' is given"),
        ('"order-2" = "refunded"', "", r"\[expect.orchestration\]: how must order-2 end"),
        ("[expect.choreography]", "[expect.jazz]", r"\[expect\]: .*missing: choreography"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(old, new, says):
    assert old in GOOD
    with pytest.raises(ScenarioError, match=r"^scenarios/bad\.toml") as error:
        scenario.parse(GOOD.replace(old, new, 1), "bad")

    assert re.search(says, str(error.value)), error.value


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_that_ships_is_whole(name):
    told = scenario.load(name)

    assert told.name == name
    assert told.title[0].isupper()
    assert not told.title.endswith(".")
    assert told.story.endswith(".")
    assert {*told.expect} == {*FLOWS}
    if any(fault.do in ("kill node", "pause node") for fault in told.faults):
        assert told.node_count == 3


def test_titles_and_names_are_apart():
    told = [scenario.load(name) for name in scenario.names()]

    assert len({one.title for one in told}) == len(told)


def test_an_unknown_scenario_is_answered_with_those_that_exist():
    with pytest.raises(UsageError, match=r"no scenario 'hapy-path'\. Known: .*happy-path, "):
        scenario.load("hapy-path")


def test_an_order_that_ended_otherwise_fails_the_run():
    told = scenario.load("happy-path")
    told.judge("choreography", {"order-17": "shipped"})

    for outcomes in ({"order-17": "unfinished"}, {}):
        with pytest.raises(
            RunError,
            match=r"order-17 must end shipped, and it ended unfinished\. Look at the run, or mend "
            r"\[expect\.choreography\] in scenarios/happy-path\.toml",
        ):
            told.judge("choreography", outcomes)


def test_the_digest_hangs_on_the_scenario():
    assert scenario.digest("happy-path") != scenario.digest("many-orders")


@pytest.mark.parametrize(
    "file", ["services/payment.py", "flows.py", "faults.py", "variants.py", "message.py",
             "outside.py", "scenarios/happy-path.toml"],
)  # fmt: skip
def test_the_digest_hangs_on_all_that_decides_a_run_and_not_on_line_ends(
    file, tmp_path, monkeypatch
):
    package = _copied(tmp_path)
    monkeypatch.setattr(sources.resources, "files", lambda _: package)
    before = scenario.digest("happy-path")
    text = (package / file).read_bytes()

    (package / file).write_bytes(text.replace(b"\n", b"\r\n"))
    assert scenario.digest("happy-path") == before
    (package / file).write_bytes(text + b"\n# more\n")
    assert scenario.digest("happy-path") != before


def _copied(folder):
    """The package's files that may count, in a folder of their own."""
    source = sources.resources.files("tracegen")
    for file in (
        *source.glob("*.py"),
        *source.glob("services/*.py"),
        *source.glob("scenarios/*.toml"),
    ):
        copy = folder / file.relative_to(source)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())
    return folder
