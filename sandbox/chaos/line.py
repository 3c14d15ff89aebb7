"""The wire between the citizens and the door: it notes what passes, delivers twice and too late."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs

import requests

from core.privacy import Pseudonyms
from sandbox.phone import wire

_AT_ONCE: Final = 0.06
_LATER: Final = 0.06
_LATER_SECONDS: Final = (0.3, 6.0)


@dataclass(frozen=True, slots=True)
class Hop:
    """A USSD hop that was answered: when it began and ended, by the monotonic clock."""

    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


@dataclass(slots=True)
class Noted:
    """What passed over all lines: hops, the turns that were accepted, and faults by kind.

    Over a line that `is_calm` nothing passes twice.

    `accepted` are by their key in the transcripts, each with what is known of it for a reader;
    `carried` are texts that an answer held which no report is asked of, by number.
    """

    pseudonyms: Pseudonyms
    is_calm: bool = False
    hops: list[Hop] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    carried: Counter[tuple[str, str]] = field(default_factory=Counter)
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
        drawn = 1.0 if self._noted.is_calm else self._chance.random()
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
        form = given.get("json") or _form(given.get("data"))
        told: dict[str, Any] = {}
        status = answer.status_code
        if given.get("json"):
            # What became of the webhook that the phone's provider made.
            told = answer.json()
            status = told.get("status", 0)
        with self._noted.lock:
            if not status:
                self._noted.faults["no_answer"] += 1
            if status != 200 or "status" in form:
                return
            self._noted.answered += 1
            key, about = self._turn(form)
            at = datetime.now(UTC).strftime("%H:%M:%S")
            self._noted.accepted.setdefault(key, f"{about}, answered at {at}")
            if "sessionId" in form:
                self._noted.hops.append(Hop(began, ended))
            elif told:
                self._noted.carried += _without_report(form["number"], told["raw"])

    def _turn(self, form: dict[str, str]) -> tuple[str, str]:
        """The key of the turn in the transcripts, as the door makes it; the turn for a reader."""
        if "message_id" in form:
            number, name = form["number"], form["message_id"]
        else:
            number = form["phoneNumber"]
            name = f"{form['sessionId']}:{form.get('text', '')}"
        number_key = self._noted.pseudonyms.number(number)
        key = self._noted.pseudonyms.event(f"{self._channel}:{number_key}:{name}")
        return key, f"{self._channel} {number} {name} ({number_key})"


def _without_report(number: str, raw: str) -> Counter[tuple[str, str]]:
    """What an answer carries of which nobody is to report, as the records could not keep it."""
    replies = wire.read_replies(wire.Answer(200, raw, 0))
    return Counter((number, said.text) for said in replies if not said.report)


def _form(data: Any) -> dict[str, str]:
    if isinstance(data, bytes):
        read = parse_qs(data.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in read.items()}
    return dict(data or {})
