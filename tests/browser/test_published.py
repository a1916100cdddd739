"""The site published at an address that the build knows: errors, cards, canonical addresses."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import SUB_PATH, StaticHandler, build_site, serving
from tests.browser.crawl import crawl
from tests.browser.player import violations


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Build with SITE_URL set and serve it as hosts do: 404.html under whatever is not there."""
    host = tmp_path_factory.mktemp("published")
    folder = host / SUB_PATH

    class Host(StaticHandler):
        def send_error(self, code, message=None, explain=None):
            body = (folder / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(host, Host) as address:
        build_site(folder, SITE_URL=address)
        yield address, folder


def test_an_address_that_leads_nowhere_leads_on(page, complaints, published):
    address, _ = published
    page.goto(address + "no/such/page/")
    assert [complaint for complaint in complaints if "status of 404" in complaint]
    complaints.clear()
    assert page.get_by_role("heading", level=1).inner_text() == "There is no such page"
    links = page.locator("article li a").evaluate_all("links => links.map(link => link.href)")
    assert address in links and address + "why/" in links
    for link in links:
        assert page.goto(link).status == 200


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_the_page_for_errors(new_page, complaints, published, width):
    address, _ = published
    for scheme in ("light", "dark"):
        page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
        page.goto(address + "no/such/page/")
        assert violations(page) == []
    complaints.clear()  # That there is no such page is what the host said.


def test_a_link_to_a_page_has_a_picture_at_an_absolute_address(published):
    address, folder = published
    for document in crawl(folder).values():
        (image,) = document.all("meta", property="og:image")
        assert image.attributes["content"].startswith(address)
        path = urlsplit(image.attributes["content"]).path.removeprefix(f"/{SUB_PATH}/")
        assert (folder / path).is_file()
        (own,) = document.all("link", rel="canonical")
        assert own.attributes["href"] == address + document.path


def test_without_an_address_no_page_claims_one(site_dir):
    for document in crawl(site_dir).values():
        assert not document.all("meta", property="og:image")
        assert not document.all("link", rel="canonical")
