"""Find a Chromium for the tests, or bring one: `./dev test` runs this first."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = [
    "chromium-headless-shell",  # Debian's browser without a window: the same engine, half the work.
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
]
FOLDERS = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
]
REMEDIES = """no Chromium for the browser tests. Either of these brings one:
  .venv/bin/playwright install chromium
  your system's package, as `sudo apt-get install chromium`; or name one: CHROMIUM=/path/to/it"""

DRIVER_REMEDY = "  Debian, Ubuntu: sudo apt-get install libatomic1, which its Node.js needs"


class NoChromiumError(RuntimeError):
    """No browser is here; the text names the remedies."""


def is_root() -> bool:
    """Tell whether this is root, for whom Chromium has no sandbox and apt-get works as it is."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find(playwright: Playwright) -> Path | None:
    """Find a browser: the one that `$CHROMIUM` names, Playwright's own, or the system's.

    Raises:
        NoChromiumError: `$CHROMIUM` names something that is not there.
    """
    if named := os.environ.get("CHROMIUM"):
        if Path(named).exists():
            return Path(named)
        raise NoChromiumError(f"CHROMIUM={named}: there is no such file")
    on_path = [Path(path) for path in map(shutil.which, NAMES) if path]
    places = [Path(playwright.chromium.executable_path), *on_path, *map(Path, FOLDERS)]
    return next((place for place in places if place.exists()), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser that `find` finds, headless and without traffic of its own."""
    executable = find(playwright)
    if executable is None:
        raise NoChromiumError(REMEDIES)
    sandbox = ["--no-sandbox"] if is_root() else []
    own = str(executable) == playwright.chromium.executable_path  # It knows its own shell.
    return playwright.chromium.launch(
        executable_path=None if own else executable, args=[*FLAGS, *sandbox]
    )


def bring_browser() -> None:
    """Try to get a browser: by apt-get where that works as it is, else Playwright's download."""
    if not (apt_get("chromium-headless-shell") or apt_get("chromium")):
        run(sys.executable, "-m", "playwright", "install", "chromium")


def apt_get(package: str) -> bool:
    """Install one Debian package, where this is root on Debian; tells whether it is there now."""
    if not (is_root() and shutil.which("apt-get")):
        return False
    run("apt-get", "update", "-q")
    return run("apt-get", "install", "-y", "-q", "--no-install-recommends", package)


def run(*command: str) -> bool:
    """Run one command in front of the person; tells whether it went well."""
    print(f"browser: {' '.join(command)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return not subprocess.run(command, stdin=subprocess.DEVNULL, env=environment).returncode


def driver_complaint() -> str:
    """Start Playwright's Node.js; gives its last words where it fails, else nothing."""
    command = [sys.executable, "-m", "playwright", "--version"]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return (ran.stderr.strip().splitlines() or ["no word"])[-1] if ran.returncode else ""


def make_sure() -> Path:
    """Find a browser that tests can drive, or bring what is missing.

    Raises:
        NoChromiumError: There is none, and none is to be had by itself.
    """
    if driver_complaint() and not apt_get("libatomic1"):  # A smallest Debian lacks it.
        raise NoChromiumError(f"Playwright does not start: {driver_complaint()}\n{DRIVER_REMEDY}")
    with sync_playwright() as playwright:
        if find(playwright) is None:
            print("browser: none here, trying to get one", flush=True)
            bring_browser()
        if executable := find(playwright):
            return executable
    raise NoChromiumError(REMEDIES)


def main() -> int:
    """Make sure that there is a browser; exit code 1 and the remedies where there is none."""
    try:
        print(f"browser: {make_sure()}", flush=True)
    except NoChromiumError as error:
        print(f"browser: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
