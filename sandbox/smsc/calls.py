"""The USSD sessions of phones: each waits for its screen, and counts what nobody waited for."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from smpplib import consts

from sandbox.smsc.center import Center, NotBound
from sandbox.smsc.settings import SmscSettings
from sandbox.smsc.styles import STYLES
from sandbox.smsc.wire import Closed, decode, encode

_INTERNATIONAL: Final = 1
_ISDN: Final = 1
_TAKEN: Final = 0
_NOT_DELIVERED: Final = -1


@dataclass(slots=True)
class Call:
    """One session; `screens` are its answers in order, `status` what its last hop was told."""

    session: str
    number: str
    reference: int
    is_open: bool = True
    is_waiting: bool = False
    status: int = 0
    screens: list[str] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    answered: threading.Condition = field(default_factory=threading.Condition)


class Calls:
    """Sessions by their names, and by number and reference for what comes back."""

    def __init__(self, settings: SmscSettings) -> None:
        self.surplus = 0
        self._style = STYLES[settings.style]
        self._patience = settings.patience_seconds
        self._redelivers = settings.redelivers
        self._calls: dict[str, Call] = {}
        self._by_reference: dict[tuple[str, int], Call] = {}
        self._references = itertools.count(secrets.randbelow(0x4000) + 1)
        self.center = Center(settings, self._submitted, self._lost)

    def dial(self, number: str, dialled: str, copies: int, reference: int | None) -> dict[str, Any]:
        """Begin a session; `reference` takes the place of the next one."""
        number = number.removeprefix("+")
        taken = next(self._references) if reference is None else reference
        call = Call(secrets.token_hex(8), number, self._style.reference(taken))
        self._calls[call.session] = self._by_reference[number, call.reference] = call
        return self._hop(call, dialled, True, copies)

    def press(self, session: str, text: str, copies: int) -> dict[str, Any]:
        """Answer the screen. Raises KeyError where the session is not open."""
        return self._hop(self._open(session), text, False, copies)

    def repeat(self, session: str) -> dict[str, Any]:
        """Deliver the last hop once more; no other answer is waited for than it still lacks."""
        call = self._calls[session]
        self._deliver(call, 1)
        return self._wait(call, time.monotonic())

    def hang_up(self, session: str) -> dict[str, Any]:
        """End the session as a citizen who leaves. Raises KeyError where it is not open."""
        call = self._open(session)
        call.is_open = call.is_waiting = False
        call.last = self._fields(call, "", self._style.farewell(call.reference))
        self._deliver(call, 1)
        return self._told(call, time.monotonic())

    def _open(self, session: str) -> Call:
        call = self._calls[session]
        if not call.is_open:
            raise KeyError(session)
        return call

    def _hop(self, call: Call, text: str, is_first: bool, copies: int) -> dict[str, Any]:
        began = time.monotonic()
        call.is_waiting = True
        call.last = self._fields(call, text, self._style.hop(call.reference, is_first))
        self._deliver(call, copies)
        return self._wait(call, began)

    def _fields(self, call: Call, text: str, session: dict[str, Any]) -> dict[str, Any]:
        coding, octets = encode(text)
        return {
            "service_type": "USSD",
            "source_addr": call.number,
            "source_addr_ton": _INTERNATIONAL,
            "source_addr_npi": _ISDN,
            "data_coding": coding,
            "short_message": octets,
            **session,
        }

    def _deliver(self, call: Call, copies: int) -> None:
        for _ in range(copies):
            try:
                call.status = self._delivered(call)
            except Closed:
                call.status = _NOT_DELIVERED
                continue
            except (NotBound, TimeoutError):
                call.status = _NOT_DELIVERED
            if call.status != _TAKEN:
                # The citizen reads that the service is not there, and the session is over.
                call.is_open = call.is_waiting = False

    def _delivered(self, call: Call) -> int:
        try:
            return self.center.deliver(**call.last)
        except Closed:
            if not self._redelivers:
                raise
        self.center.wait_for_bind(self._patience)
        return self.center.deliver(**call.last)

    def _wait(self, call: Call, began: float) -> dict[str, Any]:
        with call.answered:
            if call.status in (_TAKEN, _NOT_DELIVERED):
                call.answered.wait_for(lambda: not call.is_waiting, self._patience)
        return self._told(call, began)

    def _told(self, call: Call, began: float) -> dict[str, Any]:
        return {
            "session": call.session,
            "text": call.screens[-1] if call.screens and not call.is_waiting else "",
            "open": call.is_open and not call.is_waiting,
            "status": call.status,
            "milliseconds": round((time.monotonic() - began) * 1000),
        }

    def _lost(self, pdu: Any) -> None:
        call, _ = self._find(pdu)
        if call is not None and self._redelivers:
            self.center.wait_for_bind(self._patience)
            self._deliver(call, 1)

    def _find(self, pdu: Any) -> tuple[Call | None, bool]:
        """The call that a submit_sm answers, and whether it keeps the session open."""
        reference, is_open = self._style.read(pdu)
        return self._by_reference.get((pdu.destination_addr.decode(), reference)), is_open

    def _submitted(self, pdu: Any) -> int:
        call, is_open = self._find(pdu)
        if call is None or not call.is_waiting:
            self.surplus += 1
            return int(consts.SMPP_ESME_RSUBMITFAIL)
        octets = pdu.short_message or getattr(pdu, "message_payload", None) or b""
        with call.answered:
            call.screens.append(decode(pdu.data_coding, octets))
            call.is_open, call.is_waiting = is_open, False
            call.answered.notify_all()
        return int(consts.SMPP_ESME_ROK)
