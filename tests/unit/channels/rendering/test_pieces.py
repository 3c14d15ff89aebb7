"""A long text goes in several messages, and nothing of it is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.pieces import pieces


@given(st.text("abc \n", max_size=200), st.integers(1, 40))
def test_no_piece_is_too_long_and_nothing_is_lost(text: str, longest: int) -> None:
    cut = pieces(text, longest)

    assert all(len(piece) <= longest for piece in cut)
    assert text.replace("\n", "") == "".join(cut).replace("\n", "")


def test_a_text_is_cut_at_its_line_ends() -> None:
    text = "\n".join(f"{line} " + "x" * 400 for line in range(10))

    assert text == "\n".join(pieces(text, 1600))
    assert 4 == len(pieces(text, 1600))


def test_a_text_that_fits_is_one_piece() -> None:
    assert ["salam\n\nbonjour"] == pieces("salam\n\nbonjour", 1600)
    assert [""] == pieces("", 1600)
