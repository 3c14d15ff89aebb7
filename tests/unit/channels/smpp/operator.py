"""An operator's SMSC in this process, and the line to it over a door of a test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import SecretStr

from channels.providers.smpp_ussd.hops import UssdOverSmpp
from channels.providers.smpp_ussd.names import Names
from channels.providers.smpp_ussd.settings import SmppSettings
from channels.smpp import run
from channels.smpp_calls import SmppCalls
from core.environment import read_settings
from core.messages import Expects
from sandbox.smsc.calls import Calls as Operator
from sandbox.smsc.settings import SmscSettings
from tests.builders import NUMBER
from tests.end_to_end.running_house import wait_for
from tests.unit.channels.door import Door
from tests.unit.channels.scripted_engine import says

T = TypeVar("T")
PASSWORD = "word"
MENU = says(
    "Que voulez-vous",
    expects=Expects.MENU,
    buttons=[("Inscription", "/check_registration"), ("Langue", "/change_language")],
    root=True,
)
ASKED = says("Votre IDCS", expects=Expects.IDCS)
GOODBYE = says("Au revoir", ends=True)


def an_operator(style: str = "default", **changes: Any) -> Operator:
    """A running SMSC on a port of its own."""
    given: dict[str, Any] = {
        "port": 0,
        "password": SecretStr(PASSWORD),
        "style": style,
        "patience_seconds": 5.0,
    }
    return Operator(read_settings(SmscSettings, None, **(given | changes)))


def smpp_settings(port: int = 2775, style: str = "default", **changes: Any) -> SmppSettings:
    """Settings of a bind to it."""
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "system_id": "twiza",
        "password": SecretStr(PASSWORD),
        "codes": "*555#",
        "style": style,
        "health_address": "",
        "repeat_seconds": 0.0,
        "longest_pause_seconds": 0.1,
    }
    return read_settings(SmppSettings, None, **(given | changes))


class Running:
    """A line that is kept in a thread until it is stopped; `faults` is what broke it."""

    def __init__(self, door: Door, settings: SmppSettings) -> None:
        self._door = door
        self._settings = settings
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(5)

    def stop(self) -> None:
        """Ask it to stop, and wait for its end."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._asked.set)
        self._thread.join(15)
        assert not self._thread.is_alive()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in its loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        settings = self._settings
        names = Names(
            self._door.store,
            self._door.pseudonyms,
            settings.session_seconds,
        )
        self.calls = SmppCalls(self._door.conversations, UssdOverSmpp(settings), names, settings)
        self._ready.set()
        await run(self.calls, settings.health_address, self._asked)


class Phone:
    """A phone at the operator's: each act returns what the SMSC tells of it."""

    def __init__(self, operator: Operator, number: str = NUMBER) -> None:
        self._operator = operator
        self._number = number
        self.session = ""

    def dial(self, dialled: str = "*555#", copies: int = 1, reference: int | None = None) -> Any:
        """Begin a session."""
        told = self._operator.dial(self._number, dialled, copies, reference)
        self.session = told["session"]
        return told

    def press(self, text: str, copies: int = 1) -> Any:
        """Answer the screen."""
        return self._operator.press(self.session, text, copies)

    def repeat(self) -> Any:
        """Have the last hop delivered once more."""
        return self._operator.repeat(self.session)

    def hang_up(self) -> Any:
        """Leave."""
        return self._operator.hang_up(self.session)


@contextmanager
def bound(
    door: Door, operator: Operator, style: str = "default", **changes: Any
) -> Iterator[Running]:
    """A line that is bound to an operator."""
    running = Running(door, smpp_settings(operator.center.port, style, **changes))
    try:
        wait_for("the bind", lambda: operator.center.bound, 10)
        yield running
    finally:
        running.stop()


@contextmanager
def a_line(
    door: Door, style: str = "default", **changes: Any
) -> Iterator[tuple[Operator, Running]]:
    """An operator and a line that is bound to it."""
    operator = an_operator(style)
    try:
        with bound(door, operator, style, **changes) as running:
            yield operator, running
    finally:
        operator.center.close()
