"""A registry that fails or stalls takes neither the citizen's time nor the process's threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest
from flask import Flask, Response

from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryError, RegistryUnavailable
from tests.contract.registry.people import FATIMA
from tests.contract.registry.worlds import a_client_of_oddities, served

OFFICES = {"offices": [{"code": "C", "name": "N", "address": "A", "commune": "S", "region": "R"}]}


@dataclass
class Troubled:
    """Searches fail while `fails`, or stall until `released`; offices are always told."""

    fails: bool = False
    stalls: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: int = 0
    most: int = 0
    searches: int = 0
    full: threading.Event = field(default_factory=threading.Event)
    full_at: int = 0

    def app(self) -> Flask:
        """The registry."""
        app = Flask("troubled")

        @app.post("/oauth2/client/token")
        def token() -> dict[str, Any]:
            return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

        @app.post("/registry/sync/search")
        def search() -> Response | tuple[dict[str, Any], int]:
            with self.lock:
                self.searches += 1
                self.running += 1
                self.most = max(self.most, self.running)
                if self.running == self.full_at:
                    self.full.set()
            if self.stalls:
                self.released.wait(20)
            with self.lock:
                self.running -= 1
            return {"errors": []}, 503 if self.fails or self.stalls else 403

        @app.post("/counter/v1/offices/search")
        def offices() -> dict[str, Any]:
            return OFFICES

        return app


@pytest.fixture
def troubled() -> Iterator[tuple[Troubled, str]]:
    """Such a registry and its address."""
    registry = Troubled()
    with served(registry.app()) as url:
        yield registry, url
        registry.released.set()


def ask(registry: SpdciRegistry) -> str:
    """What comes of a search."""
    try:
        registry.household(FATIMA, "fr")
    except RegistryError as failed:
        return str(failed)
    return "answered"


def test_an_operation_that_fails_is_not_asked_for_and_others_are(
    troubled: tuple[Troubled, str],
) -> None:
    failing, url = troubled
    failing.fails = True
    registry = a_client_of_oddities(
        url, registry_retries=0, registry_breaker_failures=3, registry_breaker_seconds=600
    )

    outcomes = [ask(registry) for _ in range(10)]

    assert ["http.503"] * 3 + ["not asked: it failed just before"] * 7 == outcomes
    assert 3 == failing.searches
    assert registry.offices("Salé", "fr")


def test_a_registry_that_is_back_is_found_by_one_call(troubled: tuple[Troubled, str]) -> None:
    failing, url = troubled
    failing.fails = True
    registry = a_client_of_oddities(
        url, registry_retries=0, registry_breaker_failures=1, registry_breaker_seconds=0.01
    )
    assert "http.503" == ask(registry)
    failing.fails = False

    while (outcome := ask(registry)).startswith("not asked"):
        pass

    assert "http.403" == outcome
    assert "http.403" == ask(registry)


def test_stalled_searches_leave_threads_for_everything_else(
    troubled: tuple[Troubled, str],
) -> None:
    stalled, url = troubled
    stalled.stalls, stalled.full_at = True, 4
    registry = a_client_of_oddities(
        url,
        registry_calls_per_group=4,
        registry_place_seconds=0.05,
        registry_timeout_seconds=20,
        registry_call_seconds=20,
        registry_retries=0,
    )
    with ThreadPoolExecutor(12) as threads:
        searching = [threads.submit(ask, registry) for _ in range(12)]
        assert stalled.full.wait(10)
        assert registry.offices("Salé", "fr")
        refused = [one.result() for one in islice(as_completed(searching, timeout=10), 8)]
        stalled.released.set()
        outcomes = sorted(one.result() for one in searching)

    assert 4 == stalled.most
    assert ["not asked: too many calls already run"] * 8 == refused
    assert 4 == outcomes.count("http.503")


def test_a_stalled_token_is_waited_for_by_all_and_no_longer_than_a_call() -> None:
    released = threading.Event()
    app = Flask("no token")

    @app.post("/oauth2/client/token")
    def token() -> tuple[dict[str, Any], int]:
        released.wait(20)
        return {"error": "late"}, 503

    with served(app) as url:
        registry = a_client_of_oddities(
            url, registry_timeout_seconds=0.3, registry_call_seconds=0.5
        )
        with ThreadPoolExecutor(4) as threads:
            outcomes = [one.result(5) for one in [threads.submit(ask, registry) for _ in range(4)]]
        released.set()

    assert {"no answer in time", "no token in time", "no time is left for the call"} >= set(
        outcomes
    )


def test_a_failing_registry_is_told_as_such_while_it_is_not_asked(
    troubled: tuple[Troubled, str],
) -> None:
    failing, url = troubled
    failing.fails = True
    registry = a_client_of_oddities(url, registry_breaker_failures=1, registry_breaker_seconds=600)

    for _ in range(2):
        with pytest.raises(RegistryUnavailable):
            registry.household(FATIMA, "fr")
