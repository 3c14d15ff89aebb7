"""The wire between the citizens and the door: it notes what passes, delivers twice and too late."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

import requests

from core.privacy import Pseudonyms

_AT_ONCE: Final = 0.06
_LATER: Final = 0.06
_LATER_SECONDS: Final = (0.3, 6.0)


@dataclass(frozen=True, slots=True)
class Hop:
    """A USSD hop that was answered: when it began and ended, by the monotonic clock."""

    began: float
    ended: float


@dataclass(slots=True)
class Noted:
    """What passed over all lines: hops, the turns that were accepted, and faults by kind."""

    pseudonyms: Pseudonyms
    hops: list[Hop] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, fault: str) -> None:
        """One more fault of a kind."""
        with self.lock:
            self.faults[fault] += 1


class Line(requests.Session):
    """A connection to the door that is as bad as the real ones."""

    def __init__(self, noted: Noted, channel: str, chance: random.Random) -> None:
        super().__init__()
        self.trust_env = False
        self._noted, self._channel, self._chance = noted, channel, chance
        self._late: list[threading.Timer] = []

    def request(self, method: Any, url: Any, **given: Any) -> requests.Response:  # type: ignore[override]
        """Send a webhook; sometimes twice at once, sometimes once more when others have passed."""
        drawn = self._chance.random()
        if drawn < _AT_ONCE:
            self._noted.count("duplicate_at_once")
            twin = threading.Thread(target=self._again, args=(method, url, given))
            twin.start()
            try:
                return self._send(method, url, given)
            finally:
                twin.join()
        if drawn < _AT_ONCE + _LATER:
            self._noted.count("duplicate_reordered")
            after = self._chance.uniform(*_LATER_SECONDS)
            timer = threading.Timer(after, self._again, (method, url, given))
            self._late.append(timer)
            timer.start()
        return self._send(method, url, given)

    def settle(self) -> None:
        """Wait until the last late delivery is made."""
        for timer in self._late:
            timer.join()

    def _again(self, method: str, url: str, given: dict[str, Any]) -> None:
        with requests.Session() as other:
            other.trust_env = False
            try:
                self._note(given, time.monotonic(), other.request(method, url, **given))
            except requests.RequestException:
                self._noted.count("no_answer")

    def _send(self, method: str, url: str, given: dict[str, Any]) -> requests.Response:
        began = time.monotonic()
        try:
            answer = super().request(method, url, **given)
        except requests.RequestException:
            self._noted.count("no_answer")
            raise
        self._note(given, began, answer)
        return answer

    def _note(self, given: dict[str, Any], began: float, answer: requests.Response) -> None:
        ended = time.monotonic()
        form = _form(given.get("data"))
        with self._noted.lock:
            if answer.status_code != 200 or "status" in form:
                return
            self._noted.answered += 1
            self._noted.accepted.add(self._turn(form))
            if "sessionId" in form:
                self._noted.hops.append(Hop(began, ended))

    def _turn(self, form: dict[str, str]) -> str:
        """The key of the turn in the transcripts, as the door makes it."""
        if "MessageSid" in form:
            number, name = form["From"].removeprefix("whatsapp:"), form["MessageSid"]
        else:
            number = form["phoneNumber"]
            name = f"{form['sessionId']}:{form.get('text', '')}"
        key = self._noted.pseudonyms.number(number)
        return self._noted.pseudonyms.event(f"{self._channel}:{key}:{name}")


def _form(data: Any) -> dict[str, str]:
    if isinstance(data, bytes):
        read = parse_qs(data.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in read.items()}
    return dict(data or {})
