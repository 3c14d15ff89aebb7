"""The driver: a handset and a chat that call the door's real webhooks, signed.

Both take a channel as `run.json` describes it and a number in any written form. A door that
refuses, fails or does not answer raises nothing: the status tells. The handset calls through a
pretend gateway that speaks the channel's dialect.

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
from pathlib import Path
from typing import Any, Final

import requests

from core.identifiers import read_number
from sandbox.phone import wire
from sandbox.phone.chat import Chat
from sandbox.phone.gateway.calling import FIRST, LATER, OVER, Call, write_request
from sandbox.phone.gateway.hearing import understand
from sandbox.phone.gateway.request import Request
from sandbox.phone.gateway.speech import OURS, read_speech

__all__ = ["Chat", "Handset", "NoSession", "Screen"]

CREDENTIALS: Final = ("secret", "user", "password")


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
    """A feature phone: it dials USSD codes, answers screens and hangs up.

    Its gateway speaks the channel's dialect, of the channel's `dialect_file` where it has one.
    """

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
        self._speech = read_speech(
            Path(channel.get("dialect_file") or OURS / f"{channel['dialect']}.toml")
        )
        self._code = self._address = str(channel["address"])
        self._call = Call("", self.number, self._code, self._address)
        self._last = Request("", "")
        self._again = ""
        self._begun = 0.0

    def dial(self, code: str = "", session: str = "") -> Screen:
        """Begin a session; without a code the channel's own is dialled. `session` fixes its id."""
        self._code = code or self._address
        self.session = session or secrets.token_hex(16)
        self._begun, self._again = time.monotonic(), ""
        service, behind = wire.split_code(self._code, self._address)
        self._call = Call(self.session, self.number, self._code, service, behind)
        return self._hop(self._write(FIRST))

    def press(self, text: str) -> Screen:
        """Answer the screen. Raises NoSession where none is open.

        A session older than its limit has been closed by the network: the screen is then empty.
        """
        if not self.screen.open:
            raise NoSession
        if time.monotonic() - self._begun > self._speech.seconds:
            return self.cancel()
        self._call.typed.append(text)
        return self._hop(self._write(LATER))

    def repeat(self) -> Screen:
        """Deliver the last hop once more, as a gateway does that missed the answer."""
        return self._hop(self._last)

    def redial(self) -> Screen:
        """Dial the last code again in a new session, the old one dropped without a word."""
        return self.dial(self._code)

    def cancel(self) -> Screen:
        """Hang up; a gateway whose dialect has a word for it says so."""
        if self.screen.open and self._speech.aborts:
            self._tell_over(0)
        self.screen = Screen()
        return self.screen

    def _write(self, step: str, ended: int = 0) -> Request:
        if step != OVER:
            self._call.hops += 1
        self._call.seconds = time.monotonic() - self._begun
        url = self._again or str(self._channel["messages_url"])
        credentials = {name: str(self._channel.get(name) or "") for name in CREDENTIALS}
        return write_request(self._speech, self._call, step, url, credentials, ended)

    def _hop(self, request: Request) -> Screen:
        self._last = request
        answer = wire.send(self._http, request)
        heard = understand(self._speech, answer.status, answer.headers, answer.body)
        self._again = heard.again or self._again
        self.screen = Screen(
            heard.text, heard.is_open, answer.status, answer.body, answer.milliseconds
        )
        if 200 <= answer.status < 300 and not heard.is_open and self._speech.tells_end:
            self._tell_over(1)
        return self.screen

    def _tell_over(self, ended: int) -> None:
        wire.send(self._http, self._write(OVER, ended))


def _valid(number: str) -> str:
    read = read_number(number)
    if read is None:
        raise ValueError("not a valid phone number")
    return read
