"""Worker and schedule say whether they work, and whether to start them anew."""

from __future__ import annotations

import socket

import requests

from worker.health import ALIVE_SECONDS, READY_SECONDS, Pulse, health_app, serve


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def statuses(pulse: Pulse) -> tuple[int, int]:
    """What /health and /alive answer."""
    client = health_app(pulse).test_client()
    return client.get("/health").status_code, client.get("/alive").status_code


def test_what_has_not_moved_yet_is_not_ready_and_left_alone() -> None:
    clock = Clock()
    pulse = Pulse(clock)

    assert (503, 200) == statuses(pulse)
    clock.now += ALIVE_SECONDS + 1
    assert (503, 503) == statuses(pulse)


def test_what_stands_still_is_first_not_ready_and_long_after_started_anew() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.feel(sender="a signal")

    assert (200, 200) == statuses(pulse)
    clock.now += READY_SECONDS + 1
    assert (503, 200) == statuses(pulse)
    clock.now += ALIVE_SECONDS
    assert (503, 503) == statuses(pulse)
    pulse.feel()
    assert (200, 200) == statuses(pulse)


def test_it_is_served_where_the_place_is_free_and_the_work_goes_on_where_it_is_not() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    pulse = Pulse()
    pulse.feel()
    serve(pulse, address)
    serve(Pulse(), address)
    serve(Pulse(), "")

    assert 200 == requests.get(f"http://{address}/health", timeout=5).status_code
