"""The twelve things that hand-written tables of this topic get wrong; our core page does not.

Goal: none of the faults is on the page, and each would be found if it were.
Method: the page's fences are drawn from simulated runs. For every fault a function looks for it
in what is drawn; a second one puts it there, and then it must be found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.content.core_page import (
    cell,
    columns,
    core,
    draw,
    first_column,
    numbers,
    pane,
    rows,
    view,
)
from tests.content.dom import Node, parse
from tests.content.runs import run
from tracegen.flows import CHOREOGRAPHY, FLOWS, ORCHESTRATION
from tracegen.services import orchestrator

VERBS = {"emits": "event", "sends": "command", "replies": "reply"}
DATA = {"amount_cents"}
"""Names that travel: keys of what the messages carry."""
STYLES = ("choreography", "orchestration")

Finder = Callable[[Node], Iterator[str]]
"""What is wrong with a page; nothing if the fault is not there."""


@dataclass(frozen=True)
class Fault:
    """Something to get wrong."""

    title: str
    find: Finder
    commit: Callable[[Node], None]
    """Put it on a page that has not got it."""


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return draw(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def page(html: str) -> Node:
    return parse(html)


@pytest.fixture
def broken(html: str) -> Node:
    """A page of its own, to break."""
    return parse(html)


# 1


def commands_and_replies_without_a_place(page: Node) -> Iterator[str]:
    records = [one.one("summary").text for one in view(page, "records").all("details", "tg-record")]
    for span in run("happy-path.orchestration").spans:
        if span.operation != "send" or span.envelope is None:
            continue
        name, place = span.message_name, f"{span.topic}, partition 0, offset {span.offset}"
        if f"{name} ({span.envelope.message.kind}) {place}" not in records:
            yield f"no record of {name} at {place}"
        links = view(page, "spacetime").all("a", title=f"topic {place}")
        if not any(name in link.text for link in links):
            yield f"the diagram has no place for {name}"
        told = f"{name} at offset {span.offset} of {span.topic}, partition 0"
        if told not in view(page, "transcript").text:
            yield f"the transcript has no place for {name}"
    if re.search(r"\bno (event|record)\b", core(page).text, re.IGNORECASE):
        yield "something is said to be no event or no record"


def take_the_record_of_a_command_away(page: Node) -> None:
    for record in view(page, "records").all("details", "tg-record"):
        if "ShipOrder" in record.one("summary").text:
            record.remove()


# 2


def kinds_mixed_up(page: Node) -> Iterator[str]:
    kinds = {m.name: m.kind for flow in FLOWS.values() for m in flow.messages}
    statuses = {status for status, _ in orchestrator.STEPS} | {*orchestrator.FINAL, "paid"}
    for shown in core(page).all("span", "tg-msg"):
        name = shown.one("code").text
        if name in statuses or name not in kinds:
            yield f"{name} is no message"
        elif f"tg-k-{kinds[name]}" not in shown.classes or f"({kinds[name]})" not in shown.text:
            yield f"{name} is shown as {shown.classes}, and is a {kinds[name]}"
    text = core(page).text
    said = [
        (name, kind) for kind, name in re.findall(r"the (event|command|reply) ([A-Z]\w+)", text)
    ]
    said += re.findall(r"([A-Z]\w+), an? (event|command|reply)", text)
    said += [
        (n, VERBS[verb]) for verb, n in re.findall(r"(emits|sends|replies) ([A-Z]\w+) \(", text)
    ]
    for name, kind in said:
        if kinds.get(name) != kind:
            yield f"{name} is called {kind}"


def call_a_reply_a_command(page: Node) -> None:
    for shown in view(page, "spacetime").all("span", "tg-msg"):
        if shown.one("code").text == "ShipDone":
            shown.attributes["class"] = "tg-msg tg-k-command"


# 3


def complete_before_the_last_reply(page: Node) -> Iterator[str]:
    tracker = pane(page, "orchestration")
    replied = first_column(tracker, "orchestrator.replies", "2")
    complete = first_column(tracker, "orchestrator", "complete")
    if not replied < complete < 99:
        yield f"the tracker is complete at {complete}, and C replies at {replied}"
    cells = {number: cell(page, number, "orchestration").text for number in range(1, 7)}
    sends = next((n for n, text in cells.items() if "replies ShipDone" in text), 99)
    ends = next((n for n, text in cells.items() if "complete" in text), 0)
    if not sends < ends:
        yield f"the diagram is complete at {ends}, and C replies at {sends}"


def complete_at_once(page: Node) -> None:
    for one in pane(page, "orchestration").all("td"):
        if one.text == "shipping":
            one.say("complete")


# 4


def one_run_in_the_tracker_of_the_other(page: Node) -> Iterator[str]:
    names = {
        flow.style: {*flow.topics, *(m.name for m in flow.messages), *flow.subscriptions}
        for flow in (CHOREOGRAPHY, ORCHESTRATION)
    }
    for style, other in (STYLES, STYLES[::-1]):
        shown = set(re.findall(r"[\w.]+", pane(page, style).text))
        if foreign := shown & (names[other] - names[style]):
            yield f"the tracker of {style} shows {', '.join(sorted(foreign))}"


def let_a_command_into_choreography(page: Node) -> None:
    pane(page, "choreography").one("td").say("ShipOrder")


# 5


def orchestration_without_a_trigger(page: Node) -> Iterator[str]:
    first = {style: cell(page, 1, style) for style in STYLES}
    for style, shown in first.items():
        if "A places the order" not in shown.text or "OrderCreated" not in shown.text:
            yield f"{style} does not start with A, who places the order"
        told = next(
            s for s in view(page, "transcript").all("section") if s.one("h3").text.lower() == style
        )
        if "comes from outside, as the command PlaceOrder" not in told.text:
            yield f"the transcript of {style} does not say what came from outside"


def begin_in_the_middle(page: Node) -> None:
    cell(page, 1, "orchestration").say("")


# 6


def steps_that_do_not_stand_level(page: Node) -> Iterator[str]:
    lines = view(page, "spacetime").one("tbody").all("tr")
    if [line.attributes["data-row"] for line in lines] != [str(row.number) for row in rows()]:
        yield "the rows of the diagram are not the steps"
    for line, row in zip(lines, rows(), strict=False):
        if row.step not in line.one("th").text:
            yield f"row {row.number} is not headed {row.step}"
        for style in STYLES:
            step, shown = row.of(style), line.one("td", f"tg-st-{style}").attributes.get("id")
            if shown != (step.anchor if step else None):
                yield f"row {row.number} of {style} shows {shown}"
            if step and step.step != row.step:
                yield f"{shown} is {step.step} and stands at {row.step}"


def shift_a_step(page: Node) -> None:
    paid, shipped = cell(page, 3, "choreography"), cell(page, 5, "choreography")
    ids = paid.attributes["id"], shipped.attributes["id"]
    shipped.attributes["id"], paid.attributes["id"] = ids


# 7


def columns_skipped(page: Node) -> Iterator[str]:
    wanted = [str(number) for number in range(len(rows()) + 1)]  # 0: before the first step.
    for style in STYLES:
        if (heads := columns(pane(page, style))) != wanted:
            yield f"{style}: columns {heads}"
        for line in pane(page, style).all("tr"):
            count = len(line.all("td"))
            if count not in (0, len(wanted)):
                yield f"{style}, {line.one('th').text}: {count} columns"


def skip_a_column(page: Node) -> None:
    for one in pane(page, "orchestration").all(data_row="4"):
        one.remove()


# 8


def questions_without_one_right_option(page: Node) -> Iterator[str]:
    questions = view(page, "quiz").all("form", "tg-question")
    if len(questions) < 3:
        yield f"{len(questions)} questions"
    for asked in questions:
        answers = asked.one("details", "tg-answers").all("li")
        right = [one for one in answers if "data-right" in one.attributes]
        letters = [one.attributes["value"] for one in asked.all("input")]
        if len(right) != 1 or letters != list("abcd"):
            yield f"{asked.one('legend').text}: {len(right)} of {len(letters)} are right"


def let_two_be_right(page: Node) -> None:
    for answer in view(page, "quiz").one("form").all("li"):
        answer.attributes["data-right"] = ""


# 9


def silence_that_is_noticed_in_choreography(page: Node) -> Iterator[str]:
    shown = page.one("main", id="silent").one("div", "tg-spacetime")
    told = page.one("main", id="silent").one("div", "tg-transcript").all("section")
    choreography, orchestration = (
        " ".join(part.text for part in shown.all("td", f"tg-st-{style}")) for style in STYLES
    )
    if "Ends in silence" not in choreography or "Lag on payments: 3" not in choreography:
        yield "choreography does not show the absence: the silence and the lag"
    if found := re.search(r"\bstalls?\b|timer|No reply|money back", told[0].text):
        yield f"choreography is said to notice: {found[0]}"
    if "Time-out fires" not in orchestration or "No reply within 5 s" not in orchestration:
        yield "orchestration does not show the time-out"
    asked = [form for form in view(page, "quiz").all("form") if "C is down" in form.text]
    chosen = [
        label.text
        for form in asked
        for answer in form.all("li", data_right="")
        for label in form.all("label")
        if label.one("input").attributes["value"] == answer.attributes["data-option"]
    ]
    if len(chosen) != 1 or "nobody notices, the order stays unfinished" not in chosen[0]:
        yield f"the quiz has another answer: {chosen}"


def let_choreography_notice(page: Node) -> None:
    told = page.one("main", id="silent").one("div", "tg-transcript").one("section")
    told.one("p").say("The order stalls, until B's timer fires.")


# 10


def choreography_without_an_end(page: Node) -> Iterator[str]:
    last = cell(page, len(rows()), "choreography")
    if not last.all(class_="tg-st-endbar") or "No group reads shipments" not in last.text:
        yield "the space-time diagram does not end where nobody reads"
    drawn = view(page, "flow").one("figure", data_style="choreography")
    strip = drawn.one("g", data_topic="shipments").text
    if "no consumer group" not in strip or not drawn.all("g", "flow-absent"):
        yield "the flow does not end where nobody reads"


def leave_the_end_out(page: Node) -> None:
    for end in view(page, "spacetime").all(class_="tg-st-endbar"):
        end.remove()


# 11


def what_kafka_keeps_left_out(page: Node) -> Iterator[str]:
    for record in view(page, "records").all("details", "tg-record"):
        facts = {one.text for one in record.all("dt")}
        wanted = {
            "Topic",
            "Partition",
            "Offset",
            "Key",
            "ce_id",
            "ce_correlationid",
            "ce_causationid",
        }
        if missing := wanted - facts:
            yield f"{record.one('summary').text} lacks {', '.join(sorted(missing))}"
    for style in STYLES:
        heads = [one.text for one in pane(page, style).all("th", scope="row")]
        for service, topics in FLOWS[style].subscriptions.items():
            for what in (f"{service} committed", f"{service} lag"):
                if heads.count(what) != len(topics):
                    yield f"the tracker of {style} has {heads.count(what)} rows '{what}'"
    compensation = page.one("main", id="silent").text
    if "gives the money back" not in compensation or "RefundPayment" not in compensation:
        yield "the silent run does not show how the money went back"


def hide_the_causes(page: Node) -> None:
    for one in view(page, "records").all("dt"):
        if one.text == "ce_causationid":
            one.say("id")


# 12


def internal_names(page: Node) -> Iterator[str]:
    ids = {one.attributes["id"] for one in core(page).walk() if "id" in one.attributes}
    links = [one for one in core(page).all("a") if "href" in one.attributes]
    for link in links:  # Without one: the name of a message that never was a record.
        page_of, _, anchor = link.attributes["href"].partition("#")
        if not page_of and anchor not in ids:
            yield f"a link leads nowhere: #{anchor}"
        if "tg-step" in link.classes and link.text.split()[-1] != numbers().get(anchor):
            yield f"step {link.text} leads to {anchor}"
    for node in core(page).walk():
        if {"code", "pre", "a", "label", "svg"} & {one.tag for one in node.up()}:
            continue  # Names of Kafka's and the code's own; links; and what one can choose.
        own = "".join(child for child in node.children if isinstance(child, str))
        for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", own):
            if word not in DATA:
                yield f"'{word}' is a name of ours"
        if named := re.search(r"\b(?:step|row) \d+", own):
            yield f"'{named[0]}' is a reference and no link"
        if seen := [anchor for anchor in numbers() if anchor in own]:
            yield f"{seen[0]} is seen"


def name_a_row(page: Node) -> None:
    view(page, "key-moments").one("p").say("As row_shipped shows.")


FAULTS = [
    Fault(
        "in orchestration a command or a reply is no record, without topic, partition and offset",
        commands_and_replies_without_a_place,
        take_the_record_of_a_command_away,
    ),
    Fault(
        "a reply is called a command, or a state is shown as a message",
        kinds_mixed_up,
        call_a_reply_a_command,
    ),
    Fault(
        "the orchestrator says complete before C has replied",
        complete_before_the_last_reply,
        complete_at_once,
    ),
    Fault(
        "something of one run shows in the tracker of the other",
        one_run_in_the_tracker_of_the_other,
        let_a_command_into_choreography,
    ),
    Fault(
        "orchestration starts without a trigger, or with another one",
        orchestration_without_a_trigger,
        begin_in_the_middle,
    ),
    Fault(
        "steps do not stand level by business step",
        steps_that_do_not_stand_level,
        shift_a_step,
    ),
    Fault("the tracker skips a step", columns_skipped, skip_a_column),
    Fault(
        "a question has not exactly one right option",
        questions_without_one_right_option,
        let_two_be_right,
    ),
    Fault(
        "without OrderShipped choreography stalls, or somebody in it notices",
        silence_that_is_noticed_in_choreography,
        let_choreography_notice,
    ),
    Fault(
        "the diagram of choreography has no end",
        choreography_without_an_end,
        leave_the_end_out,
    ),
    Fault(
        "keys, places, groups, lag, ids and compensation are left out",
        what_kafka_keeps_left_out,
        hide_the_causes,
    ),
    Fault(
        "a reference is an internal name, or no link to its row",
        internal_names,
        name_a_row,
    ),
]
TITLES = [fault.title for fault in FAULTS]


@pytest.mark.parametrize("fault", FAULTS, ids=TITLES)
def test_our_page_does_not_have_the_fault_that(fault: Fault, page: Node) -> None:
    assert list(fault.find(page)) == []


@pytest.mark.parametrize("fault", FAULTS, ids=TITLES)
def test_it_would_be_found_if(fault: Fault, broken: Node) -> None:
    fault.commit(broken)

    assert list(fault.find(broken)) != []
