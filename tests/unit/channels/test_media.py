"""A file is what its own first bytes say, whatever its sender said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.media import check_file
from core.errors import MediaRefused
from sandbox.phone.parcels import KINDS, pack


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (pack("image").content, "image/png"),
        (pack("pdf").content, "application/pdf"),
        (b"\r\n%PDF-1.7\n...", "application/pdf"),
    ],
)
def test_photographs_and_pdfs_are_taken(content: bytes, content_type: str) -> None:
    assert content_type == check_file(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>%PDF-1.4",
        b"PK\x03\x04 %PDF-1.4",
        b"MZ\x90\x00%PDF-1.4",
        b"GIF89a",
        b"\x89PNG",
        b" " * 1020 + b"%PDF-1.4",
        b"\x00\x00\x00\x18ftypheic",
        *(pack(kind).content for kind in KINDS if kind in ("voice", "video", "sticker", "contact")),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(MediaRefused) as refused:
        check_file(content)

    assert "not_taken" == refused.value.reason


def test_nothing_is_refused_as_nothing() -> None:
    with pytest.raises(MediaRefused, match="empty"):
        check_file(b"")


@given(st.binary(max_size=64))
def test_whatever_is_taken_begins_as_its_kind_does(content: bytes) -> None:
    try:
        content_type = check_file(content)
    except MediaRefused:
        return

    assert {
        "image/jpeg": content.startswith(b"\xff\xd8\xff"),
        "image/png": content.startswith(b"\x89PNG"),
        "application/pdf": b"%PDF-" in content,
    }[content_type]
