"""A few jobs at a time, their results in order.

The threads are daemons: whoever interrupts the command need not wait for jobs under way. What a
job holds outside this process must end with it, as workers and the embedded Kafka do.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")

BEAT_S = 0.5


def in_order(
    jobs: Sequence[Callable[[], Result]], at_once: int, beat: Callable[[int], None]
) -> Iterator[Result]:
    """Run jobs in threads and give their results in the order of the jobs.

    Args:
        jobs: What to do.
        at_once: How many at the same time.
        beat: Told twice a second how many are done.

    Raises:
        Exception: What a job raised, when its turn comes; later jobs are not begun.
    """
    futures: list[Future[Result]] = [Future() for _ in jobs]
    waiting: SimpleQueue[tuple[Callable[[], Result], Future[Result]]] = SimpleQueue()
    for pair in zip(jobs, futures, strict=True):
        waiting.put(pair)
    for _ in islice(jobs, at_once):
        threading.Thread(target=_work, args=(waiting,), daemon=True).start()
    for future in futures:
        while True:
            beat(sum(one.done() for one in futures))
            try:
                yield future.result(BEAT_S)  # With a limit: without, Windows takes no Ctrl-C.
                break
            except TimeoutError:
                if future.done():
                    raise


def _work(waiting: "SimpleQueue[tuple[Callable[[], Result], Future[Result]]]") -> None:
    while True:
        try:
            job, future = waiting.get_nowait()
        except Empty:
            return
        try:
            future.set_result(job())
        except BaseException as error:
            future.set_exception(error)
            while not waiting.empty():
                waiting.get_nowait()
            return
