"""Citizens at their phones: one who calls, and one who writes, until the time is over."""

from __future__ import annotations

import contextlib
import random
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from sandbox.chaos.line import Line, Noted
from sandbox.chaos.mind import APPLY, ASK, QUESTIONS, Mind
from sandbox.phone.client import Handset

_COMES: Final = (0.0, 3.0)
_THINKS: Final = (0.2, 1.2)
_WAITS: Final = (1.0, 3.0)
_REDIALS: Final = (0.5, 2.0)
_PATIENCE_SECONDS: Final = 15.0
_LOOKS: Final = 0.3
# Longer than it waits for the door.
_PROVIDER: Final = 40.0
_CODE: Final = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@dataclass(slots=True)
class Citizen:
    """A person with one phone on one channel; `read` is every text they were shown.

    After the `last_call` only who is about to apply goes on, and nobody once it is `over`.
    """

    mind: Mind
    channel: str
    described: dict[str, Any]
    phone: str
    noted: Noted
    last_call: threading.Event
    over: threading.Event
    chance: random.Random
    pace: float
    read: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def live(self) -> None:
        """Call or write until the time is over."""
        self.over.wait(self.chance.uniform(*_COMES) * self.pace)
        with Line(self.noted, self.channel, self.chance) as line:
            while not self.is_done():
                # A phone that does not answer in time is looked at again.
                with contextlib.suppress(requests.RequestException):
                    if self.channel == "ussd":
                        self._call(line)
                    else:
                        self._write(line)
            line.settle()

    def is_done(self) -> bool:
        """True where nothing more is wanted."""
        return self.over.is_set() or (self.last_call.is_set() and self.mind.goal != APPLY)

    def inbox(self, channel: str = "") -> list[dict[str, Any]]:
        """What was sent to the phone."""
        asked = {"number": self.mind.person.number, "channel": channel}
        got = requests.get(f"{self.phone}/api/inbox", params=asked, timeout=20).json()
        return [one for one in got["messages"] if one["direction"] == "received"]

    def _pause(self, between: tuple[float, float] = _THINKS) -> None:
        self.over.wait(self.chance.uniform(*between) * self.pace)

    def _call(self, line: Line) -> None:
        handset = Handset(self.described, self.mind.person.number, line)
        while not self.is_done():
            screen = handset.dial()
            self.mind.begin()
            for _ in range(40):
                self.read.append(screen.text)
                if not screen.open or self.is_done() or self.chance.random() < 0.02:
                    break
                self._pause(_WAITS if self.mind.waits(screen.text) else _THINKS)
                screen = handset.press(self.mind.answer([screen.text], self._code))
            if screen.open and self.chance.random() < 0.5:
                handset.cancel()
            self._pause(_REDIALS)

    def _write(self, line: Line) -> None:
        said, heard = "salam", len(self._heard())
        while not self.is_done():
            if self.mind.goal == ASK and self.chance.random() < 0.2:
                self._say_out_of_order(line)
            self._say(line, said)
            texts, heard = self._hear(heard)
            self._pause()
            if texts:
                said = self.mind.answer(texts, self._code)
            else:
                self.mind.begin()
                # A choice that is made again might choose from another menu.
                said = "00" if said.isdigit() else self.chance.choice((said, "00"))

    def _say(self, line: Line, text: str) -> None:
        """Write a message. The phone's provider calls the door, takes the answer and reports it."""
        sid = "SM" + secrets.token_hex(16)
        form = {"channel": self.channel, "number": self.mind.person.number, "text": text}
        with contextlib.suppress(requests.RequestException):
            line.post(f"{self.phone}/api/send", json=form | {"message_id": sid}, timeout=_PROVIDER)

    def _say_out_of_order(self, line: Line) -> None:
        """Two questions, the second of which arrives first."""
        self.noted.count("reordered")
        first, second = self.chance.sample(QUESTIONS, 2)
        with Line(self.noted, self.channel, random.Random(self.chance.random())) as other:  # nosec B311
            later = threading.Timer(0.2, self._say, (other, first))
            later.start()
            self._say(line, second)
            later.join()
            other.settle()

    def _hear(self, heard: int) -> tuple[list[str], int]:
        """The texts that are an answer, as soon as there are some, or none in the end."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            arrived = self._heard()
            texts = [_as_lines(one) for one in arrived[heard:]]
            heard = len(arrived)
            self.read += texts
            texts = [text for text in texts if not self.mind.waits(text)]
            if texts or time.monotonic() > deadline or self.over.wait(_LOOKS * self.pace):
                return texts, heard

    def _heard(self) -> list[dict[str, Any]]:
        """What the door sent on the citizen's channel."""
        address = self.described["address"]
        return [one for one in self.inbox(self.channel) if one["from"] == address]

    def _code(self) -> str:
        """The code of the registry's last SMS; nobody waits long for it, or types it twice."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline and not self.over.is_set():
            for one in reversed(self.inbox()):
                found = None if one["from"].startswith("+") else _CODE.search(one["text"])
                if found and one["id"] not in self.used:
                    self.used.add(one["id"])
                    return found[1]
            self.over.wait(0.5)
        return "00"


def _as_lines(message: dict[str, Any]) -> str:
    items = (message.get("choices") or {}).get("items", ())
    titles = [f"{number} {item['title']}" for number, item in enumerate(items, 1)]
    return "\n".join([message["text"], *titles])


def play(citizens: list[Citizen]) -> Callable[[], None]:
    """Let all of them live; what is returned waits until the last has gone."""
    threads = [threading.Thread(target=one.live, name=one.channel) for one in citizens]
    for thread in threads:
        thread.start()

    def wait() -> None:
        for thread in threads:
            thread.join()

    return wait
