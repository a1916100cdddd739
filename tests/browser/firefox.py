"""Firefox for the tests: the system's own, spoken to over WebDriver BiDi.

Playwright's build of Firefox comes from its makers' own host; the one of a Linux distribution has
all that is needed. BiDi is the W3C's protocol (https://w3c.github.io/webdriver-bidi/), JSON over a
WebSocket; only the few commands that the tests use are here.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from tests.browser.chromium import apt_get

NAMES = ["firefox-esr", "firefox"]
START_S_MAX = 60
ANSWER_S_MAX = 60
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
REMEDIES = """no Firefox for the browser tests. Either of these brings one:
  your system's package, as `sudo apt-get install firefox-esr`; or name one: FIREFOX=/path/to/it"""
PREFERENCES = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}
KEYS = {
    "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Control": "\ue009", "End": "\ue010",
    "Enter": "\ue007", "Escape": "\ue00c", "Home": "\ue011", "Shift": "\ue008", "Space": " ",
    "Tab": "\ue004",
}  # fmt: skip
"""W3C WebDriver, "Keyboard actions": what names no character has a code point of its own."""
MIDDLE = """async (element) => {
  for (let at = "", tries = 0; tries < 300; tries += 1) {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width, height } = element.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2];
    const isHit = element.contains(document.elementFromPoint(...middle));
    if (isHit && at === String(middle)) return middle;
    at = String(middle);
    await new Promise(requestAnimationFrame);
  }
  throw new Error("it does not rest, or something lies on it");
}"""


class NoFirefoxError(RuntimeError):
    """No browser is here; the text names the remedies."""


class FirefoxError(RuntimeError):
    """Firefox refused a command, or a script in the page threw."""


def find() -> Path | None:
    """Find a Firefox: the one that `$FIREFOX` names, or the system's.

    Raises:
        NoFirefoxError: `$FIREFOX` names something that is not there.
    """
    if named := os.environ.get("FIREFOX"):
        if Path(named).exists():
            return Path(named)
        raise NoFirefoxError(f"FIREFOX={named}: there is no such file")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def ensure() -> Path:
    """Find a Firefox, or install Debian's where this is root and there is an apt-get.

    Raises:
        NoFirefoxError: None is here and none could be brought.
    """
    if found := find():
        return found
    if apt_get("firefox-esr") and (found := find()):
        return found
    raise NoFirefoxError(REMEDIES)


class FirefoxPage:
    """One tab. Everything a page complains of is kept in `complaints`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = count(1)
        self.complaints: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        tree = self.send("browsingContext.getTree")
        self._context: str = tree["contexts"][0]["context"]

    def send(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer; events that come meanwhile are kept.

        Raises:
            FirefoxError: Firefox answers with an error.
        """
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv(timeout=ANSWER_S_MAX))
            if said.get("method") == "log.entryAdded":
                self._log(said["params"])
            if said.get("id") == number:
                if said["type"] == "error":
                    raise FirefoxError(f"{method}: {said['error']}: {said['message']}")
                return said["result"]

    def _log(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.complaints.append(f"{entry['type']}: {entry['text']}")

    def goto(self, url: str) -> None:
        """Load a page, and wait until it is loaded and stands in place of the one before."""
        self.evaluate("window.isLeft = true")
        self.send("browsingContext.navigate", context=self._context, url=url, wait="complete")
        # A page that changes its own address meanwhile passes for the one that was asked for.
        self.wait_for("!window.isLeft && document.readyState === 'complete'")

    def frames(self) -> list[Self]:
        """Give the pages that stand in frames of this one now; they share its complaints."""
        tree = self.send("browsingContext.getTree", root=self._context)
        found = []
        for child in tree["contexts"][0]["children"]:
            frame = copy(self)
            frame._context = child["context"]
            found.append(frame)
        return found

    def size(self, width: int, height: int) -> None:
        """Set the size of the viewport in CSS pixels."""
        viewport = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self._context, viewport=viewport)

    def evaluate(self, expression: str) -> Any:
        """Evaluate an expression; promises are awaited. What comes back is JSON.

        Raises:
            FirefoxError: It threw.
        """
        answer = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise FirefoxError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait_for(self, expression: str, timeout_s: float = 20) -> None:
        """Wait until an expression is true.

        Raises:
            FirefoxError: It does not become so.
        """
        end_s = time.monotonic() + timeout_s
        while not self.evaluate(expression):
            if time.monotonic() > end_s:
                raise FirefoxError(f"not true within {timeout_s:g} s: {expression}")
            time.sleep(0.05)

    def press(self, *keys: str) -> None:
        """Press keys together, as `press("Shift", "ArrowRight")`, and let them go."""
        codes = [KEYS.get(key, key) for key in keys]
        actions = [{"type": "keyDown", "value": code} for code in codes]
        actions += [{"type": "keyUp", "value": code} for code in reversed(codes)]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def type(self, text: str) -> None:
        """Press the keys of a text one after the other; Enter for each end of a line."""
        codes = [KEYS["Enter"] if letter == "\n" else letter for letter in text]
        kinds = ("keyDown", "keyUp")
        actions = [{"type": kind, "value": code} for code in codes for kind in kinds]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def click(self, selector: str, pointer: str = "mouse") -> None:
        """Click or tap the middle of the first element that a selector finds, once it rests."""
        box = self.evaluate(f"({MIDDLE})(document.querySelector({json.dumps(selector)}))")
        x, y = (round(value) for value in box)
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        kind = {"pointerType": pointer}
        self._act({"type": "pointer", "id": pointer, "parameters": kind, "actions": actions})

    def _act(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self._context, actions=[source])
        self.send("input.releaseActions", context=self._context)


@contextmanager
def running(**preferences: bool | int | str) -> Iterator[FirefoxPage]:
    """Start a Firefox with a fresh profile and give its only tab.

    Args:
        preferences: Further ones, with `__` for each dot: `ui__prefersReducedMotion=1`.

    Raises:
        NoFirefoxError: None is here and none could be brought, or it does not start.
    """
    wanted = {**PREFERENCES, **{k.replace("__", "."): v for k, v in preferences.items()}}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in wanted.items()]
        Path(folder, "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [str(ensure()), "--headless", "--no-remote", "--profile", folder]
        process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"],
            env={**os.environ, "HOME": folder, "MOZ_DISABLE_AUTO_SAFE_MODE": "1"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            with connect(f"{_address(process)}/session", max_size=None) as socket:
                yield FirefoxPage(socket)
                socket.close()
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _address(process: "subprocess.Popen[str]") -> str:
    """Wait for the line that says where Firefox listens."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:  # Ends when the process does; the runner's time-out guards it.
        said.append(line)
        if found := LISTENS.search(line):
            return found[1]
    raise NoFirefoxError(f"Firefox ended before it listened:\n{''.join(said[-10:])}")
