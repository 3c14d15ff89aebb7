"""What the registry answers and tells: SPDCI, G2P Connect, MOSIP, our own resource."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import orjson

from actions.registry.counter import (
    read_applications,
    read_complaints,
    read_documents,
    read_receipt,
)
from actions.registry.enrolled import read_enrolled
from actions.registry.notices import read_notify
from actions.registry.offices import read_offices, read_programmes, read_slots
from actions.registry.one_time_codes import read_auth_answer, read_otp_answer
from actions.registry.payments import read_payment_status, read_payments
from actions.registry.records import (
    read_covers,
    read_enrolments,
    read_household,
    read_members,
    read_person,
)
from actions.registry.search_messages import (
    Search,
    read_search,
    read_transaction,
    write_search,
)
from actions.registry.subscriptions import (
    read_acknowledgement,
    read_ended_codes,
    read_given_codes,
)
from actions.registry.transactions import read_late_status, read_status
from core.errors import RegistryError
from tests.builders import IDCS
from tests.fuzz.target import target

_ASKED: Final = write_search(Search(IDCS, "Member", "fr"))
_REQUEST: Final = _ASKED["search_request"][0]
_HEADER: Final = {
    "message_id": "m",
    "message_ts": "2026-11-23T09:00:00Z",
    "action": "search",
    "status": "succ",
    "total_count": 1,
    "sender_id": "registry",
}
_RECORD: Final = {
    "member_identifier": [{"identifier_type": "UIN", "identifier_value": IDCS}],
    "demographic_info": {
        "name": {"given_name": "Zoubida", "surname": "Tazrouti"},
        "birth_date": "1985-03-12",
        "phone_number": ["+212600000001"],
    },
    "registration_date": "2024-01-02",
    "additional_attributes": [{"key": "rnp_status", "value": "registered"}],
}
_EVENT: Final = {
    "reference_id": "event-1",
    "timestamp": "2026-11-23T09:00:00Z",
    "data": {
        "reg_records": {
            **_RECORD,
            "additional_attributes": [{"key": "event", "value": "payment.made"}],
        }
    },
}


def _page(records: list[Any]) -> dict[str, Any]:
    result = {
        "reference_id": _REQUEST["reference_id"],
        "timestamp": "2026-11-23T09:00:00Z",
        "status": "succ",
        "data": {"version": "1.0.0", "reg_record_type": "Member", "reg_records": records},
        "pagination": {"page_size": 10, "page_number": 1, "total_count": len(records)},
    }
    message = {
        "transaction_id": _ASKED["transaction_id"],
        "correlation_id": "c",
        "search_response": [result],
    }
    return {"header": _HEADER | {"action": "on-search"}, "message": message}


def _add(name: str, read: Callable[[Any], object], *seeds: Any) -> None:
    @target(f"registry-{name}", [json.dumps(seed) for seed in seeds])
    def feed(data: bytes) -> None:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            return
        with contextlib.suppress(RegistryError):
            read(value)


def _records(value: Any) -> None:
    """Whatever stands in the records of a page goes through all that read them."""
    records = value if isinstance(value, list) else [value]
    records = [one for one in records if isinstance(one, dict)]
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_person(records, IDCS),
        lambda: read_household(records),
        lambda: read_enrolments(records),
        lambda: read_members(records, lambda _: records),
        lambda: read_covers(records),
    )
    for read in readers:
        with contextlib.suppress(RegistryError):
            read()


def _notify(value: Any) -> None:
    """What the intake queues must be possible to write down."""
    for event in read_notify(value):
        orjson.dumps(asdict(event))


_add("search", lambda value: read_search(_ASKED, value), _page([_RECORD]), _page([]))
_add("late", read_transaction, _page([_RECORD]))
_add("status", lambda value: read_status({"transaction_id": "t"}, _ASKED, value), _page([]))
_add("enrolled", lambda value: read_enrolled(_ASKED, value), _page([_RECORD]))
_add("records", _records, [_RECORD], [_RECORD, _RECORD])
_add("payments", lambda value: read_payments("t", value), _page([_RECORD]))
_add("payment-status", lambda value: read_payment_status("s", "t", value), _page([]))
_add(
    "notify",
    _notify,
    {
        "header": _HEADER | {"action": "notify"},
        "message": {"transaction_id": "t", "notify_event": [_EVENT]},
    },
)
_add("given-codes", read_given_codes, {"header": {"action": "on-subscribe"}, "message": {}})
_add("ended-codes", read_ended_codes, {"header": {"action": "on-unsubscribe"}, "message": {}})
_add("late-status", read_late_status, {"header": _HEADER, "message": {}})
_add(
    "acknowledgement",
    read_acknowledgement,
    {"message": {"ack_status": "ACK", "timestamp": "t", "correlation_id": "c"}},
    {"message": {"ack_status": "ERR", "error": {"code": "rjct.x", "message": "no"}}},
)
_add("offices", read_offices, [{"id": "1", "name": {"fr": "Rabat"}}], {"offices": []})
_add("slots", read_slots, [{"day": "2026-11-23", "from": "09:00"}])
_add("programmes", read_programmes, [{"key": "asd", "status": "open"}])
_add("receipt", read_receipt, {"reference": "R-1", "state": "received"})
_add("applications", read_applications, [{"reference": "R-1", "programme": "asd"}])
_add("complaints", read_complaints, [{"reference": "R-1"}])
_add("documents", read_documents, [{"reference": "R-1"}])
_add("code-sent", lambda v: read_otp_answer(v, "t"), {"transactionID": "t", "response": {}})
_add("code-checked", lambda v: read_auth_answer(v, "t"), {"transactionID": "t", "response": {}})
