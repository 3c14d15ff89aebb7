"""The list of an account's messages, filtered and in pages, as Twilio gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sandbox.provider.accounts import Refused
from sandbox.provider.messages import Message

_USUAL_PAGE: Final = 50
_LARGEST_PAGE: Final = 1000


def list_page(
    account: str, asked: Mapping[str, str], messages: Sequence[Message]
) -> dict[str, Any]:
    """One page of the messages asked for, those made last first. Raises Refused.

    DateSent is a day or a moment; `DateSent>` and `DateSent<` include what they name.
    """
    found = [message for message in messages if _is_wanted(asked, message)]
    size = _number(asked.get("PageSize"), _USUAL_PAGE, 1, _LARGEST_PAGE)
    page = _number(asked.get("Page"), 0, 0, 10**6)
    after = asked.get("PageToken", "")
    begin = next((n for n, one in enumerate(found, 1) if f"PA{one.sid}" == after), page * size)
    shown = found[begin : begin + size]
    has_more = begin + size < len(found)
    uri = f"/2010-04-01/Accounts/{account}/Messages.json"
    kept = {name: value for name, value in asked.items() if name not in ("Page", "PageToken")}

    def at(number: int, token: str = "") -> str:  # nosec B107
        query = {**kept, "PageSize": str(size), "Page": str(number)}
        return f"{uri}?{urlencode(query | ({'PageToken': token} if token else {}))}"

    return {
        "first_page_uri": at(0),
        "uri": at(page, after),
        "next_page_uri": at(page + 1, f"PA{shown[-1].sid}") if has_more else None,
        "previous_page_uri": at(page - 1) if page else None,
        "page": page,
        "page_size": size,
        "start": begin,
        "end": begin + len(shown) - 1,
        "messages": [message.to_json() for message in shown],
    }


def _is_wanted(asked: Mapping[str, str], message: Message) -> bool:
    if asked.get("To", message.recipient) != message.recipient:
        return False
    if asked.get("From", message.sender) != message.sender:
        return False
    dates = [asked.get(name) for name in ("DateSent", "DateSent>", "DateSent<")]
    if not any(dates):
        return True
    if message.sent_at is None:
        return False
    on, since, until = (_moments(date) if date else None for date in dates)
    at = message.sent_at.replace(microsecond=0)
    return (
        (on is None or on[0] <= at <= on[1])
        and (since is None or since[0] <= at)
        and (until is None or at <= until[1])
    )


def _moments(written: str) -> tuple[datetime, datetime]:
    """The first and the last moment of a day, or a moment twice."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise Refused(20001) from None
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    is_day = len(written) == len("2026-11-28")
    return read, read + timedelta(days=1, seconds=-1) if is_day else read


def _number(written: str | None, usual: int, least: int, most: int) -> int:
    if written is None:
        return usual
    if not (written.isascii() and written.isdecimal() and least <= int(written)):
        raise Refused(20001)
    return min(int(written), most)
