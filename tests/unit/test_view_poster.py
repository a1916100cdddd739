"""The small pictures show every message of a run, who reads it, and stand level with each other."""

import pytest

from tests.unit.texts import markup, model, pair
from tracegen.errors import PageError


def poster(style, scenario="happy-path"):
    return model("poster", *pair(scenario), style=style)


def test_choreography_is_a_staircase_of_events_that_ends_unread():
    drawn = poster("choreography")

    assert [hop.kind for hop in drawn.hops] == ["event"] * 3
    assert [len(hop.reads) for hop in drawn.hops] == [1, 1, 0]
    heights = [line.y for hop in drawn.hops for line in [hop.sent, *hop.reads]]
    assert heights == sorted(heights)
    assert drawn.said == (
        "Choreography. A sends an event that B reads; B sends an event that C reads; "
        "C sends an event that nobody reads."
    )


def test_orchestration_goes_out_by_commands_and_comes_back_by_replies():
    drawn = poster("orchestration")

    assert [hop.kind for hop in drawn.hops] == ["event", "command", "reply", "command", "reply"]
    assert [hop.sent.sign for hop in drawn.hops if hop.kind == "command"] == [1, 1]
    assert [hop.sent.sign for hop in drawn.hops if hop.kind == "reply"] == [-1, -1]
    assert all(len(hop.reads) == 1 for hop in drawn.hops)


def test_a_line_starts_and_ends_at_the_work_of_whoever_sends_and_reads():
    for style in ("choreography", "orchestration"):
        drawn = poster(style)
        works = {(x + side, y) for x, y in drawn.works for side in (-4, 4)}
        for hop in drawn.hops:
            assert (hop.sent.x, hop.sent.y - 20) in works
            assert all((line.to_x, line.y - 8) in works for line in hop.reads)
            assert hop.rail_x in drawn.rails
            assert hop.waits_to_y >= max(line.y for line in [hop.sent, *hop.reads])


def test_both_pictures_stand_level_and_nothing_leaves_them():
    left, right = poster("choreography"), poster("orchestration")

    assert (left.width, left.height) == (right.width, right.height)
    b_left, b_right = ({y for x, y in drawn.works if x == b_of(drawn)} for drawn in (left, right))
    assert b_left == b_right, "B works on the payment at the same height in both"
    for drawn in (left, right):
        assert all(0 < x < drawn.width for x in drawn.rails)
        assert all(0 < y < drawn.height for _, y in drawn.works)


def b_of(drawn):
    return dict(drawn.participants)["B"]


def test_a_record_that_a_dead_service_never_reads_is_shown_unread():
    drawn = poster("choreography", "silent-service")

    assert [len(hop.reads) for hop in drawn.hops] == [1, 0]
    assert drawn.said.endswith("B sends an event that nobody reads.")
    drawing = markup("poster", *pair("silent-service"), style="choreography")
    assert drawing.count("tg-poster-end") == 1


def test_another_style_is_answered_with_those_that_exist():
    with pytest.raises(PageError, match=r"no style 'chaos'\. Known: choreography, orchestration"):
        poster("chaos")
