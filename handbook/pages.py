"""The pages of the handbook that the code writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from handbook import settings_page

_WRITERS: Final[dict[Path, Callable[[], str]]] = {settings_page.PAGE: settings_page.written}


def stale() -> list[Path]:
    """The pages that no longer say what the code does."""
    return [
        page
        for page, text in _WRITERS.items()
        if not page.exists() or page.read_text(encoding="utf-8") != text()
    ]


def write() -> list[Path]:
    """Write them anew; those that changed."""
    changed = stale()
    for page in changed:
        page.write_text(_WRITERS[page](), encoding="utf-8")
    return changed
