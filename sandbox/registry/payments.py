"""Payments in the messages of G2P Connect (`/disburse/sync/search`), by a financial address."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry.counter_tables import Payment
from sandbox.registry.envelope import (
    Asked,
    RequestRefused,
    is_moment,
    is_name,
    new_name,
    now_with_zone,
    write_header,
)
from sandbox.registry.programmes import programme
from sandbox.registry.records import is_in_arabic
from sandbox.registry.tables import Person

REQUEST: Final = "search_criteria"
# As which a search of payments is kept, for it has the action of any other search.
ACTION: Final = "disburse-search"
_STATUSES: Final = {
    "scheduled": "pdng",
    "ready": "pdng",
    "held": "pdng",
    "paid": "succ",
    "failed": "rjct",
}
STATES: Final = tuple(_STATUSES)
# The one kind of financial address that is known here; of any other there are no payments.
_TOKEN: Final = "token"
_ADDRESS: Final = re.compile(r"([a-z]+):(.*)@[a-z0-9.\-]+")
_REFERENCE: Final = re.compile(r"(.+)-([a-z0-9_]+)-(\d{4})(\d{2})")
_LOCALE: Final = re.compile(r"[a-z]{3}")


def find(session: Session, asked: Asked) -> list[dict[str, Any]]:
    """The payments that a message asks for. Raises RequestRefused."""
    found = []
    for one in asked.requests:
        idcs, locale = _payee(one)
        found += [_told(payment, is_in_arabic(locale)) for payment in _of_person(session, idcs)]
    return found


def by_references(session: Session, references: list[str]) -> list[dict[str, Any]]:
    """The payments of these references; what nobody knows is left out."""
    found = []
    for reference in references:
        parts = _REFERENCE.fullmatch(reference)
        month = _month(parts.group(3), parts.group(4)) if parts else None
        if parts and month:
            payment = session.get(Payment, (parts.group(1), parts.group(2), month))
            found += [_told(payment, in_arabic=False)] if payment else []
    return found


def write_payments(
    asked: Asked, found: list[dict[str, Any]], refused: str = "", status: str = ""
) -> dict[str, Any]:
    """The answer to a message: the payments found, or the reason why it is refused."""
    return {
        "header": write_header(asked, "on-search", len(found), refused, status),
        "message": {
            "transaction_id": asked.transaction,
            "correlation_id": new_name(),
            "disbursements_status": found,
        },
    }


def _payee(criterion: Any) -> tuple[str, str]:
    one = criterion if isinstance(criterion, dict) else {}
    if not is_name(one.get("reference_id")):
        raise RequestRefused("rjct.reference_id.invalid")
    if not is_moment(one.get("timestamp")):
        raise RequestRefused("rjct.timestamp.invalid")
    if one.get("request_type") != "disburse":
        raise RequestRefused("rjct.request_type.invalid")
    if one.get("attribute_type") != "payee_fa":
        raise RequestRefused("rjct.attribute_type.invalid")
    address = _ADDRESS.fullmatch(str(one.get("attribute_value", "")))
    locale = one.get("locale", "fra")
    if address is None or not isinstance(locale, str) or not _LOCALE.fullmatch(locale):
        raise RequestRefused("rjct.srch_payee_fa.invalid")
    kind, value = address.groups()
    return value if kind == _TOKEN else "", locale


def _of_person(session: Session, idcs: str) -> list[Payment]:
    person = session.get(Person, idcs) if idcs.isascii() else None
    if person is None or person.household_code is None:
        return []
    theirs = select(Payment).where(Payment.household_code == person.household_code)
    return list(session.scalars(theirs.order_by(Payment.month.desc(), Payment.programme)))


def _month(year: str, month: str) -> date | None:
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None


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
