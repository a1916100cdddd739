"""Progress without a terminal: a line when something begins, and now and then while it lasts."""

from tracegen.cli import progress


def test_a_line_comes_when_the_work_changes_and_every_two_seconds(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with progress.showing() as say:
        for text, after_s in (("fetching", 0), ("fetching", 1), ("fetching", 1.5), ("starting", 0)):
            now[0] += after_s
            say(text, 11_400_000, 44_600_000) if text == "fetching" else say(text, 1, 6)

    assert capsys.readouterr().err.splitlines() == [
        "tracegen: fetching, 11 of 45 MB",
        "tracegen: fetching, 11 of 45 MB, 2 s",
        "tracegen: starting, 1 of 6",
    ]
