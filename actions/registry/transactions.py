"""What became of a search that was not final when it was asked: `txn/status` of both standards."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel

from actions.registry.envelope import AnswerHeader, AnswerMessage, locale_of, new_name
from actions.registry.reading import read_as
from actions.registry.search_messages import Found, Page, read_found

STATUS: Final = "txn-status"


def write_status(transaction: str, language: str) -> dict[str, Any]:
    """A question about a search, by the transaction it was made under."""
    return {
        "transaction_id": new_name(),
        "txnstatus_request": {
            "reference_id": new_name(),
            "txn_type": "search",
            "attribute_type": "transaction_id",
            "attribute_value": transaction,
            "locale": locale_of(language),
        },
    }


class _Became(BaseModel):
    txn_type: Literal["search"]
    txn_status: Found


class _Message(AnswerMessage):
    txnstatus_response: _Became


class _Answer(BaseModel):
    header: AnswerHeader
    message: _Message


class _LateHeader(BaseModel):
    action: Literal["txn-on-status"]


class _LateBecame(BaseModel):
    txn_type: Literal["search", "subscribe", "receipt"]
    txn_status: dict[str, Any]


class _LateMessage(AnswerMessage):
    txnstatus_response: _LateBecame


class _Late(BaseModel):
    header: _LateHeader
    message: _LateMessage


def read_late_status(message: Any) -> int:
    """How many transactions a `txn/on-status` tells of. Raises RegistryAnswerUnreadable."""
    read_as(_Late, message)
    return 1


def read_status(
    status: dict[str, Any], asked: dict[str, Any], answer: Any
) -> tuple[Page, ...] | None:
    """The page of each search of the message `asked`, None where they are not final yet.

    Raises what a refusal is to us, or RegistryAnswerUnreadable.
    """
    read = read_as(_Answer, answer)
    read.message.check(status["transaction_id"])
    read.header.check("txn-on-status")
    return read_found(asked, read.message.txnstatus_response.txn_status)
