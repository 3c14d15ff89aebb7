"""What became of a message: `txn/status` of SPDCI and of G2P Connect."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from sandbox.registry import payments, searches
from sandbox.registry.envelope import (
    BAD,
    Asked,
    MessageRefused,
    is_name,
    new_name,
    read_message,
    write_header,
)
from sandbox.registry.inbox import find, find_by_references, is_final
from sandbox.registry.message_tables import Message

REQUEST: Final = "txnstatus_request"
_TYPES: Final = ("search", "subscribe", "receipt")
_ATTRIBUTES: Final = ("transaction_id", "correlation_id", "reference_id_list")


def check_status(asked: Asked, types: tuple[str, ...] = _TYPES) -> dict[str, Any]:
    """The request of a question about a transaction. Raises MessageRefused."""
    request = asked.requests[0]
    if not isinstance(request, dict) or not is_name(request.get("reference_id")):
        raise MessageRefused(BAD)
    if request.get("txn_type") not in types or request.get("attribute_type") not in _ATTRIBUTES:
        raise MessageRefused(BAD)
    value = request.get("attribute_value")
    if request["attribute_type"] == "reference_id_list":
        if not isinstance(value, list) or not value or not all(map(is_name, value)):
            raise MessageRefused(BAD)
    elif not is_name(value):
        raise MessageRefused(BAD)
    return request


def answer_status(session: Session, asked: Asked, correlation: str) -> dict[str, Any]:
    """The answer to a question about a search, as it is now; nothing is known of a strange one."""
    request = check_status(asked)
    found = _find(session, request, "search" if request["txn_type"] == "search" else "subscribe")
    status, told = "succ", searches.write_found(asked, [], _named(request))
    if found is not None and request["txn_type"] == "search":
        before = read_message(found.body["body"], "search", found.body["requests"])
        if is_final(found):
            answers = searches.answer_searches(session, before)
        else:
            status, answers = "pdng", searches.pending_answers(before)
        told = searches.write_found(before, answers, found.correlation)
    return {
        "header": write_header(asked, "txn-on-status", 1, status=status),
        "message": {
            "transaction_id": asked.transaction,
            "correlation_id": correlation,
            "txnstatus_response": {"txn_type": request["txn_type"], "txn_status": told},
        },
    }


def answer_payment_status(session: Session, asked: Asked, correlation: str) -> dict[str, Any]:
    """The answer to a question about a search of payments, or about payments by reference."""
    request = check_status(asked, ("disburse", "search"))
    status = "succ"
    if request["txn_type"] == "disburse" and request["attribute_type"] == "reference_id_list":
        found = payments.by_references(session, request["attribute_value"])
        told = {"transaction_id": asked.transaction, "disbursements_status": found}
    else:
        message = _find(session, request, "disburse-search")
        told = {"transaction_id": _named(request) or asked.transaction, "disbursements_status": []}
        if message is not None:
            before = read_message(message.body["body"], "search", message.body["requests"])
            status = "succ" if is_final(message) else "pdng"
            found = payments.find(session, before) if is_final(message) else []
            told = {"transaction_id": before.transaction, "disbursements_status": found}
    told["correlation_id"] = new_name()
    kind = "on-search" if request["txn_type"] == "search" else "on-disburse"
    return {
        "header": write_header(asked, "on-search", 1, status=status),
        "message": {
            "transaction_id": asked.transaction,
            "correlation_id": correlation,
            "txnstatus_response": {"txn_type": kind, "txn_status": told},
        },
    }


def _find(session: Session, request: dict[str, Any], action: str) -> Message | None:
    value = request["attribute_value"]
    if request["attribute_type"] == "reference_id_list":
        return find_by_references(session, value, action)
    return find(session, request["attribute_type"], value, action)


def _named(request: dict[str, Any]) -> str:
    """The correlation that was asked about, where one was."""
    return str(request["attribute_value"]) if request["attribute_type"] == "correlation_id" else ""
