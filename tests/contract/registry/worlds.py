"""The two registries of the suite, holding the same people, and what a test may do around them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import redis
import requests
from flask import Flask, request
from pydantic import SecretStr
from werkzeug.serving import make_server

from actions.registry.calls import Witness
from actions.registry.mailbox import Mailbox
from actions.registry.port import Registry
from actions.registry.pretend import PretendRegistry
from actions.registry.settings import RegistrySettings
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryUnavailable
from tests.contract.registry.population import pretend_offices, pretend_records
from tests.contract.registry.witness import hold, hold_call

CLOSED_PORT_URL = "http://127.0.0.1:9"
CODE_LIFE_SECONDS = 300


class World(Protocol):
    """A registry under test and the hands of the test."""

    registry: Registry
    languages: tuple[str, ...]
    today: date

    def codes_sent_to(self, phone: str) -> list[str]:
        """The codes a phone has received, oldest first."""

    def advance(self, seconds: float) -> None:
        """Set the registry's clock ahead."""

    def break_down(self) -> None:
        """Make the registry unreachable."""


class PretendWorld:
    """The registry in memory, which holds its names in one script."""

    languages: tuple[str, ...] = ("fr",)

    def __init__(self) -> None:
        self._ahead = timedelta()
        self.today = datetime.now(UTC).date()
        self._pretend = PretendRegistry(
            pretend_records(datetime.now(UTC).date()),
            lambda: datetime.now(UTC) + self._ahead,
            CODE_LIFE_SECONDS,
            pretend_offices(datetime.now(UTC)),
        )
        self.registry: Registry = self._pretend

    def codes_sent_to(self, phone: str) -> list[str]:
        """See `World`."""
        return [message.code for message in self._pretend.sent if message.phone == phone]

    def advance(self, seconds: float) -> None:
        """See `World`."""
        self._ahead += timedelta(seconds=seconds)

    def break_down(self) -> None:
        """See `World`."""
        self._pretend.failure = RegistryUnavailable()


class SpdciWorld:
    """The HTTP client, in front of a served sandbox registry whose SMS arrive in `inbox`."""

    languages: tuple[str, ...] = ("ar", "ary", "fr", "zgh")

    def __init__(
        self,
        url: str,
        inbox: list[dict[str, str]],
        registry: Registry | None = None,
        day: date | None = None,
    ) -> None:
        self._url = url
        self._inbox = inbox
        self.registry: Registry = registry or a_client(url)
        self.today = day or datetime.now(UTC).date()

    def codes_sent_to(self, phone: str) -> list[str]:
        """See `World`."""
        texts = [message["text"] for message in self._inbox if message["to"] == phone]
        return [code for text in texts for code in re.findall(r"\b\d{6}\b", text)]

    def advance(self, seconds: float) -> None:
        """See `World`."""
        clock = f"{self._url}/sandbox/clock"
        requests.post(clock, json={"advance_seconds": seconds}, timeout=5).raise_for_status()

    def break_down(self) -> None:
        """See `World`."""
        self.registry = a_client(CLOSED_PORT_URL)


def a_client(
    url: str,
    store: redis.Redis | None = None,
    mailbox: Mailbox | None = None,
    witness: Witness = hold,
    **changes: Any,
) -> SpdciRegistry:
    """A client whose every exchange is held against its descriptions, or shown to `witness`."""
    return SpdciRegistry(client_settings(url, **changes), store, witness, mailbox)


def a_client_of_oddities(
    url: str, store: redis.Redis | None = None, **changes: Any
) -> SpdciRegistry:
    """A client whose calls are held against their descriptions; the answers break them."""
    return SpdciRegistry(client_settings(url, **changes), store, hold_call)


def client_settings(url: str, **changes: Any) -> RegistrySettings:
    """Settings of the HTTP client for a registry at `url`."""
    fields: dict[str, Any] = {
        "registry_url": url,
        "registry_client_id": "twiza",
        "registry_client_secret": SecretStr("secret-of-tests"),
    }
    return RegistrySettings(**(fields | changes))


@contextmanager
def served(app: Callable[..., Any]) -> Iterator[str]:
    """Serve a WSGI application on a free port; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def inbox_app(inbox: list[dict[str, str]]) -> Flask:
    """Where the sandbox registry delivers its SMS."""
    app = Flask("inbox")

    @app.post("/api/deliver")
    def deliver() -> tuple[str, int]:
        inbox.append(request.get_json())
        return "", 204

    return app
