"""The map of one run shows who was told and who merely heard."""

from tests.unit.spans import dropped
from tests.unit.texts import markup, model, pair, text


def test_the_hybrid_directs_two_and_announces_to_the_third():
    drawn = model("mined_map", pair("hybrid")[1]).drawing
    words = [(one.text, one.kind) for one in drawn.texts]

    kinds = {name: kind for name, kind in words if kind}
    assert kinds["OrderCompleted"] == "event"
    assert {name for name, kind in kinds.items() if kind == "command"} == {
        "PlaceOrder", "ProcessPayment", "ShipOrder",
    }  # fmt: skip
    assert ("read by E email, who sends nothing", "") in words


def test_the_directed_email_answers():
    drawn = model("mined_map", pair("new-service")[1]).drawing

    assert ("EmailSent", "reply") in [(one.text, one.kind) for one in drawn.texts]


def test_of_one_run_nothing_is_counted_that_was_there_once():
    assert "1 time" not in text(markup("mined_map", pair("hybrid")[1]))


def test_what_never_happened_is_not_on_the_map():
    run = pair("hybrid")[1]
    told = next(s for s in run.spans if s.message_name == "OrderCompleted")
    heard = next(s for s in run.children(told))

    less = dropped(run, told, heard, *run.children(heard))

    assert "OrderCompleted" not in markup("mined_map", less)
    assert "OrderCompleted" in markup("mined_map", run)
