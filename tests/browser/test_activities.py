"""Nine activities: reachable, chosen, done; what was done is kept in this browser alone."""

import json

import pytest
from playwright.sync_api import expect

from tracegen.views.activities import ADVISED

KEPT = "tracegen.progress"


def kept(page):
    return json.loads(page.evaluate(f"localStorage.getItem({KEPT!r})") or "{}")


def links(page, path):
    page.goto(path)
    return page.eval_on_selector_all(
        "[data-tg-activity] a", "all => all.map((one) => [one.textContent, one.href])"
    )


def test_each_is_one_click_from_the_start_and_from_each_other(page, site):
    home = dict(links(page, site))

    assert list(home) == list(ADVISED)
    for name, address in home.items():
        others = [found for found, _ in links(page, address)]
        assert others == [one for one in ADVISED if one != name]
        expect(page.locator(".tg-chooser [aria-current=page]")).to_have_text(name)
        expect(page.locator(".tg-chooser > p")).to_contain_text("Afterwards you can")


def test_the_foot_of_each_leads_to_the_one_advised_next(page, site):
    page.goto(site + "why/")
    seen = ["Why"]
    while page.locator("[data-tg-next]").count():
        page.locator("[data-tg-next]").click()
        expect(page.locator(".tg-chooser [aria-current=page]")).not_to_have_text(seen[-1])
        seen.append(page.locator(".tg-chooser [aria-current=page]").inner_text())

    assert seen == list(ADVISED)
    assert kept(page)["activities"] == {
        **dict.fromkeys(ADVISED[:-1], "done"),
        ADVISED[-1]: "begun",
    }


def test_what_is_done_is_said_on_the_home_page_and_can_be_taken_back(page, site):
    page.goto(site + "why/")
    box = page.get_by_label("I am done with this page")
    box.check()
    page.goto(site)
    expect(page.locator("[data-tg-activity=Why]")).to_contain_text("done")
    expect(page.locator("[data-tg-sum]")).to_have_text("Done: 1 of 9.")

    page.goto(site + "why/")
    expect(box).to_be_checked()
    box.uncheck()
    expect(page.locator(".tg-chooser [data-tg-activity=Why]")).to_contain_text("begun")


def test_an_exercise_that_passed_is_told_of(page, site):
    page.goto(site + "try/")
    note = page.locator("[data-tg-task='exercise/charge-once'] .tg-passed")
    expect(note).to_be_hidden()
    page.evaluate(
        """document.querySelector("trace-exercise").dispatchEvent(new CustomEvent("tg-exercise",
           {bubbles: true, detail: {name: "charge-once", passed: true}}))"""
    )
    expect(note).to_be_visible()
    page.reload()
    expect(note).to_be_visible()
    page.goto(site + "exercises/")
    expect(note).to_be_visible()


@pytest.mark.parametrize(
    "found",
    ["{", "null", "7", '"text"', '{"activities": 1, "tasks": {}}', '{"activities": {"Why": 3}}',
     '{"activities": null, "tasks": [1, null, {}]}', '{"__proto__": {"Why": "done"}}'],
)  # fmt: skip
def test_whatever_stands_in_the_browser_the_page_works(new_page, site, found):
    page = new_page()
    page.add_init_script(
        f"localStorage.getItem({KEPT!r}) ?? localStorage.setItem({KEPT!r}, {found!r})"
    )
    page.goto(site + "why/")

    expect(page.locator(".tg-chooser [data-tg-activity=Why]")).to_contain_text("begun")
    page.get_by_label("I am done with this page").check()
    expect(page.locator(".tg-chooser [data-tg-activity=Why]")).to_contain_text("done")


def test_without_storage_the_way_on_is_there(new_page, site):
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})"
    )
    page.goto(site + "why/")
    page.locator("[data-tg-next]").click()

    expect(page.locator(".tg-chooser [aria-current=page]")).to_have_text("Visual")


def test_without_a_script_nothing_is_claimed_of_what_was_done(new_page, site):
    page = new_page(java_script_enabled=False)
    page.goto(site + "why/")

    expect(page.locator(".tg-chooser a")).to_have_count(len(ADVISED) - 1)
    expect(page.get_by_label("I am done with this page")).to_be_hidden()
    expect(page.locator("[data-tg-next]")).to_be_visible()
