"""What goes wrong is uncovered as the playhead passes it, and an address leads to each part of it.

Four pages stand for the others: a kill in the middle of an act, a dead letter, a loop, and a second
instance. What each drawing holds is tried without a browser.
"""

import pytest

from tests.browser.player import LOADED, PLAYER, go, opened, position, rests_at

ROW = "tr[data-row='{}'] td.tg-st-{}"
COUNT = f"{PLAYER}.story.rows.length"


def at(page, site, name):
    """A scenario's page whose player has both recordings."""
    opened(page, f"{site}scenarios/{name}/")
    page.wait_for_function(LOADED)
    return page


def row_with(page, selector):
    """The row of the first thing of a kind in choreography's drawing."""
    found = page.locator(f".tg-st-choreography {selector}").first
    return int(found.evaluate("each => each.closest('tr').dataset.row"))


def test_who_was_killed_in_the_middle_is_down_until_it_is_back(page, site):
    at(page, site, "duplicate-delivery")
    killed, back = (row_with(page, f".tg-st-live .tg-st-{each}") for each in ("cross", "ring"))
    bead = page.locator(".tg-st-playhead .tg-st-choreography [data-service=payment]")
    said = []
    for place in (killed - 1, killed, back):
        go(page, place)
        said.append(bead.get_attribute("data-knows"))

    assert back > killed
    assert said == ["nothing", "down", "part"]


def test_a_return_is_told_in_the_row_that_it_stands_in_and_not_before(page, site):
    at(page, site, "duplicate-delivery")
    back = row_with(page, ".tg-st-live .tg-st-ring")
    words = page.locator(ROW.format(back, "choreography") + " .tg-st-mark")

    go(page, back - 1)
    assert words.evaluate("each => getComputedStyle(each).visibility") == "hidden"
    go(page, back)
    assert words.is_visible() and "is back" in words.inner_text()


def test_a_dead_letter_opens_as_a_card_from_its_own_address(page, site):
    at(page, site, "retries")
    cell = page.locator(".tg-st-choreography .tg-st-dead[data-record]")
    anchor = cell.get_attribute("data-record")
    go(page, page.evaluate(COUNT))
    page.evaluate(f"anchor => {PLAYER}.set({{ record: anchor }})", anchor)

    card = page.locator(".tg-record-card:visible")
    card.wait_for()
    assert anchor.startswith("record-choreography-dead-letter")
    assert "dead-letters" in card.inner_text()


def test_a_loop_can_be_walked_to_its_end_and_every_row_has_its_address(page, site):
    at(page, site, "event-loop")
    count = page.evaluate(COUNT)
    skipped = row_with(page, ".tg-st-live .tg-st-stop")
    anchor = page.locator(ROW.format(skipped, "choreography")).get_attribute("id")

    assert page.evaluate(f"anchor => {PLAYER}.goTo(anchor, 'jump')", anchor)
    page.wait_for_function(f"at => {PLAYER}.moment.position === at", arg=skipped)
    assert position(page) == skipped
    go(page, count)
    assert page.locator(".tg-st-choreography .tg-st-dead").first.is_visible()


@pytest.mark.parametrize("view", ["flow", "all"])
def test_a_run_that_more_instances_join_plays_in_every_view(page, site, view):
    at(page, site, "scale-out")
    count = page.evaluate(COUNT)
    page.evaluate(f"([view, position]) => {PLAYER}.set({{ view, position }})", [view, count])
    rests_at(page, count)

    assert page.locator("trace-player [role=alert]:visible").count() == 0
