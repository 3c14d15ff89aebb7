"""How the C library allocates: little is kept that nobody uses. Elsewhere than with glibc, as ever.

Threads allocate from regions of their own, eight for each processor, and what one has freed another
does not get: a process of many threads grows for hours without holding more.
"""

from __future__ import annotations

import ctypes
from typing import Final

# Of glibc: what mallopt calls the most regions that threads allocate from.
_M_ARENA_MAX: Final = -8
_REGIONS: Final = 2
_LIBC: Final = ctypes.CDLL(None)


def keep_little() -> None:
    """Give back what is free now, and have all threads allocate from the same regions from now."""
    if trim := getattr(_LIBC, "malloc_trim", None):
        trim(0)
    if limit := getattr(_LIBC, "mallopt", None):
        limit(_M_ARENA_MAX, _REGIONS)
