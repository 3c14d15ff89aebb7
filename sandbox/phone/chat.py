"""A WhatsApp or SMS conversation as a phone leads it: the webhook called, the answer heard.

What the door sends of itself, choices to tap among it, arrives at the phone a moment later. With
the phone's address a chat hears that too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import requests

from core.identifiers import read_number, read_user_id
from sandbox.phone import wire
from sandbox.phone.parcels import Parcel, pack, tap
from sandbox.phone.receipts import tell_arrival

_PATIENCE_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.03
_FAILED: Final = 500


class Chat:
    """A conversation: it says, and hears what the webhook answers or what is sent in its place.

    `hears` holds the texts of the last answer, choices to tap as numbered lines, and `choices` what
    they are; `status` and `raw` are the webhook's answer. `phone` is the address of the phone, and
    empty where only webhooks are heard.
    """

    def __init__(
        self,
        channel: Mapping[str, Any],
        number: str,
        http: requests.Session | None = None,
        phone: str = "",
    ) -> None:
        read = read_number(number) or read_user_id(number)
        if read is None:
            raise ValueError("not a valid phone number")
        self.number = read
        self.hears: list[str] = []
        self.choices: dict[str, Any] | None = None
        self.status = 0
        self.raw = ""
        self.milliseconds = 0
        self._channel = channel
        self._http = http or wire.open_http()
        self._phone = phone.rstrip("/")
        self._said: set[str] = set()
        self._known = 0

    def say(self, text: str, media: bool = False, message_id: str = "") -> list[str]:
        """Send a message and hear the answer; a fixed `message_id` said again is a repeat."""
        parcel = pack("image") if media else Parcel()
        return self._post(text, parcel, message_id)

    def share(self, latitude: float, longitude: float) -> list[str]:
        """Share a place and hear the answer."""
        return self._post("", pack("location", {"latitude": latitude, "longitude": longitude}))

    def tap(self, title: str) -> list[str]:
        """Tap a choice under the last answer. Raises LookupError where there is no such."""
        for item in (self.choices or {}).get("items", ()):
            if item["title"] == title:
                return self.press(item["id"], title)
        raise LookupError(f"{title!r} cannot be tapped in {self.choices}")

    def press(self, identity: str, title: str) -> list[str]:
        """Tap a choice by its id, whether or not it is still shown."""
        kind = str((self.choices or {}).get("kind", "quick"))
        return self._post(title, tap(kind, identity, title))

    def attach(self, kind: str, **given: Any) -> list[str]:
        """Send a file or another kind of message through the phone, and hear the answer."""
        asked = {"channel": self._name(), "number": self.number, "attach": kind, **given}
        before = self._arrived()
        answer = self._http.post(f"{self._phone}/api/send", json=asked, timeout=30).json()
        self.status, self.raw = answer["status"], answer["raw"]
        return self._hear(list(answer["messages"]), before + len(answer["messages"]))

    def listen(self, seconds: float) -> list[str]:
        """What arrives behind the last answer, at most so many seconds later; empty for nothing.

        Heard are then the answer and what has come behind it.
        """
        return self._wait(self._known, seconds)

    def _post(self, text: str, parcel: Parcel, message_id: str = "") -> list[str]:
        url = str(self._channel["messages_url"])
        is_repeat = bool(message_id) and message_id in self._said
        before = self._arrived()
        form = wire.twilio_form(self._channel, self.number, text, parcel, message_id)
        answer = wire.post(self._http, url, form, wire.sign(self._channel, url, form))
        self.status, self.raw = answer.status, answer.body
        self.milliseconds = answer.milliseconds
        if answer.status == 200:
            self._said.add(message_id)
        tell_arrival(self._http, self._channel, self.number, answer)
        if self._phone and (answer.status == 0 or answer.status >= _FAILED):
            # Its provider keeps what it could not deliver.
            self._http.post(f"{self._phone}/twilio/sandbox/received", json=form, timeout=5)
        return self._hear(wire.read_twiml(answer), before, wait=not is_repeat)

    def _hear(self, answered: list[str], before: int, wait: bool = True) -> list[str]:
        self.choices = None
        self.hears, self._known = answered, before
        if answered or self.status != 200 or not self._phone or not wait:
            return self.hears
        self._wait(before, _PATIENCE_SECONDS)
        return self.hears

    def _wait(self, known: int, seconds: float) -> list[str]:
        """What arrives behind so many messages, as soon as something does."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            arrived = self._inbox()[known:]
            if arrived:
                self._known = known + len(arrived)
                self.choices = arrived[-1].get("choices")
                came = [_as_lines(message) for message in arrived]
                self.hears = [*self.hears, *came]
                return came
            time.sleep(_POLL_SECONDS)
        return []

    def _arrived(self) -> int:
        return len(self._inbox()) if self._phone else 0

    def _inbox(self) -> list[dict[str, Any]]:
        asked = {"number": self.number, "channel": self._name()}
        got = self._http.get(f"{self._phone}/api/inbox", params=asked, timeout=5).json()
        return [message for message in got["messages"] if message["direction"] == "received"]

    def _name(self) -> str:
        return str(self._channel.get("name") or self._channel["kind"])


def _as_lines(message: Mapping[str, Any]) -> str:
    """A message as a terminal shows it: what can be tapped by its number."""
    items = (message.get("choices") or {}).get("items", ())
    titles = [f"{number} {item['title']}" for number, item in enumerate(items, 1)]
    return "\n".join([message["text"], *titles])
