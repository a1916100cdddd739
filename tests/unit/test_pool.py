"""Several jobs at a time: results in order, the first failure wins, nothing waits for the rest."""

import threading

import pytest

from tracegen.cli.pool import in_order


def test_results_come_in_the_order_of_the_jobs_whoever_is_first():
    second_is_done = threading.Event()

    def first():
        assert second_is_done.wait(10)
        return 1

    def second():
        second_is_done.set()
        return 2

    assert list(in_order([first, second], 2, lambda _: None)) == [1, 2]


def test_no_more_run_at_once_than_asked_for():
    running, most = [], []
    lock = threading.Lock()

    def job():
        with lock:
            running.append(1)
            most.append(len(running))
        threading.Event().wait(0.02)
        with lock:
            running.pop()

    list(in_order([job] * 8, 3, lambda _: None))

    assert 1 <= max(most) <= 3


def test_what_a_job_raises_is_raised_and_later_jobs_are_not_begun():
    begun = []

    def fails():
        raise TimeoutError("the job's own")

    with pytest.raises(TimeoutError, match="the job's own"):
        list(in_order([fails, lambda: begun.append(1)], 1, lambda _: None))

    assert begun == []


def test_whoever_waits_is_told_how_many_are_done():
    told = []

    list(in_order([lambda: 1, lambda: 2, lambda: 3], 1, told.append))

    assert told == sorted(told)
    assert told[-1] <= 3
