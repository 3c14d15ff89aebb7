"""A turn is turned away where it would wait too long by what is measured, and only there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from channels.deadline import Said
from channels.turn_queue import TurnQueue
from core.errors import Overloaded

ANSWER = Said(("salam",))


@dataclass
class Clock:
    """A clock that stands still."""

    time: float = 1000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Work:
    """Turns that last until they may end."""

    queue: TurnQueue
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def take(self) -> Said:
        """Run until the gate opens."""
        self.begun.release()
        assert self.gate.wait(10)
        return ANSWER

    def start(self, running: int, waiting: int = 0) -> None:
        """Have so many turns run, and so many wait behind them."""
        for _ in range(running + waiting):
            self.queue.submit(self.take, 1e9)
        for _ in range(running):
            assert self.begun.acquire(timeout=5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(clock: Clock) -> Iterator[Work]:
    work = Work(TurnQueue(2, clock))
    yield work
    work.gate.set()
    work.queue.close()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what threads do."""
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_with_a_free_thread_nobody_waits(work: Work, clock: Clock) -> None:
    work.start(1)
    clock.time += 600

    assert 0.0 == work.queue.expected_wait()
    work.queue.submit(work.take, 0.0)


def test_the_wait_grows_with_the_queue_and_with_what_a_turn_takes(work: Work, clock: Clock) -> None:
    work.start(2)
    clock.time += 1
    alone = work.queue.expected_wait()
    work.start(0, 3)
    behind = work.queue.expected_wait()
    clock.time += 1

    assert (0.5, 2.0) == (alone, behind)
    assert 4.0 == work.queue.expected_wait()


def test_who_would_wait_too_long_is_turned_away_at_once(work: Work, clock: Clock) -> None:
    work.start(2)
    clock.time += 5

    with pytest.raises(Overloaded):
        work.queue.submit(work.take, 2.0)
    assert 2.5 == work.queue.expected_wait()


def test_a_queue_that_moves_fast_turns_nobody_away(work: Work, clock: Clock) -> None:
    work.start(2, 50)

    assert not work.queue.submit(work.take, 2.0).done()


def test_what_turns_took_is_remembered_when_the_next_have_just_begun(
    work: Work, clock: Clock
) -> None:
    work.start(2)
    clock.time += 10
    work.gate.set()
    until(lambda: work.queue.expected_wait() == 0.0)
    work.gate.clear()
    work.start(2)

    assert 0.5 < work.queue.expected_wait() < 2.0


def test_a_turn_that_was_given_up_while_it_waited_counts_no_more(work: Work, clock: Clock) -> None:
    work.start(2)
    future = work.queue.submit(work.take, 1e9)
    clock.time += 2
    before = work.queue.expected_wait()

    assert future.cancel()
    assert (2.0, 1.0) == (before, work.queue.expected_wait())


def test_a_turn_that_fails_makes_room(work: Work) -> None:
    def fail() -> Said:
        raise ValueError("no")

    for _ in range(4):
        with pytest.raises(ValueError, match="no"):
            work.queue.submit(fail, 1e9).result(5)

    until(lambda: work.queue.expected_wait() == 0.0)
    work.start(2)
