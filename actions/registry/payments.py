"""Payments in the messages of G2P Connect v1.0.0 (`/disburse/sync/search`, `…/txn/status`).

What the standard has no field for stands under `additional_attributes`: `programme`, `month`,
`day`, `payment_state` (ready or held, while the standard says pending), `collect_at`, `collect_by`
and `reason`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from actions.registry.correspondence import Correspondence
from actions.registry.envelope import (
    AnswerHeader,
    AnswerMessage,
    Status,
    locale_of,
    new_name,
    now_with_zone,
)
from actions.registry.reading import Day, WithAttributes, read_as
from actions.registry.records import programme_key
from actions.registry.searches import final
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import Payment, PaymentReason, PaymentState
from actions.registry.transactions import write_status
from core.errors import RegistryAnswerUnreadable

_STATES: Final = {
    "rcvd": PaymentState.SCHEDULED,
    "pdng": PaymentState.SCHEDULED,
    "succ": PaymentState.PAID,
    "rjct": PaymentState.FAILED,
}
_WHILE_PENDING: Final = {"ready": PaymentState.READY, "held": PaymentState.HELD}
Payments = tuple[Payment, ...]


def find_payments(
    address: str, language: str, settings: RegistrySettings, correspondence: Correspondence
) -> Payments:
    """What was and will be paid to a financial address, newest month first."""
    asked = write_payment_search(address, language)
    name = asked["transaction_id"]

    def ask() -> Payments | None:
        return correspondence.ask(
            "payments.search",
            settings.registry_disburse_path,
            "search",
            asked,
            lambda answer: read_payments(name, answer),
        )

    def ask_status() -> Payments | None:
        status = write_status(name, language)
        return correspondence.ask(
            "payments.status",
            settings.registry_disburse_status_path,
            # The standard knows no other action for this message.
            "search",
            status,
            lambda answer: read_payment_status(status["transaction_id"], name, answer),
        )

    return final(ask, ask_status, settings)


def write_payment_search(address: str, language: str) -> dict[str, Any]:
    """The message of a search by a financial address."""
    return {
        "transaction_id": new_name(),
        "search_criteria": [
            {
                "reference_id": new_name(),
                "timestamp": now_with_zone(),
                "request_type": "disburse",
                "attribute_type": "payee_fa",
                "attribute_value": address,
                "locale": locale_of(language),
            }
        ],
    }


class _Disbursement(WithAttributes):
    status: Status
    amount: Decimal = Field(ge=0, allow_inf_nan=False)
    currency_code: Literal["MAD"]


class _Found(BaseModel):
    transaction_id: str
    disbursements_status: list[Any]


class _Answer(BaseModel):
    header: AnswerHeader
    message: _Found


class _Became(BaseModel):
    txn_type: Literal["on-search"]
    txn_status: _Found


class _StatusMessage(AnswerMessage):
    txnstatus_response: _Became


class _StatusAnswer(BaseModel):
    header: AnswerHeader
    message: _StatusMessage


class _Ours(BaseModel):
    programme: str = Field(min_length=1)
    month: Day
    day: Day | None = None
    payment_state: str | None = None
    collect_at: str = ""
    collect_by: Day | None = None
    reason: str | None = None


def read_payments(transaction: str, answer: Any) -> Payments | None:
    """The payments of an answer, None where it is not final yet.

    Raises what a refusal is to us, or RegistryAnswerUnreadable.
    """
    read = read_as(_Answer, answer)
    return _payments(transaction, read.header, read.message)


def read_payment_status(status: str, transaction: str, answer: Any) -> Payments | None:
    """The same, of the answer to a question about a search."""
    read = read_as(_StatusAnswer, answer)
    read.message.check(status)
    return _payments(transaction, read.header, read.message.txnstatus_response.txn_status)


def _payments(transaction: str, header: AnswerHeader, found: _Found) -> Payments | None:
    if found.transaction_id != transaction:
        raise RegistryAnswerUnreadable("the answer belongs to another transaction")
    header.check("on-search")
    if header.status != "succ":
        return None
    payments = sorted(map(_payment, found.disbursements_status), key=lambda p: p.programme)
    return tuple(sorted(payments, key=lambda payment: payment.month, reverse=True))


def _payment(record: Any) -> Payment:
    told = read_as(_Disbursement, record)
    ours = read_as(_Ours, told.attributes())
    state = _STATES[told.status]
    if told.status == "pdng":
        state = _WHILE_PENDING.get(ours.payment_state or "", state)
    return Payment(
        programme=programme_key(ours.programme),
        month=ours.month.replace(day=1),
        amount=told.amount,
        state=state,
        day=ours.day,
        collect_at=ours.collect_at,
        collect_by=ours.collect_by,
        reason=_reason(ours.reason),
    )


def _reason(told: str | None) -> PaymentReason | None:
    """A reason we have words for; one we do not know is OTHER, for there is one."""
    if not told:
        return None
    return PaymentReason(told) if told in tuple(PaymentReason) else PaymentReason.OTHER
