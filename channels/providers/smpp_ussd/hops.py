"""A deliver_sm as a hop in our words, and a screen as the submit_sm that answers it. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from channels.port import Capabilities
from channels.providers.smpp_ussd.alphabet import Alphabet
from channels.providers.smpp_ussd.pdus import Address, Delivered
from channels.providers.smpp_ussd.settings import SmppSettings
from channels.providers.smpp_ussd.style import load_style
from channels.rendering.pages import Budget
from core.errors import MalformedPayload, UnknownChannel
from core.identifiers import read_number
from core.messages import ChannelKind, SessionEvent

_INTERNATIONAL: Final = 1
_LONGEST_SHORT_MESSAGE: Final = 254


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a session, with what an answer to it must repeat.

    `reference` names the session for this citizen and for a while. `text` is the last input, or
    what was dialled behind the code where `event` is NEW. `code` is empty where the hop does not
    tell it.
    """

    number: str
    reference: int
    event: SessionEvent
    text: str
    code: str
    citizen: Address
    service: Address
    service_type: str


class UssdOverSmpp:
    """The service codes of one bind: what a channel is to a turn, and both directions of a hop."""

    kind = ChannelKind.USSD

    def __init__(self, settings: SmppSettings) -> None:
        self.codes = [code.strip() for code in settings.codes.split(",")]
        self.address = self.codes[0]
        self.capabilities = Capabilities(
            deadline_seconds=settings.deadline_seconds,
            budget=Budget(settings.page_septets, settings.page_ucs2),
            session_seconds=settings.session_seconds,
        )
        self._style = load_style(settings.style)
        self._alphabet = Alphabet(settings.alphabet, settings.default_coding, settings.ucs2_coding)

    def read(self, delivered: Delivered) -> Hop:
        """The hop. Raises MalformedPayload, or UnknownChannel for a code that is not served."""
        event, reference = self._style.read(
            delivered.number("ussd_service_op"), delivered.number(self._style.tag)
        )
        number = read_number(_international(delivered.source))
        if number is None:
            raise MalformedPayload("cannot be read: source_addr")
        text = self._alphabet.decode(delivered.coding, delivered.octets)
        code = self._find_code(delivered.destination.digits)
        if event is SessionEvent.NEW:
            code, text = self._read_dialled(text, code)
        return Hop(
            number=number,
            reference=reference,
            event=event,
            text="" if event is SessionEvent.ABORT else text,
            code=code,
            citizen=delivered.source,
            service=delivered.destination,
            service_type=delivered.service_type,
        )

    def answer(self, hop: Hop, texts: Sequence[str], is_open: bool) -> dict[str, Any]:
        """The fields of the submit_sm that shows a screen; `is_open` keeps the session open."""
        coding, octets = self._alphabet.encode("\n".join(texts))
        carried = "short_message" if len(octets) <= _LONGEST_SHORT_MESSAGE else "message_payload"
        return {
            "service_type": hop.service_type,
            "source_addr_ton": hop.service.ton,
            "source_addr_npi": hop.service.npi,
            "source_addr": hop.service.digits or hop.code or self.address,
            "dest_addr_ton": hop.citizen.ton,
            "dest_addr_npi": hop.citizen.npi,
            "destination_addr": hop.citizen.digits,
            "data_coding": coding,
            carried: octets,
            **self._style.write(hop.reference, is_open),
        }

    def _find_code(self, address: str) -> str:
        parts = _parts(address)
        return next((code for code in self.codes if parts and parts == _parts(code)), "")

    def _read_dialled(self, text: str, code: str) -> tuple[str, str]:
        """The code that was dialled, and what stands behind it; the text tells, or the address."""
        dialled = _parts(text)
        for known in self.codes:
            parts = _parts(known)
            if dialled[: len(parts)] == parts:
                return known, "*".join(dialled[len(parts) :])
        if not code:
            raise UnknownChannel("this service code is not served here")
        return code, ""


def _parts(code: str) -> list[str]:
    return [part for part in code.strip().rstrip("#").split("*") if part]


def _international(address: Address) -> str:
    if address.ton == _INTERNATIONAL:
        return "+" + address.digits.removeprefix("+")
    return address.digits
