"""Scenarios find their place by what goes wrong in them."""

from dataclasses import replace

from tracegen import lab, scenario
from tracegen.faults import Cause, Fault


def named(name: str) -> scenario.Scenario:
    return scenario.load(name)


def test_every_scenario_has_its_place_once():
    assert sorted(one.name for one in lab.in_order()) == scenario.names()


def test_kinds_of_trouble_follow_each_other_and_none_is_torn_apart():
    kinds = [lab.kind(one) for one in lab.in_order()]

    assert list(dict.fromkeys(kinds)) == list(lab.KINDS)
    assert kinds == sorted(kinds, key=list(lab.KINDS).index)


def test_the_kind_follows_from_the_faults_and_not_from_the_name():
    plain = named("happy-path")
    kill = Fault("kill", "payment", on=Cause(("OrderCreated",), delivery=1), at="sent")

    assert lab.kind(plain) == "Nothing goes wrong"
    assert lab.kind(replace(plain, faults=(Fault("kill", "shipping"),))) == (
        "A service gives no answer"
    )
    assert lab.kind(replace(plain, faults=(kill,))) == "A service is killed at work"
    assert lab.kind(replace(plain, variant="extended")) == "The flow changes"


def test_who_stays_away_stands_before_who_comes_back_and_who_comes_back_late():
    names = [one.name for one in lab.in_order()]

    assert (
        names.index("silent-service") < names.index("service-returns") < names.index("late-return")
    )


def test_an_answer_stands_right_after_what_it_answers():
    names = [one.name for one in lab.in_order()]

    for one in lab.in_order():
        for answer in lab.answers(one.name):
            assert names.index(answer.name) == names.index(one.name) + 1
            assert lab.answered(answer.name) == one
    assert [one.name for one in lab.answers("late-return")] == ["late-return-patient"]
    assert lab.answered("happy-path") is None


def test_a_sound_run_of_the_plain_flow_is_what_others_are_held_against():
    found = lab.plain()

    assert found is not None
    assert (found.name, found.faults, found.variant) == ("happy-path", (), "")
