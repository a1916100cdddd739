"""Goal: programs other than ours can read the days on which cards are due.

Method: the page's own script writes a calendar under Node; a strict little reader, which knows what
RFC 5545 asks of every event and nothing of our script, takes it apart.
"""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.check import command

SCRIPTS = Path(__file__).resolve().parents[2] / "docs" / "assets" / "js" / "recall"
DAYS = {date(2026, 11, 24): 10, date(2026, 12, 31): 1, date(2028, 2, 29): 3}
TITLE = "Recall: größte Übung; 3, 7 \\ 21, so long that a line with all of it has to be folded: "
ADDRESS = "https://example.org/a/rather/long/way/to/the/page/so/that/it/is/folded/too/recall/"
LINE_OCTETS_MAX = 75
ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP")
_LINE = re.compile(r"(?P<name>[A-Z-]+)(?P<parameters>(;[A-Z-]+=[^;:\"]+)*):(?P<value>.*)")
_ESCAPED = re.compile(r"\\(.)")

Property = tuple[str, str, str]


def lines(text: str) -> Iterator[Property]:
    """Unfold a calendar, and take its lines apart: name, parameters, value."""
    assert text.endswith("\r\n")
    physical = text.removesuffix("\r\n").split("\r\n")
    assert not any("\r" in line or "\n" in line for line in physical)
    assert max(len(line.encode()) for line in physical) <= LINE_OCTETS_MAX
    for line in text.removesuffix("\r\n").replace("\r\n ", "").split("\r\n"):
        match = _LINE.fullmatch(line)
        assert match, f"no content line: {line}"
        yield match["name"], match["parameters"], match["value"]


def events(text: str) -> list[dict[str, tuple[str, str]]]:
    """The events of a calendar, each with every property once."""
    first, *rest, last = lines(text)
    assert (first, last) == (("BEGIN", "", "VCALENDAR"), ("END", "", "VCALENDAR"))
    found: list[dict[str, tuple[str, str]]] = []
    head: dict[str, str] = {}
    inside: dict[str, tuple[str, str]] | None = None
    for name, parameters, value in rest:
        match name, value:
            case "BEGIN", "VEVENT":
                assert inside is None
                inside = {}
            case "END", "VEVENT":
                assert inside is not None
                found.append(inside)
                inside = None
            case _ if inside is None:
                assert name not in head and not found, f"{name} in the wrong place"
                head[name] = value
            case _:
                assert name not in inside, f"{name} twice"
                inside[name] = parameters, value
    assert inside is None
    assert head["VERSION"] == "2.0"
    assert head["PRODID"]
    return found


def spoken(value: str) -> str:
    """Text as a reader of the calendar sees it; a special character that is bare is an error."""
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", value)
    assert set(_ESCAPED.findall(value)) <= set("\\;,nN")
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


@pytest.fixture(scope="module")
def calendar() -> str:
    days = ",".join(
        f"[dayOf({one.year}, {one.month}, {one.day}), {count}]" for one, count in DAYS.items()
    )
    script = f"""
        import {{ calendar }} from {(SCRIPTS / "calendar.js").as_uri()!r};
        import {{ dayOf }} from {(SCRIPTS / "schedule.js").as_uri()!r};
        import {{ stamp }} from {(SCRIPTS / "clock.js").as_uri()!r};
        const say = {{ title: (n) => {TITLE!r} + n, about: "One,\\ntwo;", address: {ADDRESS!r} }};
        process.stdout.write(calendar([{days}], say, stamp()));
    """
    ran = subprocess.run(
        [command("node"), "--input-type=module"], input=script.encode(), capture_output=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


def test_each_day_with_cards_is_an_event_that_lasts_all_that_day(calendar: str) -> None:
    found = events(calendar)

    assert [set(event) for event in found] == [set(ONCE)] * len(DAYS)
    for event, (day, count) in zip(found, DAYS.items(), strict=True):
        assert event["DTSTART"] == (";VALUE=DATE", f"{day:%Y%m%d}")
        assert event["DTEND"] == (";VALUE=DATE", f"{day + timedelta(days=1):%Y%m%d}")
        assert spoken(event["SUMMARY"][1]) == f"{TITLE}{count}"
        assert spoken(event["DESCRIPTION"][1]) == "One,\ntwo;"
        assert event["URL"][1] == ADDRESS


def test_an_event_says_when_it_was_written_and_is_known_again_by_its_day(calendar: str) -> None:
    found = events(calendar)
    names = [event["UID"][1] for event in found]

    assert len(set(names)) == len(names)
    assert [f"{day:%Y%m%d}" in name for day, name in zip(DAYS, names, strict=True)] == [True] * 3
    for event in found:
        written = datetime.strptime(event["DTSTAMP"][1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert abs(datetime.now(UTC) - written) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("\r\n", "\n"),
        ("END:VEVENT\r\n", ""),
        ("VERSION:2.0\r\n", ""),
        ("\r\n ", ""),
        ("SUMMARY:", "SUMMARY "),
        ("TRANSP:", "URL:"),
        ("\\;", ";"),
    ],
)
def test_the_reader_takes_no_calendar_that_is_broken(
    calendar: str, whole: str, broken: str
) -> None:
    assert whole in calendar
    with pytest.raises((AssertionError, KeyError)):
        for event in events(calendar.replace(whole, broken)):
            spoken(event["SUMMARY"][1])
