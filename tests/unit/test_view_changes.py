"""What each change of a flow costs, in numbers that come from flows, files and recordings."""

from dataclasses import dataclass

import pytest

from tests.unit.texts import markup, model, pair, text
from tracegen.errors import PageError, UsageError
from tracegen.flows import FLOWS

AFTER = ("fraud-check", "hybrid", "new-service")
TITLES = ("In the middle", "At the end", "Both")


@dataclass(frozen=True)
class Runs:
    def trace(self, name):
        scenario, _, style = name.rpartition(".")
        return pair(scenario)[list(FLOWS).index(style)]


def build(after=AFTER, titles=TITLES, before="happy-path"):
    return model("changes", Runs(), before=before, after=after, titles=titles)


def test_each_change_is_measured_in_both_styles():
    found = build()

    assert [one.scenario for one in found.changes] == list(AFTER)
    assert [one.title for one in found.changes] == list(TITLES)
    redeployed = [[cost.side.redeployed for cost in one.costs] for one in found.changes]
    assert redeployed == [
        [("B payment",), ("orchestrator",)],
        [(), ("orchestrator",)],
        [("B payment",), ("orchestrator",)],
    ]


def test_records_are_those_that_the_runs_sent():
    for change in build().changes:
        for cost, before, after in zip(
            change.costs, pair("happy-path"), pair(change.scenario), strict=True
        ):
            counts = [sum(s.operation == "send" for s in run.spans) for run in (before, after)]
            assert list(cost.sent) == counts


def test_both_together_cost_the_orchestrator_s_topics_and_records_of_each():
    middle, end, both = (change.costs[1] for change in build().changes)

    assert both.sent[1] - both.sent[0] > (middle.sent[1] - middle.sent[0]) + (
        end.sent[1] - end.sent[0]
    ), "the e-mail is directed there, and announced in the hybrid"


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(PageError, match="run the same flows"):
        build(("happy-path",), ("a",))
    with pytest.raises(PageError, match="many-orders has 20 orders"):
        build(("many-orders",), ("a",))
    with pytest.raises(PageError, match="2 scenarios and 1 titles"):
        build(("fraud-check", "hybrid"), ("a",))
    with pytest.raises(UsageError, match="no scenario 'nowhere'"):
        build(("nowhere",), ("a",))


def test_the_table_says_so_in_words_and_numbers():
    drawn = text(markup("changes", Runs(), before="happy-path", after=AFTER, titles=TITLES))

    assert "In the middle Choreography To deploy again B payment Files 2" in drawn
    assert "At the end Choreography To deploy again none Files 1" in drawn
    assert "3 → 4" in drawn and "5 → 9" in drawn
