"""Goal: code that goes on for ever, or prints for ever, is stopped at the reader's line.

Method: what a reader might write, run as in the page, in a process of its own whose clock sends the
signals that the page's worker sends there.
"""

import json
import subprocess
import sys

import pytest

from tests.unit.playground_runs import plan
from tracegen import sources
from tracegen.playground import guard

PAYMENT = "services/payment.py"
FIRST = "    order = state.get(message.key, NEW)\n"
HERE = "# here"
RUN = """
import json, signal, sys, time
from tracegen.playground import guard, reader
guard.monotonic = time.process_time  # However busy others keep the machine.
guard.RUN_S_MAX, guard.AGAIN_S = 0.4, 0.1
told = []
guard._Watch.tell = staticmethod(told.append)
signal.signal(signal.SIGVTALRM, guard.beat)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.02, 0.02)
for line in sys.stdin:
    told.clear()
    print(json.dumps([json.loads(reader.run(line)), told]), flush=True)
signal.setitimer(signal.ITIMER_VIRTUAL, 0)
"""


def run(*bodies):
    """Run payment services whose handlers do something first, one after another."""
    plans = []
    for body in bodies:
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        plans.append(plan({PAYMENT: sources.text(PAYMENT).replace(FIRST, lines + FIRST)}))
    ran = subprocess.run(
        [sys.executable, "-c", RUN], input="".join(json.dumps(one) + "\n" for one in plans),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines()]


def line_of(body):
    """On which line of the service the one stands that says where it is."""
    before = sources.text(PAYMENT).partition(FIRST)[0].count("\n")
    return before + next(n for n, line in enumerate(body.splitlines(), 1) if HERE in line)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("while True: pass  # here", "busy"),
        (
            "while True:\n    try:\n        while True: pass  # here\n    except Exception: pass",
            "busy",
        ),
        ("while True: print('x' * 1000)  # here", "output"),
        ("print('x' * 100_000)  # here", "output"),
        (
            "while True:\n    try: print('x' * 1000)  # here\n    except Exception: pass",
            "output",
        ),
    ],
)
def test_what_goes_on_is_stopped_at_its_line_and_the_next_run_is_sound(body, kind):
    (result, _), (after, _) = run(body, "pass")
    failure = result["failure"]
    assert (failure["kind"], failure["file"], failure["line"]) == (kind, PAYMENT, line_of(body))
    assert [step["name"] for step in failure["trail"]] == ["handle"]
    assert after["trace"] and not after["failure"]


def test_who_swallows_the_first_exception_is_told_of_and_gets_another():
    body = (
        "print('so far')\nfor _ in range(3):\n    try:\n        count = 0\n"
        "        while True: count += 1  # here\n"
        "    except BaseException: print('caught')\nwhile True: pass"
    )
    [(result, told)] = run(body)
    assert result["failure"]["kind"] == "busy"
    assert result["printed"] == "so far\n" + "caught\n" * 3
    assert told[:2] == [f"line {PAYMENT}:{line_of(body)}", "printed so far\n"]
    assert len([one for one in told if one.startswith("line ")]) == 4


def test_code_that_ends_in_time_is_left_alone_and_no_clock_runs_afterwards():
    quick = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass"
    for result, told in run(quick, quick, quick):
        assert result["trace"] and not result["failure"] and not told


def test_what_is_printed_is_kept_up_to_a_size_and_not_beyond():
    printed = guard.Printed()
    print("a" * (guard.PRINTED_CHARACTERS_MAX - 1), end="", file=printed)
    assert not printed.is_cut
    with pytest.raises(guard.FloodError):
        print("bc", end="", file=printed)
    with pytest.raises(guard.FloodError):
        print("d", file=printed)
    kept = printed.getvalue()
    assert (len(kept), kept[-2:], printed.is_cut) == (guard.PRINTED_CHARACTERS_MAX, "ab", True)
