"""Goal: every exercise can be solved, is not solved at the start, and plausible mistakes are found.

Method: starters, solutions and mistakes are run as the page's worker does, in every run that the
exercise asks for, and judged as in the page, from text to text.
"""

import ast
import json
import re
from pathlib import Path

import pytest

from tests.unit.playground_runs import run
from tracegen import exercises
from tracegen.playground import judge
from tracegen.playground.exercise import Ran, judged, outcome, ran

DOCS = Path("docs")
NAMES = exercises.names(DOCS)
SHIP, ANSWER, ONCE, BACK, WATCH, DIRECT, FRAUD, MAIL, *_ = NAMES


def start(name):
    return exercises.starter(DOCS, exercises.load(DOCS, name))


class Answer(dict):
    """The files of an answer, and the exercise that it answers."""

    def __init__(self, name, files):
        super().__init__(files)
        self.name = name

    def __or__(self, other):
        return Answer(self.name, {**self, **other})


def solved(name, *pairs, path=None):
    """The solution, with texts in one of its files replaced, each of which must be there."""
    files = exercises.solution(DOCS, exercises.load(DOCS, name))
    path = path or next(iter(files))
    text = files[path]
    for before, after in pairs:
        assert before in text, f"{path} has no {before!r}"
        text = text.replace(before, after)
    return Answer(name, {**files, path: text})


def results(name, files):
    published = json.loads(exercises.published(DOCS, name))
    return run(*({**one["plan"], "files": files} for one in published["runs"]))


def answer(name, files):
    """What the page says of an answer; `text`: its words, without markup."""
    found = json.loads(
        judge.judge_exercise(exercises.published(DOCS, name), json.dumps(results(name, files)))
    )
    found["text"] = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", found["html"])).strip()
    return found


def test_they_go_from_easy_to_hard():
    assert NAMES[:8] == [
        "ship-what-is-paid", "answer-who-asks", "charge-once", "give-the-money-back",
        "watch-for-the-end", "direct-the-order", "check-before-paying", "write-to-the-customer",
    ]  # fmt: skip
    minutes = [exercises.load(DOCS, name).minutes for name in NAMES]
    assert minutes == sorted(minutes)


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes_every_check_in_every_run(name):
    found = answer(name, solved(name))

    assert found["passed"], found["text"]
    assert found["announce"].startswith("Right: all ")
    assert "Does not hold" not in found["text"]


@pytest.mark.parametrize("name", NAMES)
def test_the_starter_passes_not_and_is_told_what_is_missing(name):
    found = answer(name, start(name))

    assert not found["passed"]
    assert found["announce"].startswith("Not yet: ")
    assert "Does not hold" in found["text"]


OVERDUE = '[Message("event", "OrderOverdue", order)]'
MISTAKES = {
    "ships whatever it hears": solved(
        SHIP, ('    if message.name != "PaymentProcessed":\n        return state, []\n', "")
    ),
    "tells and does not ship": solved(SHIP, ("[ship, shipped]", "[shipped]")),
    "ships and does not tell": solved(SHIP, ("[ship, shipped]", "[ship]")),
    "ships and forgets": solved(SHIP, ('{**state, message.key: {"status": "shipped"}}', "state")),
    "knows the orders by name": solved(
        SHIP, ('message.name != "PaymentProcessed"', 'message.key not in ("order-17", "order-19")')
    ),
    "ships twice, to be sure": solved(
        SHIP,
        ("idempotency_key=message.id", ""),
        ("[ship, shipped]", "[ship, ship, shipped]"),
    ),
    "answers the first time alone": solved(ANSWER, ("return state, [done]", "return state, []")),
    "answers and ships nothing": solved(ANSWER, ("[ship, done]", "[done]")),
    "ships again when it comes back": solved(ANSWER, (", idempotency_key=message.id", "")),
    "ships each time that it is asked": solved(
        ANSWER,
        ("    if message.key in state:\n        return state, [done]\n", ""),
        (", idempotency_key=message.id", ""),
    ),
    "asks for the parcel before the money is there": solved(
        DIRECT,
        ('("paying",    "ProcessPayment")', '("shipping",  "ShipOrder")'),
    ),
    "ships what is declined": solved(
        DIRECT, ('("cancelled", None)', '("shipping",  "ShipOrder")')
    ),
    "asks again for whatever comes again": solved(
        DIRECT,
        ('(saga["status"], message.name)', "WHEN.get(message.name, ())"),
        (
            "\n\ndef handle",
            '\nWHEN = {"OrderCreated": ("new", "OrderCreated"), "PaymentDone": ("paying", '
            '"PaymentDone")}\n\n\ndef handle',
        ),
    ),
    "never completes": solved(DIRECT, ('("complete",  None)', '("shipping",  None)')),
    "remembers and does not let the bank know": solved(
        ONCE,
        (", idempotency_key=message.id", ""),
        ("    match", "    if message.key in state:\n        return state, []\n    match"),
    ),
    "gives the bank one key for all": solved(
        ONCE, ("idempotency_key=message.id", 'idempotency_key="payment"')
    ),
    "charges the amount that it saw once": solved(
        ONCE, ('amount_cents = message.data["amount_cents"]', "amount_cents = 100")
    ),
    "charges nobody, which is not twice either": solved(ONCE, ("[charge, answer]", "[answer]")),
    "cancels and keeps the money": solved(
        BACK,
        (
            '("shipping",       "ReplyTimedOut"):   ("refunding",      "RefundPayment")',
            '("shipping",       "ReplyTimedOut"):   ("cancelled",      None)',
        ),
    ),
    "gives up before anything has happened": solved(
        BACK,
        (
            '("placed",         "OrderCreated"):    ("taking payment", "ProcessPayment")',
            '("placed",         "OrderCreated"):    ("cancelled",      None)',
        ),
    ),
    "refunds whatever comes": solved(
        BACK,
        (
            '("shipping",       "ShipDone"):        ("complete",       None)',
            '("shipping",       "ShipDone"):        ("refunding",      "RefundPayment")',
        ),
    ),
    "never hears that the money is back": solved(
        BACK, ('("refunding",      "PaymentRefunded"): ("cancelled",      None),', "")
    ),
    "sets no timer": solved(BACK, ('    "shipping":       5_000,\n', "")),
    "cries at once": solved(WATCH, ("[late]", OVERDUE)),
    "cries about orders that ended": solved(
        WATCH,
        ('return {**state, order: {"status": "ended"}}, []', "return state, []"),
    ),
    "cries for each time-out": solved(
        WATCH, (' and status == "new"', ""), (' and status == "waiting"', "")
    ),
    "begins to wait when the end was read first": solved(
        WATCH,
        ('"OrderCreated" and status == "new"', '"OrderCreated"'),
    ),
    "waits ten seconds": solved(WATCH, ("5_000", "10_000")),
    "takes the money before the check": solved(
        FRAUD,
        ('"payment": ("approvals",)', '"payment": ("orders", "approvals")'),
        path="flows.py",
    )
    | {
        "services/payment.py": solved(FRAUD)["services/payment.py"].replace(
            'case "OrderApproved"', 'case "OrderCreated" | "OrderApproved"'
        )
    },
    "does not hand the order on": solved(
        FRAUD, ("message.key, message.data)", 'message.key, {"amount_cents": 0, **message.data})'),
        ('"amount_cents": 0, **message.data', '**message.data, "amount_cents": 0'),
        path="services/fraud.py",
    ),
    "nobody waits for the check": solved(
        FRAUD, ('"payment": ("approvals",)', '"payment": ("orders",)'), path="flows.py"
    )
    | {"services/payment.py": start(FRAUD)["services/payment.py"]},
    "writes each time that it is asked": solved(
        MAIL,
        ("    if message.key in state:  # The answer again, not the e-mail.\n", ""),
        ("        return state, [sent]\n    #", "    #"),
        (", idempotency_key=message.id", ""),
    ),
    "remembers the e-mail and lets nobody else know": solved(
        MAIL, (", idempotency_key=message.id", "")
    ),
    "answers and does not write": solved(MAIL, ("[email, sent]", "[sent]")),
    "writes and does not answer": solved(MAIL, ("[email, sent]", "[email]")),
    "writes before the parcel has left": solved(
        MAIL,
        ('("shipping",       "ShipOrder")', '("telling",        "SendEmail")'),
        ('("telling",        "EmailSent"):       ("complete",       None)',
         '("telling",        "EmailSent"):       ("shipping",       "ShipOrder")'),
        ('("shipping",       "ShipDone"):        ("telling",        "SendEmail")',
         '("shipping",       "ShipDone"):        ("complete",       None)'),
        path="services/orchestrator.py",
    ),
    "calls it complete and asks for the e-mail then": solved(
        MAIL,
        ('("shipping",       "ShipDone"):        ("telling",        "SendEmail")',
         '("shipping",       "ShipDone"):        ("complete",       "SendEmail")'),
        path="services/orchestrator.py",
    ),
    "takes the money back for want of an e-mail": solved(
        MAIL,
        ('    "shipping":       5_000,\n', '    "shipping":       5_000,\n    "telling": 5_000,\n'),
        ('    ("shipping",       "ShipFailed")',
         '    ("telling", "ReplyTimedOut"): ("refunding", "RefundPayment"),\n'
         '    ("shipping",       "ShipFailed")'),
        path="services/orchestrator.py",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_plausible_mistake_passes_not(mistake):
    found = answer(MISTAKES[mistake].name, MISTAKES[mistake])

    assert not found["passed"]
    assert "Does not hold" in found["text"], found["text"]
    assert "A run failed" not in found["text"], "a mistake that stops the run shows nothing"


FORGETFUL = "    if message.key in state:\n        return state, []\n    match"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        (ONCE, solved(ONCE, ("idempotency_key=message.id", "idempotency_key=message.key"))),
        (
            ONCE,
            solved(ONCE, ("    match", FORGETFUL)),
        ),
        (
            WATCH,
            solved(
                WATCH,
                ('"waiting"', '"open"'), ('"ended"', '"closed"'), ('"overdue"', '"told"'),
            ),
        ),
        (SHIP, solved(SHIP, (", idempotency_key=message.id", ""))),
        (MAIL, solved(MAIL, ('"telling"', '"writing"'), path="services/orchestrator.py")),
        (DIRECT, solved(DIRECT, ('"paying"', '"asked B"'), ('"shipping"', '"asked C"'))),
        (
            BACK,
            solved(BACK, ("refunding", "giving back"), ("taking payment", "paying")),
        ),
    ],
)  # fmt: skip
def test_another_right_answer_passes_too(name, files):
    found = answer(name, files)

    assert found["passed"], found["text"]


@pytest.mark.parametrize("name", NAMES)
def test_how_an_answer_is_written_makes_no_difference(name):
    """Without its comments, in another layout, and with names of its own."""
    files = {
        path: ast.unparse(ast.parse(text)).replace("'status'", '"sta" "tus"').replace("saga", "x")
        for path, text in solved(name).items()
    }
    assert answer(name, files)["passed"]


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_that_only_stands_there_passes_not(name):
    """Whatever looks for words in the text would find them."""
    right = solved(name)
    files = {
        path: f"{text}\nRIGHT = {right[path]!r}\n" for path, text in start(name).items()
    }  # fmt: skip
    assert not answer(name, files)["passed"]


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_does_not_come_to_its_end_passes_nothing(name):
    files = solved(name)
    path = next(iter(files))
    found = answer(name, {**files, path: f"{files[path]}\n\nraise ValueError('no')\n"})

    assert not found["passed"]
    assert found["announce"] == (
        f"Not yet: a run failed, and 0 of {len(exercises.load(DOCS, name).checks)} checks hold."
    )
    assert f"{path}, line " in found["text"]
    assert "ValueError: no" in found["text"]


def test_an_answer_that_fails_in_one_run_alone_passes_not_and_is_told_where():
    fails = "    if message.key in state:\n        raise KeyError\n    match"
    files = solved(ONCE, ("    match", fails))
    found = answer(ONCE, files)

    assert not found["passed"]
    assert "A run failed: “killed after its state is saved”" in found["text"]
    assert "A run that it looks at says nothing of it." in found["text"]


def test_every_run_of_a_check_has_to_hold():
    exercise = exercises.load(DOCS, SHIP)
    runs = ran(exercise, json.dumps(results(SHIP, solved(SHIP))))
    assert {one.state for one in judged(exercise, runs)} == {"holds"}

    for number, one in enumerate(runs):
        lacking = [*runs[:number], Ran(one.run, None, "gone"), *runs[number + 1 :]]
        found = outcome(exercise, lacking)
        assert not found.passed
        assert "open" in {check.state for check in found.checks}
        assert not outcome(exercise, [*runs[:number], *runs[number + 1 :]]).passed


def forged(name, change):
    """The solution's results, with the first one changed."""
    first, *others = results(name, solved(name))
    return json.dumps([{**first, **change(first)}, *others])


FORGERIES = {
    "another run in its place": lambda first: {
        "trace": first["trace"].replace('"seed":0', '"seed":7', 1)
    },
    "no trace": lambda _: {"trace": None},
    "no recording": lambda _: {"trace": "{}"},
    "a failure beside a trace": lambda _: {"failure": {"kind": "busy", "text": "", "file": None}},
    "a failure that is none": lambda _: {"failure": 7},
    "what cannot have happened": lambda first: {
        "trace": first["trace"].replace('"times":1', '"times":2', 1)
    },
    "markup for words": lambda _: {"failure": {"text": "<b>right</b>", "file": "<i>", "line": 1}},
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_a_stranger_sends_in_place_of_a_run_passes_nothing(what):
    found = json.loads(
        judge.judge_exercise(exercises.published(DOCS, SHIP), forged(SHIP, FORGERIES[what]))
    )
    assert not found["passed"]
    assert "A run failed" in found["html"]
    assert "<b>" not in found["html"] and "<i>" not in found["html"]


def test_a_calm_run_in_place_of_one_with_trouble_passes_nothing():
    published = json.loads(exercises.published(DOCS, ONCE))
    calm = [{**one["plan"], "faults": [], "files": solved(ONCE)} for one in published["runs"]]
    found = json.loads(
        judge.judge_exercise(json.dumps(published), json.dumps(run(*calm)))
    )  # fmt: skip
    assert not found["passed"]
    assert "as your code never came there: &#39;kill&#39; of payment" in found["html"]


def test_the_page_gets_no_solution():
    for name in NAMES:
        published = exercises.published(DOCS, name)
        exercise = exercises.load(DOCS, name)
        for path, text in exercises.solution(DOCS, exercise).items():
            if text != exercises.starter(DOCS, exercise)[path]:
                assert json.dumps(text, ensure_ascii=False) not in published
