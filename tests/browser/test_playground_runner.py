"""Goal: whatever a reader writes, it ends, they are told where, and the page goes on.

Method: services that run away in every way we know, each run in the page as it is published.
Limits of time are far off: what is held to them is that it ended by itself or was ended, not how
fast this machine is. A run has 1.7 s, and is ended at 2.3 s.
"""

import json
from contextlib import suppress

import psutil
import pytest

from tests.browser import firefox
from tests.browser.conftest import ROOT
from tests.browser.playground import HAPPY, PAYMENT, Playground, line_of, service

pytestmark = pytest.mark.alone  # A run has so much time, and not so much work.

MS_MAX = 20_000
"""Ten times what a run may take: so loaded is a machine on which tests run side by side."""

GROWTH_BYTES_MAX = 60 * 2**20
"""Of one interpreter more, which is not collected yet: each run has a fresh one."""

TAKEN_BYTES_MAX = 450 * 2**20
"""Of all renderers, whoever else has a page open in this browser; alone, it is half of that."""

# What a handler does, and what is said of it. The line is the one that says "here".
RUNAWAYS = {
    "loops for ever": ("while True: pass  # here", "busy"),
    "loops, and catches exceptions": (
        "while True:\n    try:\n        while True: pass  # here\n    except Exception: pass",
        "busy",
    ),
    "waits": ("import time\ntime.sleep(3600)  # here", "sleep"),
    "takes memory": ("held = []\nwhile True: held.append(bytearray(1_000_000))  # here", "memory"),
    "takes memory bit by bit": (
        "held = [0]\nwhile True: held = [*held, *held]  # here", "memory",
    ),
    "takes all memory at once": ("held = bytearray(10**9)  # here", "memory"),
    "ends Python": ("import sys\nsys.exit(1)  # here", "exit"),
    "ends Python by hand": ("raise SystemExit  # here", "exit"),
    "ends the process": ("import os\nos._exit(1)  # here", "exit"),
    "aborts": ("import os\nos.abort()  # here", "exit"),
    "floods": ("while True: print('x' * 100)  # here", "output"),
    "floods with one line": ("print('x' * 1_000_000)  # here", "output"),
    "calls itself": ("def again(): again()  # here\nagain()", "recursion"),
    "starts a thread": (
        "import threading\nthreading.Thread(target=print).start()  # here", "error",
    ),
    "starts a process": ("import subprocess\nsubprocess.run(['ls'])  # here", "error"),
    "waits for an event loop": (
        "import asyncio\nasyncio.run(asyncio.sleep(3600))  # here", "error",
    ),
    "is one endless power": ("10 ** 10 ** 8  # here", "busy"),
    "matches for ever": ("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')  # here", "busy"),
    "asks a question": ("input('why?')  # here", "error"),
    "asks for what is not packed": ("import numpy  # here", "import"),
    "divides by nothing": ("1 / 0  # here", "error"),
}  # fmt: skip
# What cannot be interrupted: the page ends it, and knows the line it was at.
DEAF = {
    "swallows every exception": (
        "while True:\n    try:\n        while True: pass  # here\n    except BaseException: pass"
    ),
    "is one endless sum": "sum(range(10**15))  # here",
    "is one endless search": "-1 in iter(range(10**15))  # here",
}


# What goes deeper than Python's own limit, and takes the interpreter down.
DEEP = [
    "import sys\nsys.setrecursionlimit(10**9)\ndef again(): again()\nagain()",
    "class Again:\n    def __repr__(self): return repr(self)\nrepr(Again())",
    "held = []\nfor _ in range(10**6): held = [held]\nrepr(held)",
]
STOP = """void (({ runner }) => {
  const stop = () => {
    if (runner.state.name !== "running") return;
    runner.removeEventListener("state", stop);
    setTimeout(() => runner.stop(), 100);
  };
  runner.addEventListener("state", stop);
})(window.playground)"""


@pytest.fixture(scope="module")
def playground(browser, site):
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(site)
    made = Playground(page.evaluate, site)
    made.prepare()
    made.sound = made.run().result
    assert made.sound["trace"] and not made.sound["failure"]
    yield made
    page.close()


def runs_as_before(playground):
    assert playground.run().result == playground.sound


@pytest.mark.parametrize("what", RUNAWAYS)
def test_code_that_runs_away_is_stopped_at_its_line(playground, what):
    body, kind = RUNAWAYS[what]
    ran = playground.try_(body)
    assert ran.told == (kind, PAYMENT, line_of(service(body)))
    assert ran.result["trace"] is None and ran.ms < MS_MAX
    trail = ran.result["failure"]["trail"]
    assert trail and {step["file"] for step in trail} == {PAYMENT}
    assert "# here" in trail[-1]["code"]
    runs_as_before(playground)


@pytest.mark.parametrize("what", DEAF)
def test_code_that_cannot_be_interrupted_is_ended_and_the_page_goes_on(playground, what):
    ran = playground.try_(DEAF[what])
    assert ran.told == ("killed", PAYMENT, line_of(service(DEAF[what])))
    assert ran.ms < MS_MAX and ran.ticks > 10, "the page stood still"
    runs_as_before(playground)


def test_the_line_is_right_where_it_ran_well_before(playground):
    body = "calls.append(1)\nsum(range(10**15 if len(calls) == 2 else 1))  # here\nprint(1)"
    text = service(body, head="\n\ncalls = []\n")
    ran = playground.run({PAYMENT: text}, orders=3)
    assert ran.told == ("killed", PAYMENT, line_of(text))
    runs_as_before(playground)


def test_events_without_end_are_counted_and_stopped(playground):
    ran = playground.try_(
        "from tracegen.message import Message, Timer\n"
        "count = state.get(message.key, {'count': 0})['count'] + 1\n"
        "again = Message('command', 'Again', message.key)\n"
        "return {message.key: {'count': count}}, [Timer(again, 1)]"
    )
    assert ran.told == ("loop", None, None)
    runs_as_before(playground)


def test_a_loop_that_begins_on_import_is_stopped_at_its_line(playground):
    text = service("pass", head="\nwhile True: pass  # here\n")
    ran = playground.run({PAYMENT: text})
    assert ran.told == ("busy", PAYMENT, line_of(text))
    runs_as_before(playground)


@pytest.mark.parametrize("body", DEEP)
def test_a_stack_without_end_is_recursion_however_it_was_built(playground, body):
    kind, file, line = playground.try_(body).told
    assert (kind, file) == ("recursion", PAYMENT) and line
    runs_as_before(playground)


def test_an_interpreter_that_dies_is_replaced(playground):
    ran = playground.try_("import faulthandler\nfaulthandler._sigabrt()  # here")
    assert ran.told[:2] == ("exit", PAYMENT)
    runs_as_before(playground)


def test_what_was_printed_before_the_end_is_shown(playground):
    ran = playground.try_("print('so far')\n" + DEAF["swallows every exception"])
    assert (ran.result["printed"], ran.told[0]) == ("so far\n", "killed")
    ran = playground.try_("print('héllo', message.name)")
    assert ran.result["printed"] == "héllo OrderCreated\n" and not ran.result["failure"]
    flood = playground.try_("while True: print('x' * 100)").result
    assert (len(flood["printed"]), flood["printed_more"]) == (65_536, True)


def test_a_run_can_be_stopped_by_the_reader(playground):
    playground.evaluate(STOP)
    ran = playground.try_("while True: pass")
    assert ran.told[0] == "stopped"
    runs_as_before(playground)


def test_a_syntax_error_is_said_where_it_is(playground):
    ran = playground.run({PAYMENT: "def handle(state, message:  # here\n"})
    assert ran.told == ("syntax", PAYMENT, 1)


def test_nothing_that_a_run_leaves_behind_reaches_the_next(playground):
    leave = "import builtins, json, sys, time\nbuiltins.left = sys.left = 1\ntime.time = None"
    for mischief in (
        leave,
        "import sys\nsys.monitoring.free_tool_id(3)",
        "import json\ndel json.dumps",
    ):
        playground.try_(mischief)
    ran = playground.try_("import builtins, sys, time\nprint(hasattr(builtins, 'left'), time.time)")
    assert ran.result["printed"].startswith("False <built-in function time>")
    runs_as_before(playground)


def test_a_missing_module_is_said_in_our_words(playground):
    text = playground.try_("import numpy  # here").result["failure"]["text"]
    assert text.startswith("there is no module 'numpy' here.") and "Pyodide" not in text
    sleep = playground.try_("import time\ntime.sleep(2)").result["failure"]["text"]
    assert "time.sleep(2)" in sleep and "Timer" in sleep


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '"' + "x" * 100_000,
        '{"__proto__": {"trace": "x"}}',
        '{"trace": 1, "failure": [], "printed": {}}',
        '{"failure": {"kind": "<b>"}, "trace": "x"}',
        '{"trace": "<img src=x onerror=alert(1)>", "printed": "xxxxxxxx"}',
    ],
)
def test_a_result_that_is_none_is_read_as_one_that_failed(playground, text):
    """As the page would get it from an interpreter that a reader has taken over."""
    body = f"import sys\nsys.modules['tracegen.playground.reader'].json.dumps = lambda *_: {text!r}"
    body += ".replace('xxxxxxxx', 'x' * 1_000_000)"
    result = playground.try_(body).result
    assert set(result) == {"trace", "flow", "printed", "printed_more", "failure"}
    assert result["failure"] is None or result["failure"]["kind"] == "error"
    assert result["failure"] or result["trace"].startswith("<img")
    assert len(result["printed"]) <= 70_000
    runs_as_before(playground)


def test_twenty_runs_leave_no_more_memory_taken_than_the_first(browser, site):
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(site)
    playground = Playground(page.evaluate, site)
    playground.prepare()
    taken = []
    for number in range(25):
        assert not playground.try_(f"held = bytearray(10_000_000)  # {number}").result["failure"]
        taken.append(memory_of(browser))
    page.close()
    assert max(taken[5:]) - max(taken[:5]) < GROWTH_BYTES_MAX, taken
    assert min(taken) < TAKEN_BYTES_MAX, taken


def memory_of(browser):
    """What all renderers of this test hold alone, in bytes."""
    found = 0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "--type=renderer" in process.cmdline():
                found += process.memory_full_info().uss
    return found


def test_firefox_runs_stops_and_goes_on_as_well(site, playground):
    with firefox.running() as page:
        page.goto(site)
        there = Playground(page.evaluate, site)
        there.sound = there.run().result
        assert there.sound == playground.sound, "two browsers, one Python"
        for what in ("loops for ever", "takes memory", "ends the process", "waits", "calls itself"):
            body, kind = RUNAWAYS[what]
            assert there.try_(body).told == (kind, PAYMENT, line_of(service(body))), what
            runs_as_before(there)
        for what, body in DEAF.items():
            ran = there.try_(body)
            assert ran.told == ("killed", PAYMENT, line_of(service(body))), what
            assert ran.ticks > 10, "the page stood still"
            runs_as_before(there)
        assert there.try_(DEEP[0]).told[0] == "recursion"
        runs_as_before(there)


def test_the_judge_answers_says_what_it_cannot_and_goes_on(playground):
    asked = json.dumps({**HAPPY, "files": {}})
    result = json.dumps(playground.sound)
    recorded = (ROOT / "docs/recordings/happy-path.choreography.jsonl").read_text(encoding="utf-8")
    call = "window.playground.judge.call(...%s).catch(({ why }) => why)"
    ask = call % json.dumps(["verdict", asked, result, recorded])
    verdict = json.loads(playground.evaluate(ask))
    assert verdict["kind"] == "same" and verdict["announce"] and verdict["html"]
    for wrong in (["nothing"], ["player", "x", "y", "z"], ["verdict"]):
        assert playground.evaluate(call % json.dumps(wrong)) == "judge"
    assert json.loads(playground.evaluate(ask)) == verdict
    hostile = {**playground.sound, "trace": "<img src=x onerror=alert(1)>\n"}
    told = playground.evaluate(call % json.dumps(["verdict", asked, json.dumps(hostile), recorded]))
    assert json.loads(told)["kind"] == "impossible" and "<img" not in json.loads(told)["html"]
