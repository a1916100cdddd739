"""The built site, served under a sub-path from a plain static server, and a real browser on it.

    def test_the_home_page_names_the_project(page, site):       # desktop, light
        page.goto(site)

    def test_the_menu_opens_on_a_phone(new_page, site):
        page = new_page(width=390, height=844, color_scheme="dark")
        page.goto(site + "visual/")

Whatever a page complains of fails its test at the end: errors on the console (violations of the
Content-Security-Policy among them), uncaught exceptions, and requests to any other origin. A test
that provokes one takes it from the `complaints` list.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser import chromium
from tracegen import columns, scenario, vendored
from tracegen.flows import FLOWS
from tracegen.runtimes import memory

ROOT = Path(__file__).resolve().parents[2]
SUB_PATH = "a/b"  # Nobody may count on standing at the root of a host.
BUILD_S_MAX = 400
LARGE_ORDERS = 5_000
LOCAL = ("data:", "blob:", "about:")
expect.set_options(timeout=20_000)  # In ms: machines are shared, and Kafka may run beside it.


class StaticHandler(SimpleHTTPRequestHandler):
    """A static host at its plainest: files, their types, and no header of its own."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # As its base class declares it.
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",  # Windows' registry may say otherwise.
        ".mjs": "text/javascript",
        ".jsonl": "application/jsonl",
    }

    def log_message(self, *_args: Any) -> None:
        """Say nothing: a test that fails has better things to show."""


class StaticServer(ThreadingHTTPServer):
    """Takes no offence at readers who leave before a file is through."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of what is wrong here; a connection that was cut is not."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def build_site(folder: Path, **environment: str) -> None:
    """Build the site as `./dev site` does, but from the recordings that are here."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    built = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BUILD_S_MAX,
    )
    if built.returncode:
        pytest.fail(f"mkdocs build --strict failed:\n{built.stdout}{built.stderr}", pytrace=False)


@contextmanager
def serving(folder: Path, handler: type[StaticHandler] = StaticHandler) -> Iterator[str]:
    """Serve a host's folder; gives the address below which the site stands, with a slash."""
    made = functools.partial(handler, directory=str(folder))
    with StaticServer(("127.0.0.1", 0), made) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{SUB_PATH}/"
        server.shutdown()


@pytest.fixture(scope="session")
def site_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site, once for all tests, with what runs Python in it."""
    vendored.make(ROOT)
    folder = tmp_path_factory.mktemp("host") / SUB_PATH
    build_site(folder)
    return folder


@pytest.fixture(scope="session")
def site(site_dir: Path) -> Iterator[str]:
    """Serve the built site; gives its address, which ends in a slash."""
    with serving(site_dir.parents[len(Path(SUB_PATH).parts) - 1]) as address:
        yield address


@pytest.fixture(scope="session")
def large(site_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same site with a recording of 100,000 spans, searched and not listed."""
    host = tmp_path_factory.mktemp("large")
    folder = host / SUB_PATH
    shutil.copytree(site_dir, folder)
    text = (resources.files("tracegen.scenarios") / "many-orders.toml").read_text(encoding="utf-8")
    told = scenario.parse(text.replace("count = 20", f"count = {LARGE_ORDERS}"), "many-orders")
    runs = tuple(memory.run(told, style, 3) for style in FLOWS)
    assert max(len(run.spans) for run in runs) >= 100_000
    for name, content in columns.published(runs):
        (folder / "recordings" / name).write_text(content, encoding="utf-8")
    page = folder / "scenarios" / "many-orders" / "index.html"
    searched = re.sub(
        r'<select data-all="order".*?</select>',
        '<input data-all="order" list="tg-all-orders" value="order-1">'
        '<datalist id="tg-all-orders"></datalist>',
        page.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    assert 'list="tg-all-orders"' in searched
    page.write_text(searched, encoding="utf-8")
    with serving(host) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for the session."""
    with sync_playwright() as playwright:
        try:
            started = chromium.launch(playwright)
        except chromium.NoChromiumError as error:
            pytest.fail(str(error), pytrace=False)
        yield started
        started.close()


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the pages of one test complain of; whatever is left at the end fails it."""
    return []


@pytest.fixture
def new_page(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a fresh context; further options are those of Playwright's contexts."""
    contexts = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text} ({message.location['url']})")

    def on_request(request: Request) -> None:
        frame = request.frame.url
        own = "/".join(frame.split("/")[:3])
        if not request.is_navigation_request() and not request.url.startswith((own, *LOCAL)):
            complaints.append(f"request to another origin: {request.url} from {frame}")

    def open_page(width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("request", on_request)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Open a page on a desktop, in light colours."""
    return new_page(color_scheme="light")
