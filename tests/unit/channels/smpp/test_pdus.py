"""PDUs are read whatever they hold, and what is written is read again."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.providers.smpp_ussd.pdus import HEADER, read_delivered, read_pdu, write_pdu
from core.errors import MalformedPayload

COMMANDS = [0x04, 0x05, 0x06, 0x09, 0x15, 0x103, 0x80000000, 0x80000004, 0x80000009, 0x80000015]


def raw(command: int, body: bytes, status: int = 0, sequence: int = 1) -> bytes:
    """The octets of a PDU."""
    return struct.pack(">LLLL", HEADER + len(body), command, status, sequence) + body


@given(
    st.sampled_from(COMMANDS) | st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=120),
    st.integers(0, 0xFFFFFFFF),
)
def test_any_octets_are_a_pdu_or_a_refusal(command: int, body: bytes, status: int) -> None:
    pdu = read_pdu(raw(command, body, status, 77))

    assert (status, 77) == (pdu.status, pdu.sequence)
    assert pdu.is_request is (command < 0x80000000)
    if pdu.name == "deliver_sm" and pdu.body is not None:
        with suppress(MalformedPayload):
            assert len(read_delivered(pdu.body).octets) <= len(body)


def test_a_status_of_a_vendor_is_read() -> None:
    assert 0x410 == read_pdu(raw(0x80000004, b"", 0x410)).status


def test_a_command_of_no_name_can_still_be_refused() -> None:
    pdu = read_pdu(raw(0x00010200, b"abc", sequence=9))

    assert ("", True, 9, None) == (pdu.name, pdu.is_request, pdu.sequence, pdu.body)


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_deliver_sm_that_ends_too_soon_has_no_body_or_is_no_hop(cut: int) -> None:
    whole = write_pdu(
        "submit_sm", 1, source_addr="212612345678", short_message=b"1", ussd_service_op=2
    )
    shorter = raw(0x05, whole[HEADER:-cut])
    pdu = read_pdu(shorter)

    assert pdu.body is None or "ussd_service_op" not in _optional(pdu.body)


def _optional(body: Any) -> dict[str, bytes]:
    try:
        return read_delivered(body).optional
    except MalformedPayload:
        return {}
