"""A sealed file opens for whom it was sealed, whole, or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingsFaulty, TokenRefused
from worker.keeping import sealing
from worker.keeping.sealing import Identity, Passphrase, Recipient, open_file, seal_file

OWN = Identity(Identity.new())
PIECE = 64


def sealed(content: bytes) -> bytes:
    """The content, sealed for OWN."""
    target = io.BytesIO()
    seal_file(io.BytesIO(content), target, Recipient(OWN.recipient))
    return target.getvalue()


def opened(content: bytes, lock: sealing.Lock = OWN) -> bytes:
    """The sealed content, opened."""
    target = io.BytesIO()
    open_file(io.BytesIO(content), target, lock)
    return target.getvalue()


@pytest.fixture(autouse=True, scope="module")
def short_pieces() -> object:
    """Pieces so short that a file has many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "_PIECE", PIECE)
        yield


@given(st.binary(max_size=4 * PIECE + 1))
@settings(max_examples=60)
def test_whatever_is_sealed_comes_back(content: bytes) -> None:
    assert content == opened(sealed(content))


@pytest.mark.parametrize("length", [0, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_every_length_comes_back(length: int) -> None:
    assert b"x" * length == opened(sealed(b"x" * length))


@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(max_examples=120)
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    content = bytearray(sealed(b"y" * 3 * PIECE))
    content[place % len(content)] ^= change

    with pytest.raises(TokenRefused):
        opened(bytes(content))


@given(st.integers(1, 400))
def test_a_cut_end_is_noticed(length: int) -> None:
    content = sealed(b"z" * 3 * PIECE)

    with pytest.raises(TokenRefused):
        opened(content[:-length])


def test_pieces_in_another_order_are_noticed() -> None:
    content = sealed(b"a" * PIECE + b"b" * PIECE + b"c" * PIECE)
    head = content.index(b"\n", content.index(b"\n") + 1) + 1
    step = PIECE + 16
    swapped = content[:head] + content[head + step : head + 2 * step] + content[head : head + step]

    with pytest.raises(TokenRefused):
        opened(swapped + content[head + 2 * step :])


@pytest.mark.parametrize(
    "lock", [Identity(Identity.new()), Recipient(OWN.recipient), Passphrase("sixteen letters!!")]
)
def test_nobody_else_opens_it(lock: sealing.Lock) -> None:
    with pytest.raises(TokenRefused):
        opened(sealed(b"content"), lock)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(SettingsFaulty):
        Passphrase("too short")


@pytest.mark.parametrize("text", ["", "no key", "AAAA"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SettingsFaulty):
        Identity(text)
    with pytest.raises(SettingsFaulty):
        Recipient(text)
