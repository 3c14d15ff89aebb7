"""What a test puts into a person's file: members, payments, applications, each in one line.

world.give(KHADIJA, members=[a_member(KHADIJA), a_member(SALMA)], payments=[a_payment()])
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from actions.registry.port import Person, RnpStatus
from actions.registry.pretend import PretendOffice, PretendRecord, PretendRegistry
from actions.registry.shapes import (
    Application,
    ApplicationState,
    Complaint,
    ComplaintState,
    Cover,
    Member,
    NewApplication,
    NewComplaint,
    Office,
    Payment,
    PaymentState,
    Slot,
)
from tests.builders import NOW

TODAY: Final = NOW.date()
# Valid references, apart from each other.
APPLIED: Final = "712345678943"
COMPLAINED: Final = "800000000058"


_BORN: Final = date(1980, 2, 3)
_SHARED: Final = ("household", "enrolments", "members", "payments", "home_office")


def fill(registry: PretendRegistry, idcs: str, **fields: Any) -> PretendRecord:
    """Change a person's file, and what a household shares in its members' files too.

    `fields` are those of PretendRecord, lists for tuples; who is not known yet is made, without a
    phone number.
    """
    given = {name: tuple(f) if isinstance(f, list) else f for name, f in fields.items()}
    members: tuple[Member, ...] = given.get("members", ())
    births = {idcs: _BORN} | {member.idcs: member.birth_date for member in members}
    for who, born in births.items():
        if not registry.knows(who):
            registry.know(PretendRecord(Person(who, RnpStatus.REGISTERED, born)))
    shared = {name: given[name] for name in _SHARED if name in given}
    for member in members:
        registry.change(member.idcs, **shared)
    return registry.change(idcs, **given)


def a_member(idcs: str, given_name: str = "Amina", born: date = _BORN) -> Member:
    """A member of a household, born on the day all people of the tests are."""
    return Member(idcs, given_name, born)


def an_application(**changes: Any) -> Application:
    """An application for direct social aid, received ten days ago."""
    fields: dict[str, Any] = {
        "reference": APPLIED,
        "programme": "asd",
        "state": ApplicationState.RECEIVED,
        "since": TODAY - timedelta(days=10),
        "given_on": TODAY - timedelta(days=10),
    }
    return Application(**(fields | changes))


def a_new_application(idcs: str, **changes: Any) -> NewApplication:
    """An application to send, by USSD."""
    fields: dict[str, Any] = {
        "idempotency_key": "key-1",
        "reference": APPLIED,
        "programme": "asd",
        "idcs": idcs,
        "for_idcs": (),
        "answers": {},
        "language": "fr",
        "channel": "ussd",
        "consent_version": "1",
        "assisted": False,
        "given_on": NOW,
    }
    return NewApplication(**(fields | changes))


def a_payment(**changes: Any) -> Payment:
    """This month's direct social aid, paid."""
    fields: dict[str, Any] = {
        "programme": "asd",
        "month": TODAY.replace(day=1),
        "amount": Decimal("500.00"),
        "state": PaymentState.PAID,
        "day": TODAY,
    }
    return Payment(**(fields | changes))


def a_cover(**changes: Any) -> Cover:
    """AMO-Tadamon, active for a year."""
    fields: dict[str, Any] = {
        "programme": "amo_tadamon",
        "is_active": True,
        "since": TODAY - timedelta(days=365),
    }
    return Cover(**(fields | changes))


def a_complaint(**changes: Any) -> Complaint:
    """A complaint about a payment, received five days ago."""
    fields: dict[str, Any] = {
        "reference": COMPLAINED,
        "category": "payment",
        "state": ComplaintState.RECEIVED,
        "since": TODAY - timedelta(days=5),
    }
    return Complaint(**(fields | changes))


def a_new_complaint(idcs: str, **changes: Any) -> NewComplaint:
    """A complaint to send, by USSD."""
    fields: dict[str, Any] = {
        "idempotency_key": "key-1",
        "reference": COMPLAINED,
        "category": "payment",
        "text": "words of a citizen",
        "idcs": idcs,
        "about": "asd",
        "language": "fr",
        "channel": "ussd",
        "given_on": NOW,
    }
    return NewComplaint(**(fields | changes))


def a_slot(code: str = "slot-1", begins: datetime = NOW + timedelta(days=3)) -> Slot:
    """An appointment in three days."""
    return Slot(code, begins)


def an_office(
    code: str = "C-1", *slots: Slot, near: tuple[float, float] = (34.0, -6.8), **changes: Any
) -> PretendOffice:
    """A service centre in Salé; `changes` are fields of Office."""
    fields: dict[str, Any] = {
        "code": code,
        "name": "Centre 1",
        "address": "1, rue de l'Exemple",
        "commune": "Salé",
        "region": "Rabat-Salé-Kénitra",
    }
    return PretendOffice(Office(**(fields | changes)), *near, slots=slots)
