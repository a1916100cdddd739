"""The core page as its fences draw it, and where to look on it."""

import html
import re
from functools import cache
from pathlib import Path

from tests.content.dom import Node
from tests.content.runs import run, write
from tracegen import acts
from tracegen.fences import Drawing
from tracegen.recordings import Recordings

DOCS = Path(__file__).resolve().parents[2] / "docs"
FENCE = re.compile(r"^```tracegen\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def draw(folder: Path) -> str:
    """What the fences draw from simulated runs; and beside it the run in which C is silent."""
    drawing = Drawing(Recordings(write(folder)), {"docs": DOCS})
    page = (DOCS / "visual.md").read_text(encoding="utf-8")
    core = "".join(drawing.fence(body) for body in FENCE.findall(page))
    prose = html.escape(FENCE.sub("", page.split("---", 2)[2]))
    views = ("spacetime", "tracker", "transcript")
    silent = "".join(drawing.draw(view, "silent-service", {}) for view in views)
    return f'<main id="core">{prose}{core}</main><main id="silent">{silent}</main>'


@cache
def rows(scenario: str = "happy-path") -> tuple[acts.Row, ...]:
    return acts.rows(run(f"{scenario}.choreography"), run(f"{scenario}.orchestration"))


@cache
def numbers() -> dict[str, str]:
    """The number of the row in which each step stands, by its anchor."""
    return {
        step.anchor: str(row.number)
        for scenario in ("happy-path", "silent-service", "mute-service")
        for row in rows(scenario)
        for step in (row.choreography, row.orchestration)
        if step is not None
    }


def core(page: Node) -> Node:
    return page.one("main", id="core")


def view(page: Node, name: str) -> Node:
    return core(page).one("div", f"tg-{name}")


def cell(page: Node, number: int, style: str) -> Node:
    """What the diagram shows of one style in one row."""
    row = view(page, "spacetime").one("tr", data_row=str(number))
    return row.one("td", f"tg-st-{style}")


def pane(page: Node, style: str) -> Node:
    return view(page, "tracker").one("div", "tracker-pane", data_style=style)


def first_column(pane: Node, row: str, value: str) -> int:
    """The first step after which a row of the tracker has a value; 99 if it never has."""
    for line in pane.all("tr"):
        heads = line.all("th", scope="row")
        if heads and heads[0].text == row:
            for number, one in zip(columns(pane), line.all("td"), strict=False):
                if one.text == value:
                    return int(number)
    return 99


def columns(pane: Node) -> list[str]:
    """The steps after which a tracker says what stood where: the numbers at its columns' heads."""
    heads = pane.one("thead").all("th", scope="col")
    return [head.attributes["data-row"] for head in heads if "data-row" in head.attributes]
