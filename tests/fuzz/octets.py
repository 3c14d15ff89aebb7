"""What comes as octets: SMPP, sealed values, values of another edition, sealed files."""

from __future__ import annotations

import contextlib
import io
import os
import struct
from collections.abc import Callable
from functools import cache
from typing import Final
from unittest import mock

import orjson

from channels.providers.smpp_ussd.alphabet import Alphabet
from channels.providers.smpp_ussd.hops import UssdOverSmpp
from channels.providers.smpp_ussd.pdus import read_delivered, read_pdu, write_pdu
from channels.providers.smpp_ussd.settings import SmppSettings
from core.editions import KINDS
from core.environment import read_settings
from core.errors import MalformedPayload, TokenRefused, UnknownChannel, WrittenLater
from core.keys import Key
from core.locked import lock, unlock
from core.privacy import Seal, key_of
from tests.builders import KEY
from tests.fuzz.target import target
from worker.keeping.sealing import Identity, open_file, seal_file

_SEAL: Final = Seal(KEY)
_IDENTITY: Final = Identity("A" * 43 + "=")


@cache
def line() -> UssdOverSmpp:
    """A bind that serves *555#."""
    settings = {"TWIZA_SMPP_HOST": "127.0.0.1", "TWIZA_SMPP_SYSTEM_ID": "twiza"}
    settings |= {"TWIZA_SMPP_PASSWORD": "secret", "TWIZA_SMPP_CODES": "*555#,*556#"}
    with mock.patch.dict(os.environ, settings):
        return UssdOverSmpp(read_settings(SmppSettings))


def a_hop(text: bytes = b"*555*1#") -> bytes:
    """The octets of a deliver_sm that begins a session."""
    head = write_pdu(
        "deliver_sm",
        7,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="212612345678",
        destination_addr="555",
        short_message=text,
    )
    parameters = b"\x05\x01\x00\x01\x01" + b"\x13\x83\x00\x02\x00\x2a"
    whole = head + parameters
    return struct.pack(">L", len(whole)) + whole[4:]


@target(
    "smpp-pdus",
    [a_hop(), a_hop(b"1"), write_pdu("enquire_link", 3), write_pdu("unbind_resp", 4)],
)
def pdus(data: bytes) -> None:
    """A PDU as the bind cuts it from the stream: as long as its first four octets say."""
    if len(data) < 16:
        return
    octets = struct.pack(">L", len(data)) + data[4:]
    read = read_pdu(octets)
    if read.name != "deliver_sm" or read.body is None:
        return
    try:
        hop = line().read(read_delivered(read.body))
    except (MalformedPayload, UnknownChannel):
        return
    fields = line().answer(hop, ("Salam",), True)
    assert write_pdu("submit_sm", 9, **fields)


@target("smpp-alphabet", [b"\x00salam", b"\x08\x06\x33\x06\x44", b"\x03caf\xe9", b"\x00\x1b\x65"])
def alphabet(data: bytes) -> None:
    """A text in the coding that its first octet names; what is written reads as it was."""
    both = Alphabet()
    try:
        text = both.decode(data[0] if data else 0, data[1:])
    except MalformedPayload:
        return
    if not any("\ud800" <= one <= "\udfff" for one in text):
        assert text == both.decode(*both.encode(text))


@target("sealed-values", [_SEAL.close(b"value", "context"), b"\x02", b""])
def sealed(data: bytes) -> None:
    """A sealed value that is none."""
    attempts: tuple[Callable[[], bytes], ...] = (
        lambda: _SEAL.open(data, "other"),
        lambda: _SEAL.rewrap(data),
    )
    for attempt in attempts:
        with contextlib.suppress(TokenRefused, WrittenLater):
            attempt()
    assert len(key_of(data)) in (0, 8)


@target("locked-files", [lock(b"%PDF", "file")[1]])
def locked(data: bytes) -> None:
    """A file that was locked under another key."""
    try:
        unlock(Key(KEY).secret, data, "file")
    except TokenRefused:
        return
    raise AssertionError("it opened")


@target("editions", [kind.dumps({"a": [1, "b", None]}) for kind in KINDS[:2]] + [b"\x0b{}", b"{}"])
def editions(data: bytes) -> None:
    """A value of whatever edition."""
    for kind in KINDS[:1]:
        try:
            value = kind.loads(data)
        except (WrittenLater, orjson.JSONDecodeError):
            continue
        try:
            again = kind.loads(kind.dumps(value))
        except orjson.JSONEncodeError:
            continue
        assert value == again


def _sealed_file() -> bytes:
    written = io.BytesIO()
    seal_file(io.BytesIO(b"a backup"), written, _IDENTITY)
    return written.getvalue()


@target("sealed-backups", [_sealed_file()])
def backups(data: bytes) -> None:
    """A sealed backup or export of keys."""
    opened = io.BytesIO()
    try:
        open_file(io.BytesIO(data), opened, _IDENTITY)
    except TokenRefused:
        return
    assert opened.getvalue() == b"a backup"
