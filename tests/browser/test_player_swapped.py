"""The theme may swap pages by script and keep the document: instant navigation, if switched on."""

from tests.browser.player import LOADED, PLAYER, READY

SWAP = """async (to) => {
  const text = await (await fetch(to)).text();
  history.pushState(null, "", to);
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const each of page.querySelectorAll("[href], [src]")) // As the theme's own script does.
    for (const name of ["href", "src"]) {
      const value = each.getAttribute(name);
      if (value && !/^(?:[a-z]+:)?\\/\\//i.test(value)) { each[name] = each[name]; break; }
    }
  const container = (page) => page.querySelector("[data-md-component=container]");
  container(document).replaceWith(container(page));
  await import(new URL("../assets/js/player/element.js", location.href).href);
}"""
HELD = f"""() => ({{
  elements: document.querySelectorAll("main *").length,
  frames: document.querySelectorAll(".tracker-frame").length,
  recordings: Object.keys({PLAYER}?.recordings ?? {{}}).length,
}})"""


def test_a_page_that_is_swapped_in_plays_and_leaves_nothing_behind(page, site):
    page.goto(site + "scenarios/")
    held = []
    for _ in range(3):
        page.evaluate(SWAP, site + "visual/")
        page.wait_for_selector(READY)
        page.wait_for_function(LOADED)
        held.append(page.evaluate(HELD))
        page.evaluate("window.left = document.querySelector('trace-player')")
        page.evaluate(SWAP, site + "scenarios/")
        assert page.evaluate("left.isConnected || left.signal.aborted === false") is False

    assert held[0] == held[1] == held[2]
    assert held[0]["frames"] == 2


def test_links_within_a_page_that_is_swapped_in_move_the_player(page, site):
    page.goto(site + "scenarios/")
    page.evaluate(SWAP, site + "visual/")
    page.wait_for_selector(READY)

    page.locator(".tg-transcript a.tg-step:visible").nth(3).click()

    page.wait_for_function(f"() => {PLAYER}.state.position > 1")
    assert page.evaluate(f"{PLAYER}.isConnected")
