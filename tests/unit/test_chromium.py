"""How the tests come by a browser, on machines that have one, another one, or none."""

import shutil
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from tests.browser import chromium


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without any browser; `install(name)` puts one on its path."""
    on_path = {}
    own = tmp_path / "playwright" / "chrome"
    driver = SimpleNamespace(chromium=SimpleNamespace(executable_path=str(own)))

    @contextmanager
    def started():
        yield driver

    def install(name):
        on_path[name] = str(tmp_path / name)
        (tmp_path / name).touch()

    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", on_path.get)
    monkeypatch.setattr(chromium, "FOLDERS", [])
    monkeypatch.setattr(chromium, "sync_playwright", started)
    monkeypatch.setattr(chromium, "driver_complaint", lambda: "")
    monkeypatch.setattr(chromium, "is_root", lambda: True)
    monkeypatch.setattr(chromium, "run", lambda *_command: False)
    return SimpleNamespace(install=install, own=own, driver=driver)


def test_the_browser_that_somebody_names_goes_before_all_others(machine, monkeypatch, tmp_path):
    machine.install("chromium")
    machine.install("mine")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    assert chromium.make_sure().name == "mine"


def test_a_named_browser_that_is_not_there_is_not_replaced_in_silence(machine, monkeypatch):
    machine.install("chromium")
    monkeypatch.setenv("CHROMIUM", "nowhere")
    with pytest.raises(chromium.NoChromiumError, match="CHROMIUM=nowhere: there is no such file"):
        chromium.make_sure()


def test_playwrights_own_goes_before_the_systems(machine):
    machine.install("chromium")
    assert chromium.make_sure().name == "chromium"
    machine.own.parent.mkdir()
    machine.own.touch()
    assert chromium.make_sure() == machine.own


def test_on_debian_as_root_a_missing_browser_is_installed(machine, monkeypatch):
    machine.install("apt-get")
    seen = []

    def run(*command):
        seen.append(command)
        if command[-1] == "chromium":  # This Debian has no browser without a window.
            machine.install("chromium")
        return command[-1] != "chromium-headless-shell"

    monkeypatch.setattr(chromium, "run", run)
    assert chromium.make_sure().name == "chromium"
    assert [command[-1] for command in seen if "install" in command] == [
        "chromium-headless-shell",
        "chromium",
    ]


def test_elsewhere_playwright_downloads_one(machine, monkeypatch):
    def run(*command):
        assert command[1:] == ("-m", "playwright", "install", "chromium")
        machine.own.parent.mkdir()
        machine.own.touch()
        return True

    monkeypatch.setattr(chromium, "run", run)
    assert chromium.make_sure() == machine.own


def test_where_none_is_to_be_had_both_remedies_are_named(machine, capsys):
    assert chromium.main() == 1
    said = capsys.readouterr().err
    assert "playwright install chromium" in said
    assert "apt-get install chromium" in said


def test_a_driver_that_lacks_a_library_is_told_apart_from_a_missing_browser(machine, monkeypatch):
    machine.install("chromium")
    monkeypatch.setattr(chromium, "driver_complaint", lambda: "libatomic.so.1: not found")
    with pytest.raises(chromium.NoChromiumError) as refused:
        chromium.make_sure()
    assert "libatomic.so.1: not found" in str(refused.value)
    assert "sudo apt-get install libatomic1" in str(refused.value)


def test_the_driver_that_is_here_has_nothing_to_complain_of():
    assert chromium.driver_complaint() == ""
