"""The PDUs of SMPP 3.4 between octets and fields, through smpplib.

Three things smpplib does not do: read `ussd_service_op` in a deliver_sm, read an optional parameter
of another length than usual, and refuse a message whose fields do not end where it ends. So the
optional parameters of a deliver_sm are read as octets of the length they have, and its lengths are
checked first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

from smpplib import command, consts, pdu, smpp
from smpplib.exceptions import UnknownCommandError
from smpplib.ptypes import ostr

from core.errors import MalformedPayload

HEADER: Final = 16
# A message_payload of 64 kB and all the rest.
LONGEST: Final = 0x10000 + 0x400
_RESPONSE: Final = 0x80000000
_AS_OCTETS: Final = {name: command.Param(type=ostr) for name in consts.OPTIONAL_PARAMS}
# The fields of a message up to its text: a string that ends with a zero, or one octet.
_LAYOUT: Final = "s11s11s111ss1111"
_UNREADABLE: Final = (struct.error, IndexError, KeyError, ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU; `name` is empty for a command of no name, `body` None where it cannot be read."""

    name: str
    is_request: bool
    status: int
    sequence: int
    body: Any = None


@dataclass(frozen=True, slots=True)
class Address:
    """A number or service code with its type of number and numbering plan."""

    digits: str
    ton: int = 0
    npi: int = 0


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a deliver_sm brings; `optional` holds its optional parameters as octets, by name."""

    source: Address
    destination: Address
    service_type: str
    coding: int
    octets: bytes
    is_receipt: bool
    optional: dict[str, bytes]

    def number(self, name: str) -> int:
        """An optional parameter as a number. Raises MalformedPayload where it is missing."""
        if not self.optional.get(name):
            raise MalformedPayload(f"missing: {name}")
        return int.from_bytes(self.optional[name], "big")


def read_pdu(octets: bytes) -> Pdu:
    """The PDU of those octets, which are as many as its first four say."""
    _, code, status, sequence = struct.unpack(">LLLL", octets[:HEADER])
    is_request = not code & _RESPONSE
    try:
        name = str(pdu.extract_command(octets))
        body = _empty(name)
        if name == "deliver_sm":
            _check_lengths(octets[HEADER:])
            body.params = {**body.params, **_AS_OCTETS}
        body.parse(octets)
    except UnknownCommandError:
        return Pdu("", is_request, status, sequence)
    except _UNREADABLE:
        return Pdu(name, is_request, status, sequence)
    return Pdu(name, is_request, status, sequence, body)


def write_pdu(name: str, sequence: int, status: int = 0, **fields: Any) -> bytes:
    """The octets of a PDU; texts of the protocol are `str`, what a citizen reads is `bytes`."""
    made = _empty(name, status=status, **fields)
    made.sequence = sequence
    return bytes(made.generate())


def read_delivered(body: Any) -> Delivered:
    """What a deliver_sm brings. Raises MalformedPayload for an address that is none."""
    payload = getattr(body, "message_payload", None)
    found = {name: getattr(body, name, None) for name in _AS_OCTETS}
    return Delivered(
        source=Address(_ascii(body.source_addr), body.source_addr_ton, body.source_addr_npi),
        destination=Address(_ascii(body.destination_addr), body.dest_addr_ton, body.dest_addr_npi),
        service_type=_ascii(body.service_type),
        coding=body.data_coding,
        octets=payload or body.short_message or b"",
        is_receipt=bool(body.esm_class & 0b00111100),
        optional={name: value for name, value in found.items() if isinstance(value, bytes)},
    )


def _check_lengths(fields: bytes) -> None:
    """Raises ValueError or IndexError where the fields do not end with the octets."""
    at = 0
    for kind in _LAYOUT:
        at = fields.index(0, at) + 1 if kind == "s" else at + 1
    at += 1 + fields[at]
    while at < len(fields):
        at += 4 + int.from_bytes(fields[at + 2 : at + 4], "big")
    if at != len(fields):
        raise ValueError("the fields do not fill the message")


def _empty(name: str, **fields: Any) -> Any:
    # A sequence number of its own keeps smpplib from asking a client for one.
    return smpp.make_pdu(name, sequence=1, allow_unknown_opt_params=True, **fields)


def _ascii(octets: bytes | None) -> str:
    try:
        return (octets or b"").decode("ascii")
    except UnicodeDecodeError:
        raise MalformedPayload("an address that is not ASCII") from None
