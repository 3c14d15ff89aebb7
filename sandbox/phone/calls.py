"""One act of a citizen at the phone: a USSD hop or a message, performed on the door."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from sandbox.phone import wire
from sandbox.phone.client import Handset, NoSession, Screen
from sandbox.phone.directory import Channel
from sandbox.phone.inbox import Inbox
from sandbox.phone.parcels import Parcel
from sandbox.provider.exchange import Exchange
from sandbox.provider.media import File, Files
from sandbox.smsc.handset import SmppHandset, open_handset

_HANDSETS: Final = 2000


@dataclass(slots=True)
class _Line:
    """The handset of one number on one channel: it makes one hop at a time."""

    handset: Handset | SmppHandset
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_id: str = ""


class Calls:
    """Performs what the page and the tests ask for; keeps the open USSD sessions in memory."""

    def __init__(
        self, inbox: Inbox, files: Files, exchange: Exchange, http: requests.Session
    ) -> None:
        self._inbox = inbox
        self._files = files
        self._exchange = exchange
        self._http = http
        self._lock = threading.Lock()
        self._lines: OrderedDict[tuple[str, str], _Line] = OrderedDict()

    def cancel(self, channel: Channel, name: str, number: str) -> dict[str, Any]:
        """Hang up the number's USSD session, if one is open."""
        line = self._line(channel, name, number)
        with line.lock:
            return _screen_json(line.handset.cancel(), line.handset.session)

    def hop(
        self,
        channel: Channel,
        name: str,
        number: str,
        text: str,
        session: str,
        message_id: str,
    ) -> dict[str, Any]:
        """Dial a code, or answer the screen of the number's open session.

        A code dialled inside its own session is an input. Raises NoSession where an input has no
        session to go to.
        """
        line = self._line(channel, name, number)
        with line.lock:
            handset = line.handset
            inside = bool(session) and session == handset.session
            if inside and message_id and message_id == line.last_id:
                screen = handset.repeat()
            elif not inside and wire.is_code(text):
                screen = handset.dial(text, session)
            elif session and not inside:
                raise NoSession
            else:
                screen = handset.press(text)
            line.last_id = message_id
            return _screen_json(screen, handset.session)

    def say(
        self,
        channel: Channel,
        name: str,
        number: str,
        text: str,
        parcel: Parcel,
        attached: str,
        message_id: str,
    ) -> dict[str, Any]:
        """Send a message on a Twilio channel; it and the answers are put in the inbox."""
        address = str(channel["address"])
        repeated = message_id and any(
            message.id == message_id for message in self._inbox.read(number, name)
        )
        identity = message_id or ("MM" if parcel.has_file else "SM") + secrets.token_hex(16)
        if not repeated:
            self._inbox.send(name, number, address, text, identity, attached)
        url = ""
        if parcel.has_file:
            account = wire.account_of(channel)
            file = File(account, identity, parcel.content_type, parcel.content)
            url = self._files.keep(file).url
        form = wire.twilio_form(channel, number, text, parcel, identity, url)
        to = str(channel["messages_url"])
        answer = wire.post(self._http, to, form, wire.sign(channel, to, form))
        self._exchange.receive(form)
        heard = []
        for said in wire.read_replies(answer):
            message = self._exchange.reply(channel, number, said)
            if message is not None:
                heard.append(said.text)
                self._inbox.receive(name, address, number, said.text, message.sid)
        return {
            "status": answer.status,
            "raw": answer.body,
            "messages": heard,
            "open": False,
            "session": "",
            "milliseconds": answer.milliseconds,
        }

    def _line(self, channel: Channel, name: str, number: str) -> _Line:
        with self._lock:
            line = self._lines.get((name, number))
            if line is None:
                line = self._lines[name, number] = _Line(open_handset(channel, number, self._http))
            self._lines.move_to_end((name, number))
            while len(self._lines) > _HANDSETS:
                self._lines.popitem(last=False)
            return line


def _screen_json(screen: Screen, session: str) -> dict[str, Any]:
    return {
        "status": screen.status,
        "raw": screen.raw,
        "messages": [screen.text] if screen.text else [],
        "open": screen.open,
        "session": session,
        "milliseconds": screen.milliseconds,
    }
