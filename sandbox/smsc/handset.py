"""A feature phone whose calls go through the sandbox SMSC, and so over SMPP to the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import requests

from core.identifiers import read_number
from sandbox.phone.client import Handset, NoSession, Screen

_SECONDS: Final = 30.0


class SmppHandset:
    """Dials, answers screens and hangs up, as `sandbox.phone.client.Handset` does over HTTP.

    `screen.status` is 200 for an answer, 504 where none came, else 502: the hop was not taken.
    """

    def __init__(
        self, channel: Mapping[str, Any], number: str, http: requests.Session | None = None
    ) -> None:
        found = read_number(number)
        if found is None:
            raise ValueError("not a valid phone number")
        self.number = found
        self.screen = Screen()
        self.session = ""
        self._url = str(channel["smsc_url"]).rstrip("/")
        self._code = str(channel["address"])
        self._http = http or requests.Session()
        self._http.trust_env = False

    def dial(self, code: str = "", session: str = "", **asked: Any) -> Screen:
        """Begin a session; without a code the channel's own is dialled."""
        self._code = code or self._code
        return self._show(self._post("", number=self.number, dialled=self._code, **asked))

    def press(self, text: str, **asked: Any) -> Screen:
        """Answer the screen. Raises NoSession where none is open."""
        if not self.screen.open:
            raise NoSession
        return self._show(self._post(f"/{self.session}/press", text=text, **asked))

    def repeat(self) -> Screen:
        """Have the last hop delivered once more."""
        return self._show(self._post(f"/{self.session}/repeat"))

    def redial(self) -> Screen:
        """Dial the last code again in a new session, the old one dropped without a word."""
        return self.dial(self._code)

    def cancel(self) -> Screen:
        """Hang up; the SMSC tells so."""
        if self.screen.open:
            self._post(f"/{self.session}/hang_up")
        self.screen = Screen()
        return self.screen

    def _post(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self._http.post(f"{self._url}/calls{path}", json=asked, timeout=_SECONDS)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def _show(self, told: dict[str, Any]) -> Screen:
        self.session = told["session"]
        status = 502 if told["status"] > 0 else 200 if told["text"] else 504
        self.screen = Screen(told["text"], told["open"], status, told["text"], told["milliseconds"])
        return self.screen


def open_handset(
    channel: Mapping[str, Any], number: str, http: requests.Session | None = None
) -> Handset | SmppHandset:
    """A phone for a USSD channel, whatever carries it."""
    kind = SmppHandset if channel["provider"] == "smpp_ussd" else Handset
    return kind(channel, number, http)
