"""Payments in the messages of G2P Connect v1.0.0 (`/disburse/sync/search`).

What the standard has no field for stands under `additional_attributes`: `programme`, `month`,
`day`, `payment_state` (ready or held, while the standard says pending), `collect_at`, `collect_by`
and `reason`.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from actions.registry.envelope import Parties, locale_of, now_with_zone, reason_of, write_header
from actions.registry.reading import Day, WithAttributes, read_as
from actions.registry.records import programme_key
from actions.registry.shapes import Payment, PaymentReason, PaymentState
from core.errors import RegistryAnswerUnreadable, RegistryRefused

_STATES: Final = {
    "rcvd": PaymentState.SCHEDULED,
    "pdng": PaymentState.SCHEDULED,
    "succ": PaymentState.PAID,
    "rjct": PaymentState.FAILED,
}
_WHILE_PENDING: Final = {"ready": PaymentState.READY, "held": PaymentState.HELD}


def write_payment_search(address: str, language: str, parties: Parties) -> dict[str, Any]:
    """A search for what was and will be paid to a financial address."""
    return {
        "header": write_header("search", parties),
        "message": {
            "transaction_id": str(uuid.uuid4()),
            "search_criteria": [
                {
                    "reference_id": str(uuid.uuid4()),
                    "timestamp": now_with_zone(),
                    "request_type": "disburse",
                    "attribute_type": "payee_fa",
                    "attribute_value": address,
                    "locale": locale_of(language),
                }
            ],
        },
    }


class _Header(BaseModel):
    action: Literal["on-search"]
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    status_reason_code: str | None = None
    is_msg_encrypted: bool = False


class _Disbursement(WithAttributes):
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    amount: Decimal = Field(ge=0, allow_inf_nan=False)
    currency_code: Literal["MAD"]


class _Message(BaseModel):
    transaction_id: str
    disbursements_status: list[Any]


class _Answer(BaseModel):
    header: _Header
    message: _Message


class _Ours(BaseModel):
    programme: str = Field(min_length=1)
    month: Day
    day: Day | None = None
    payment_state: str | None = None
    collect_at: str = ""
    collect_by: Day | None = None
    reason: str | None = None


def read_payments(request: dict[str, Any], answer: Any) -> tuple[Payment, ...]:
    """The payments of an answer, newest month first, once it is proven to answer this request.

    Raises RegistryRefused with the registry's reason code, or RegistryAnswerUnreadable.
    """
    read = read_as(_Answer, answer)
    if read.header.is_msg_encrypted:
        raise RegistryAnswerUnreadable("the answer is encrypted")
    if read.message.transaction_id != request["message"]["transaction_id"]:
        raise RegistryAnswerUnreadable("the answer belongs to another transaction")
    if read.header.status == "rjct":
        raise RegistryRefused(reason_of(read.header.status_reason_code))
    if read.header.status != "succ":
        raise RegistryAnswerUnreadable("the answer is not final")
    payments = sorted(map(_payment, read.message.disbursements_status), key=lambda p: p.programme)
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
