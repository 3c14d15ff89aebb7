"""The driver: a handset and a chat that call the door's real webhooks, signed.

Both take a channel as `run.json` describes it and a number in any written form. A door that
refuses, fails or does not answer raises nothing: the status tells. As Africa's Talking does, the
handset reports a session that ended, or that the citizen gave up, to the channel's reports URL.

    handset = Handset(run["channels"]["ussd"], "0612345678")
    handset.dial("*555#")
    handset.press("1")
    assert "..." in handset.screen.text
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from core.identifiers import read_number
from sandbox.phone import wire

# Africa's Talking closes a USSD session after this long, whatever the citizen is doing.
SESSION_SECONDS: Final = 180.0


class NoSession(RuntimeError):
    """A key was pressed on a handset that has no USSD session open."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a handset shows after a hop: the text, whether it may be answered, the HTTP status.

    `raw` is the body as it came; `milliseconds` is how long the hop took.
    """

    text: str = ""
    open: bool = False
    status: int = 0
    raw: str = ""
    milliseconds: int = 0


class Handset:
    """A feature phone: it dials USSD codes, answers screens and hangs up."""

    def __init__(
        self,
        channel: Mapping[str, Any],
        number: str,
        http: requests.Session | None = None,
    ) -> None:
        self.number = _valid(number)
        self.screen = Screen()
        self.session = ""
        self._channel = channel
        self._http = http or wire.open_http()
        self._form: dict[str, str] = {}
        self._code = str(channel["address"])
        self._begun = 0.0
        self._hops = 0

    def dial(self, code: str = "", session: str = "") -> Screen:
        """Begin a session; without a code the channel's own is dialled. `session` fixes its id."""
        self._code = code or str(self._channel["address"])
        self.session = session or "ATUid_" + secrets.token_hex(16)
        self._begun, self._hops = time.monotonic(), 0
        service, text = wire.split_code(self._code, str(self._channel["address"]))
        return self._hop(wire.ussd_form(self.session, service, self.number, text))

    def press(self, text: str) -> Screen:
        """Answer the screen. Raises NoSession where none is open.

        A session older than its limit has been closed by the network: the screen is then empty.
        """
        if not self.screen.open:
            raise NoSession
        if time.monotonic() - self._begun > SESSION_SECONDS:
            return self.cancel()
        so_far = self._form["text"]
        return self._hop(self._form | {"text": f"{so_far}*{text}" if so_far else text})

    def repeat(self) -> Screen:
        """Deliver the last hop once more, as a gateway does that missed the answer."""
        self._hops -= 1
        return self._hop(self._form)

    def redial(self) -> Screen:
        """Dial the last code again in a new session, the old one dropped without a word."""
        return self.dial(self._code)

    def cancel(self) -> Screen:
        """Hang up; the gateway reports the session as incomplete."""
        if self.screen.open:
            self._report("Incomplete")
        self.screen = Screen()
        return self.screen

    def _hop(self, form: dict[str, str]) -> Screen:
        self._form = form
        self._hops += 1
        answer = wire.post(self._http, self._channel["messages_url"], form)
        text, is_open = wire.read_hop(answer)
        self.screen = Screen(text, is_open, answer.status, answer.body, answer.milliseconds)
        if answer.status == 200 and not is_open:
            self._report("Success")
        return self.screen

    def _report(self, status: str) -> None:
        url = self._channel.get("reports_url")
        if url:
            spent = time.monotonic() - self._begun
            wire.post(self._http, url, wire.ussd_report(self._form, status, self._hops, spent))


class Chat:
    """A WhatsApp or SMS conversation: it says, and hears what the webhook itself answers.

    `hears` holds the texts of the last answer; `status` and `raw` are that answer's.
    """

    def __init__(
        self,
        channel: Mapping[str, Any],
        number: str,
        http: requests.Session | None = None,
    ) -> None:
        self.number = _valid(number)
        self.hears: list[str] = []
        self.status = 0
        self.raw = ""
        self.milliseconds = 0
        self._channel = channel
        self._http = http or wire.open_http()

    def say(self, text: str, media: bool = False, message_id: str = "") -> list[str]:
        """Send a message and hear the answer; a fixed `message_id` said again is a repeat."""
        return self._post(wire.twilio_form(self._channel, self.number, text, media, message_id))

    def share(self, latitude: float, longitude: float) -> list[str]:
        """Share a place and hear the answer."""
        form = wire.twilio_form(self._channel, self.number, "", media=False)
        return self._post(form | {"Latitude": str(latitude), "Longitude": str(longitude)})

    def _post(self, form: dict[str, str]) -> list[str]:
        url = str(self._channel["messages_url"])
        answer = wire.post(self._http, url, form, wire.sign(self._channel, url, form))
        self.hears = wire.read_twiml(answer)
        self.status, self.raw = answer.status, answer.body
        self.milliseconds = answer.milliseconds
        return self.hears


def _valid(number: str) -> str:
    read = read_number(number)
    if read is None:
        raise ValueError("not a valid phone number")
    return read
