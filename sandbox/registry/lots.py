"""Lots drawn by a seed: the same everywhere, and the same in Python as in SQL.

A lot belongs to somebody's number and to what it is drawn for. Where many are drawn at once, SQL
does it: `share_sql` is the expression of `share`.
"""

from __future__ import annotations

from typing import Final

_STEP: Final = 2_654_435_761
_APART: Final = 40_503
_COARSE: Final = 65_536


def lot(seed: int, number: int, purpose: int, among: int) -> int:
    """A number from 0 to below `among`."""
    return (number * _STEP + purpose * _APART * _COARSE + seed * _COARSE) // _COARSE % among


def share(seed: int, number: int, purpose: int) -> int:
    """A number from 0 to 99."""
    return lot(seed, number, purpose, 100)


def share_sql(number: str, purpose: str = ":purpose", seed: str = ":seed") -> str:
    """`share` as SQL over the names of a column and of two parameters."""
    mixed = f"{number} * {_STEP} + {purpose} * {_APART * _COARSE} + {seed} * {_COARSE}"
    return f"(({mixed}) / {_COARSE} % 100)"
