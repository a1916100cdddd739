"""Goal: the page Deep answers by keyboard, and is whole without a script."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect


def press(box: Locator) -> None:
    box.focus()
    box.press("Space")


def test_ticks_are_weighed_by_keyboard_kept_and_cleared(page: Page, site: str) -> None:
    page.goto(site + "deep/")
    tally = page.locator("[data-tally]")
    said = tally.get_by_role("status")
    reasons = tally.get_by_role("listitem")
    boxes = {style: page.locator(f".tg-decide input[data-for={style}]").first
             for style in ("choreography", "orchestration")}  # fmt: skip
    expect(said).to_contain_text("Tick what matters")

    press(boxes["orchestration"])
    expect(said).to_contain_text("speaks for orchestration")
    press(boxes["choreography"])
    expect(said).to_contain_text("contradict each other")
    expect(reasons).to_have_count(2)

    page.reload()
    expect(said).to_contain_text("contradict each other")
    expect(boxes["choreography"]).to_be_checked()
    press(tally.get_by_role("button"))
    expect(said).to_contain_text("Tick what matters")
    expect(reasons).to_have_count(0)
    expect(page.locator(".tg-decide input").first).to_be_focused()


def test_a_chosen_record_shows_what_stands_before_and_after_it(page: Page, site: str) -> None:
    page.goto(site + "deep/")
    pick = page.locator("[data-pick=B2]")

    press(pick)

    expect(page.locator("[data-said=B2]")).to_be_visible()
    expect(page.locator("[data-rec=B2][data-rel=self]")).to_have_count(3)  # One in each column.
    expect(page.locator("[data-rec=A2][data-rel=before]")).to_have_count(3)
    expect(page.locator("[data-rec=C2][data-rel=after]")).to_have_count(3)
    expect(page.locator("[data-rec=A1][data-rel=free]")).to_have_count(3)
    press(pick)
    expect(page.locator("[data-rec][data-rel]:not(.tg-orders-legend *)")).to_have_count(0)


def test_without_a_script_the_tables_are_whole_and_nothing_waits_for_a_tick(
    new_page: Callable[..., Page], site: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "deep/")
    rows = page.locator(".tg-decide tbody tr")

    expect(page.locator(".tg-decide input:visible, [data-tally]:visible")).to_have_count(0)
    expect(page.locator(".tg-pick:enabled")).to_have_count(0)
    assert rows.count() > 3
    for row in rows.all():
        expect(row).to_contain_text("But:")
