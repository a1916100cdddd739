"""Goal: where Python cannot start, the page hears why, within a time, and can try again.

Method: hosts that lack something, or send what they should not, between the browser and the site.
"""

import json

import pytest

from tests.browser.conftest import SUB_PATH, StaticHandler, serving
from tests.browser.playground import OPEN, Playground

pytestmark = pytest.mark.alone  # A run has so much time, and not so much work.

STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'"
FAIL = """window.playground.runner.prepare().then(
  () => "ready", ({ why }) => [why, window.playground.runner.state])"""


@pytest.fixture
def hosted(site_dir, browser):
    """Open the site as another host sends it: what it does to a file is told by its name."""
    opened = []

    def open_at(**files):
        class Handler(StaticHandler):
            broken = dict(files)  # noqa: RUF012

            def do_GET(self):
                name = self.path.partition("?")[0].rpartition("/")[2].replace(".", "_")
                found = self.broken.get(name.replace("-", "_"))
                if found is None:
                    super().do_GET()
                elif isinstance(found, int):
                    self.send_error(found)
                else:
                    self._send(*found)

            def _send(self, headers, content):
                path = self.translate_path(self.path)
                if content is None:
                    with open(path, "rb") as file:
                        content = file.read()
                self.send_response(200)
                self.send_header("Content-Type", self.guess_type(path))
                self.send_header("Content-Length", str(len(content)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        host = serving(site_dir.parents[len(SUB_PATH.split("/")) - 1], Handler)
        address = host.__enter__()
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.evaluate(OPEN % json.dumps(address))
        opened.append((host, page))
        return page, address, Handler.broken

    yield open_at
    for host, page in opened:
        page.close()
        host.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"manifest_json": 404}, "unbuilt"),
        ({"python_zip": 500}, "fetch"),
        ({"python_zip": ({}, b"no zip")}, "boot"),
        ({"pyodide_asm_wasm_gz_bin": ({}, b"no gzip")}, "boot"),
        ({"pyodide_mjs": ({}, b"export const other = 1;")}, "boot"),
        ({"judge_worker_js": 404}, "boot"),
        ({"cage_html": 404}, "slow"),
        ({"judge_worker_js": ({"Content-Security-Policy": STRICT}, None)}, "boot"),
        ({"runner_worker_js": ({}, b"throw new Error('torn')")}, "boot"),
    ],
)
def test_why_python_does_not_start_is_told(hosted, files, why):
    page, _, _ = hosted(**files)
    found, state = page.evaluate(FAIL)
    assert (found, state["name"], state["why"]) == (why, "failed", why), state


def test_what_failed_for_once_is_tried_again_without_reloading(hosted):
    page, address, broken = hosted(python_zip=500)
    assert page.evaluate(FAIL)[0] == "fetch"
    broken.clear()
    again = Playground(page.evaluate, address)
    assert again.run().result["failure"] is None
    assert page.locator("iframe").count() == 1
