"""How far a measured number may be from the true one: 95 % intervals, standard library only."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

_Z = 1.959964
_DRAWS = 400

Interval = tuple[float, float]
T = TypeVar("T")


def wilson(part: int, whole: int) -> Interval:
    """Wilson's 95 % interval of a share; all of 0..1 where nothing was counted."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = (share * (1 - share) / whole + square / (4 * whole * whole)) ** 0.5
    reach *= _Z / (1 + square / whole)
    return max(0.0, min(middle - reach, share)), min(1.0, max(middle + reach, share))


def resampled(lines: Sequence[T], measure: Callable[[Sequence[T]], float]) -> Interval:
    """The middle 95 % of a number measured on samples of the lines, drawn with replacement.

    For what is no share, such as a macro-F1. The draws are the same at each call.
    """
    if not lines:
        return 0.0, 1.0
    draw = random.Random(0)
    found = sorted(measure(draw.choices(lines, k=len(lines))) for _ in range(_DRAWS))
    return found[round(0.025 * (_DRAWS - 1))], found[round(0.975 * (_DRAWS - 1))]
