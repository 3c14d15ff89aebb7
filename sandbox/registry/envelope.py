"""SPDCI v1.0.0 search messages from the registry's side: refusing faulty ones, writing answers."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

VERSION: Final = "1.0.0"
_LOCALE: Final = re.compile(r"[a-z]{3}")
_LONGEST_TRANSACTION: Final = 99


class MessageRefused(Exception):
    """A whole message is refused; `code` is a header reason (rjct.…) or an HTTP one (err.…)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class SearchRefused(Exception):
    """One search of a message is refused with a search reason code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Search:
    """What one search asks for."""

    reference: str
    registry: str
    record: str
    idcs: str
    page_size: int
    page_number: int
    locale: str


@dataclass(frozen=True, slots=True)
class Found:
    """The records on the page asked for, and how many there are in all."""

    records: list[dict[str, Any]]
    total: int


def now_with_zone() -> str:
    """The present as the wire writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def check_message(body: Any, requests: str = "search_request", action: str = "search") -> list[Any]:
    """The requests of a message whose envelope is right. Raises MessageRefused."""
    if not isinstance(body, dict):
        raise MessageRefused("err.request.bad")
    header, message = body.get("header"), body.get("message")
    if not isinstance(header, dict) or not isinstance(message, dict):
        raise MessageRefused("err.request.bad")
    for name in ("message_id", "sender_id", "receiver_id"):
        if not _is_text(header.get(name)):
            raise MessageRefused("err.request.bad")
    transaction, searches = message.get("transaction_id"), message.get(requests)
    if not isinstance(transaction, str) or not 0 < len(transaction) <= _LONGEST_TRANSACTION:
        raise MessageRefused("err.request.bad")
    # One question may stand without a list around it.
    searches = [searches] if isinstance(searches, dict) else searches
    if not isinstance(searches, list) or not searches:
        raise MessageRefused("err.request.bad")
    if header.get("version", VERSION) != VERSION:
        raise MessageRefused("rjct.version.invalid")
    if header.get("action") != action:
        raise MessageRefused("rjct.action.invalid")
    if not _is_moment(header.get("message_ts")):
        raise MessageRefused("rjct.message_ts.invalid")
    if type(header.get("total_count")) is not int or header["total_count"] != len(searches):
        raise MessageRefused("rjct.total_count.invalid")
    return searches


def read_search(item: Any) -> Search:
    """One search. Raises SearchRefused."""
    item = item if isinstance(item, dict) else {}
    if not _is_text(item.get("reference_id")):
        raise SearchRefused("rjct.reference_id.invalid")
    if not _is_moment(item.get("timestamp")):
        raise SearchRefused("rjct.timestamp.invalid")
    criteria = item.get("search_criteria")
    query = criteria.get("query") if isinstance(criteria, dict) else None
    if not isinstance(criteria, dict) or not isinstance(query, dict):
        raise SearchRefused("rjct.search_criteria.invalid")
    value, locale = query.get("value"), item.get("locale", "fra")
    asked_for = criteria.get("response_entity") or criteria.get("reg_record_type")
    if (
        criteria.get("query_type") != "idtype-value"
        or query.get("type") != "UIN"
        or not isinstance(value, str)
        or not isinstance(locale, str)
        or not _LOCALE.fullmatch(locale)
    ):
        raise SearchRefused("rjct.search_criteria.invalid")
    size, number = _page(criteria.get("pagination", {"page_size": 10}))
    return Search(
        reference=item["reference_id"],
        registry=str(criteria.get("reg_type", "")).rpartition(":")[2],
        record=str(asked_for),
        idcs=value,
        page_size=size,
        page_number=number,
        locale=locale,
    )


def write_header(body: Any, action: str, count: int, refused: str = "") -> dict[str, Any]:
    """The header of the answer to a message: `count` answers, or the reason of its refusal."""
    asked = body["header"]
    header = {
        "version": VERSION,
        "message_id": str(uuid.uuid4()),
        "message_ts": now_with_zone(),
        "action": action,
        "status": "rjct" if refused else "succ",
        "total_count": count,
        "completed_count": count,
        "sender_id": asked["receiver_id"],
        "receiver_id": asked["sender_id"],
        "is_msg_encrypted": False,
    }
    return header | ({"status_reason_code": refused} if refused else {})


def write_answer(
    body: dict[str, Any], answers: list[dict[str, Any]], refused: str = ""
) -> dict[str, Any]:
    """The answer to a message: its searches' answers, or the reason why all of it is refused."""
    succeeded = not refused and any(answer["status"] == "succ" for answer in answers)
    header = write_header(body, "on-search", len(answers), refused)
    header["status"] = "succ" if succeeded else "rjct"
    return {
        "header": header,
        "message": {
            "transaction_id": body["message"]["transaction_id"],
            "correlation_id": str(uuid.uuid4()),
            "search_response": answers,
        },
    }


def write_found(search: Search, found: Found) -> dict[str, Any]:
    """The answer to one search; nothing found is a success with no records."""
    return {
        "reference_id": search.reference,
        "timestamp": now_with_zone(),
        "status": "succ",
        "data": {
            "version": VERSION,
            "reg_type": f"ns:org:RegistryType:{search.registry}",
            "reg_record_type": search.record,
            "reg_records": found.records,
        },
        "pagination": {
            "page_size": search.page_size,
            "page_number": search.page_number,
            "total_count": found.total,
        },
        "locale": search.locale,
    }


def write_refused(item: Any, code: str) -> dict[str, Any]:
    """The answer to one search that is refused."""
    reference = item.get("reference_id") if isinstance(item, dict) else None
    return {
        "reference_id": reference if _is_text(reference) else "unknown",
        "timestamp": now_with_zone(),
        "status": "rjct",
        "status_reason_code": code,
    }


def _page(pagination: Any) -> tuple[int, int]:
    if not isinstance(pagination, dict):
        raise SearchRefused("rjct.pagination.invalid")
    size, number = pagination.get("page_size"), pagination.get("page_number", 1)
    if type(size) is not int or type(number) is not int or not (0 < size <= 100) or number < 1:
        raise SearchRefused("rjct.pagination.invalid")
    return size, number


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_moment(value: Any) -> bool:
    """True for ISO 8601 with a zone."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
