"""Locked content opens with its own key, in its own context, and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TokenRefused
from core.locked import lock, unlock


@given(st.binary(max_size=2000))
def test_content_is_had_back_with_its_key(content: bytes) -> None:
    key, locked = lock(content, "media|a")

    assert content == unlock(key, locked, "media|a")
    assert len(content) < 8 or content not in locked


def test_another_key_another_context_or_other_bytes_open_nothing() -> None:
    key, locked = lock(b"content", "media|a")
    other, _ = lock(b"content", "media|a")

    for tried in ((other, locked, "media|a"), (key, locked, "media|b"), (key, b"", "media|a")):
        with pytest.raises(TokenRefused):
            unlock(*tried)


def test_the_same_content_is_never_locked_alike() -> None:
    assert lock(b"content", "a") != lock(b"content", "a")
