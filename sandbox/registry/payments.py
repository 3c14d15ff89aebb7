"""Payments as G2P Connect tells them (`/disburse/sync/search`), found by a financial address."""

from __future__ import annotations

import re
import uuid
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry.counter_tables import Payment
from sandbox.registry.envelope import MessageRefused, now_with_zone, write_header
from sandbox.registry.programmes import programme
from sandbox.registry.searches import is_in_arabic
from sandbox.registry.tables import Person

_STATUSES: Final = {
    "scheduled": "pdng",
    "ready": "pdng",
    "held": "pdng",
    "paid": "succ",
    "failed": "rjct",
}
STATES: Final = tuple(_STATUSES)
_ADDRESS: Final = re.compile(r"token:(.*)@[a-z0-9.\-]+")


def answer(session: Session, body: dict[str, Any], criteria: list[Any]) -> dict[str, Any]:
    """The answer to a search for payments. Raises MessageRefused with a reason of the header."""
    found = []
    for one in criteria:
        idcs, locale = _payee(one)
        found += [_told(payment, is_in_arabic(locale)) for payment in _of_person(session, idcs)]
    return write_payments(body, found)


def write_payments(
    body: dict[str, Any], found: list[dict[str, Any]], refused: str = ""
) -> dict[str, Any]:
    """The answer to a message: the payments found, or the reason why it is refused."""
    return {
        "header": write_header(body, "on-search", len(found), refused),
        "message": {
            "transaction_id": body["message"]["transaction_id"],
            "correlation_id": str(uuid.uuid4()),
            "disbursements_status": found,
        },
    }


def _payee(criterion: Any) -> tuple[str, str]:
    one = criterion if isinstance(criterion, dict) else {}
    if one.get("request_type") != "disburse":
        raise MessageRefused("rjct.request_type.invalid")
    if one.get("attribute_type") != "payee_fa":
        raise MessageRefused("rjct.attribute_type.invalid")
    address = _ADDRESS.fullmatch(str(one.get("attribute_value", "")))
    if address is None:
        raise MessageRefused("rjct.srch_payee_fa.invalid")
    return address.group(1), str(one.get("locale", "fra"))


def _of_person(session: Session, idcs: str) -> list[Payment]:
    person = session.get(Person, idcs) if idcs.isascii() else None
    if person is None or person.household_code is None:
        return []
    theirs = select(Payment).where(Payment.household_code == person.household_code)
    return list(session.scalars(theirs.order_by(Payment.month.desc(), Payment.programme)))


def _told(payment: Payment, in_arabic: bool) -> dict[str, Any]:
    ours = {
        "programme": programme(payment.programme).code,
        "month": payment.month.isoformat(),
        "day": payment.day.isoformat() if payment.day else None,
        "payment_state": payment.state,
        "collect_at": payment.collect_at_arabic if in_arabic else payment.collect_at,
        "collect_by": payment.collect_by.isoformat() if payment.collect_by else None,
        "reason": payment.reason,
    }
    return {
        "reference_id": f"{payment.household_code}-{payment.programme}-{payment.month:%Y%m}",
        "timestamp": now_with_zone(),
        "status": _STATUSES[payment.state],
        "amount": payment.amount,
        "currency_code": "MAD",
        "additional_attributes": [{"key": k, "value": v} for k, v in ours.items() if v],
    }
