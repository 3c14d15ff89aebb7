"""What the form of the list asks for. Whatever cannot be read is refused, never left out silently:
a list that shows more than was asked for would be believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from flask import abort

from records.handovers import CANCELLED, CLAIMED, DONE, WAITING, Handovers
from transcripts.listing import During, Filters, Place
from transcripts.reading import Reached

TEXTS: Final = ("channel", "provider", "language", "programme", "intent", "label")
TROUBLES: Final = ("unsure", "fallback", "error", "undelivered")
HANDOVERS: Final = (WAITING, CLAIMED, DONE, CANCELLED)
DATES: Final = ("since", "until")
NAMES: Final = (*TEXTS, *TROUBLES, "handover", "assignee", *DATES)
_LONGEST: Final = 64
_ZONE: Final = ZoneInfo("Africa/Casablanca")

At = TypeVar("At", Place, Reached)


def chosen(given: Mapping[str, str]) -> dict[str, str]:
    """The filters of a form that are not empty. Ends the request where one cannot be read."""
    found = {name: given.get(name, "").strip() for name in NAMES}
    found = {name: value for name, value in found.items() if value}
    if any(len(value) > _LONGEST or not value.isprintable() for value in found.values()):
        abort(400)
    if any(found.get(name, "1") != "1" for name in TROUBLES):
        abort(400)
    if found.get("handover", WAITING) not in HANDOVERS:
        abort(400)
    assignee = found.get("assignee", "1")
    if not (assignee.isascii() and assignee.isdecimal()):
        abort(400)
    for name in DATES:
        _day(found.get(name))
    return found


def filters(found: Mapping[str, str], handovers: Handovers) -> Filters:
    """What `chosen` found, for the store."""
    until = _day(found.get("until"))
    during = None
    if "handover" in found or "assignee" in found:
        state, staff = found.get("handover", ""), found.get("assignee", "")
        during = tuple(
            During(one.asked.conversation, one.created) for one in handovers.matching(state, staff)
        )
    return Filters(
        **{name: found.get(name, "") for name in TEXTS},
        is_unsure="unsure" in found,
        has_fallback="fallback" in found,
        has_error="error" in found,
        is_undelivered="undelivered" in found,
        since=_day(found.get("since")),
        until=until + timedelta(days=1) if until else None,
        during=during,
    )


def place(kind: type[At], text: str) -> At | None:
    """Where a page begins, None for the first. Ends the request where it cannot be read."""
    try:
        return kind.read(text) if text else None
    except ValueError:
        abort(400)


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2200:
        abort(400)
    return datetime.combine(day, time(), _ZONE)
