"""What the query of an address asks for. What cannot be read is refused, never left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from flask import abort, request

MOST: Final = 200
_USUAL: Final = 50
_LONGEST: Final = 64


def known(*names: str) -> None:
    """End the request where it asks for something that there is not."""
    for name in request.args:
        if name not in names:
            abort(400, f"There is no parameter {name[:_LONGEST]}.")


def size() -> int:
    """How many items a page has."""
    return min(whole("limit") or _USUAL, MOST)


def whole(name: str) -> int | None:
    """A whole number above zero, or None."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 18 and int(text)):
        abort(400, f"{name} is no number.")
    return int(text)


def word(name: str, *allowed: str) -> str:
    """A word, one of those allowed where they are named; empty where there is none."""
    text = request.args.get(name, "")
    if len(text) > _LONGEST or not (text.isprintable() or not text):
        abort(400, f"{name} cannot be read.")
    if text and allowed and text not in allowed:
        abort(400, f"{name} is one of {', '.join(allowed)}.")
    return text


def moment(name: str) -> datetime | None:
    """A moment with its zone (RFC 3339), or None."""
    text = request.args.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None:
            raise ValueError(text)
        return read.astimezone(UTC)
    except (ValueError, OverflowError):
        abort(400, f"{name} is no moment with a zone.")


def day(name: str) -> date:
    """A day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        abort(400, f"{name} is no day.")
