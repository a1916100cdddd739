"""The page for teachers: its links show a player alone at a step; its questions print alone."""

import html
import re

from playwright.sync_api import expect

from tracegen.views import embed


def test_a_plan_s_link_opens_the_player_alone_at_its_step(page, site):
    page.goto(site + "teach/")
    plan = page.locator(".tg-plan").first
    link = plan.get_by_role("link", name=re.compile("A service that says nothing"))
    (step,) = re.findall(r"step (\d+)", link.inner_text())
    link.click()
    expect(page.locator("html")).to_have_class(re.compile("tg-present"))
    expect(page.locator("[data-part=row]")).to_have_text(step)


def test_every_plan_s_step_is_on_its_page(page, site, site_dir):
    page.goto(site + "teach/")
    links = page.locator(".tg-plan-at a").evaluate_all("all => all.map((link) => link.href)")
    assert len(links) == 11
    for link in set(links):
        path, step = re.fullmatch(
            rf"{re.escape(site)}(\S+)\?run=[\w-]+&step=([\w-]+).*", link
        ).groups()
        text = (site_dir / path / "index.html").read_text(encoding="utf-8")
        assert f'id="{step}"' in text, link


def test_the_questions_print_without_their_keys_and_without_the_rest(page, site):
    page.add_init_script("window.print = () => {}")
    page.goto(site + "teach/")
    page.get_by_role("button", name="Print the questions alone").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".tg-questions").first).to_be_visible()
    for away in (".tg-questions .tg-key", ".tg-plan", "article h1"):
        expect(page.locator(away).first).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".tg-plan").first).to_be_visible()


def test_the_frame_to_copy_asks_for_what_a_frame_was_tried_with(page, site):
    page.goto(site + "teach/")
    snippet = page.locator("code", has_text="<iframe").inner_text()
    assert f'sandbox="{embed.SANDBOX}"' in html.unescape(snippet)
