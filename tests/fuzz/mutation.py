"""What is well formed, changed in a few places: most of what gets past the first look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

_MOST_EDITS: Final = 5
# What parsers trip over.
_PIECES: Final = (
    *(b"", b"\x00", b"\n", b"\xff", b'"', b"\\u0000", b"\\ud800", b"null", b"-1", b"1e999", b"[]"),
    *(b"{}", b"[" * 200, b'{"a":' * 200, b"9" * 400, b"0.1", b"true", b"%00", b"%ED%A0%80", b"&"),
    *(b"=", b"<!DOCTYPE a>", b"&amp;", b"]]>", "٣".encode(), "ⵣ".encode(), "\u202e".encode()),
    *("\U0001f600".encode(), b"[[", b"]]", b"/", b"*", b"#", b"+212", b"2026-02-30", b"T25:00Z"),
    *(b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00", b"NaN", b"Infinity", b"\xed\xa0"),
)


def mutated(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """A seed with a few pieces cut out, put in or put twice."""
    piece = st.one_of(st.sampled_from(_PIECES), st.binary(max_size=6))
    edit = st.tuples(st.integers(0, 4000), st.integers(0, 40), piece)
    edits = st.lists(edit, min_size=1, max_size=_MOST_EDITS)
    return st.builds(_changed, st.sampled_from(list(seeds)), edits)


def _changed(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    content = seed
    for place, length, piece in edits:
        at = place % (len(content) + 1)
        content = content[:at] + piece + content[at + length :]
    return content
