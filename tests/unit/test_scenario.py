"""A scenario file is data; what is wrong in it is said with file and field."""

import re

import pytest

from tracegen import scenario
from tracegen.errors import RunError, ScenarioError, UsageError
from tracegen.outside import Entry

GOOD = """
title = "T"
story = "S"
[[given]]
name = "PlaceOrder"
key = "order-{n}"
count = 2
data = { sku = "book" }
[expect.choreography]
"*" = "shipped"
[expect.orchestration]
"order-1" = "shipped"
"order-2" = "refunded"
"""


def test_a_count_gives_that_many_orders_and_a_star_stands_for_the_rest():
    told = scenario.parse(GOOD, "good")

    assert told.orders() == ("order-1", "order-2")
    assert told.expected("choreography", "order-2") == "shipped"
    assert told.expected("orchestration", "order-2") == "refunded"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "order-{n}"', 'kee = "order-1"', r"\[\[given\]\] 1: .*missing: key; unknown: kee"),
        ('title = "T"', "title = 3", "title must be of type str"),
        ('title = "T"', "title = ", "not TOML"),
        ('story = "S"', 'story = "S"\npartitions = 0', "partitions is 0; 1 to 64 go"),
        ("count = 2", "count = 0", "0 orders are given"),
        ("count = 2", "count = true", "count must be of type int"),
        ("PlaceOrder", "ShipOrder", "no 'ShipOrder' from outside"),
        ('"refunded"', '"lost"', "'lost'; known: shipped, refunded, unfinished"),
        ('"order-2" =', '"order-9" =', "no order 'order-9' is given"),
        ('"order-2" = "refunded"', "", "how must order-2 end"),
        ("[expect.choreography]", '[[faults]]\nservice = "bank"\ndo = "kill"\nat = "start"\n'
         "[expect.choreography]", r"\[\[faults\]\] 1: service is 'bank'; known: .*payment"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(old, new, says):
    with pytest.raises(ScenarioError, match=r"scenarios/bad\.toml.*") as error:
        scenario.parse(GOOD.replace(old, new, 1), "bad")

    assert re.search(says, str(error.value)), error.value


def test_an_unknown_scenario_is_answered_with_those_that_exist():
    with pytest.raises(UsageError, match=r"no scenario 'hapy-path'. Known: happy-path, "):
        scenario.load("hapy-path")


def test_an_order_that_ended_otherwise_fails_the_run():
    told = scenario.load("happy-path")

    with pytest.raises(RunError, match="order-17 must end shipped, and it ended unfinished"):
        told.judge("choreography", [Entry("charge", "order-17", 4200, 1)])


def test_the_digest_hangs_on_the_scenario():
    assert scenario.digest("happy-path") != scenario.digest("many-orders")
