"""Every operation of the port by name, asked about one person."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from actions.registry.port import Registry
from actions.registry.shapes import (
    ContactChange,
    EventKind,
    NewApplication,
    NewComplaint,
    NewDocument,
)
from core.references import new_reference
from tests.contract.registry.people import FATIMA

CODE: Final = "918273"
TRANSACTION: Final = "verification-1"
REFERENCE: Final = "712345678943"
ADDRESS: Final = "12, rue d'une personne"
WORDS: Final = "words of a person"

Operation = Callable[[Registry], Any]

OPERATIONS: Final[dict[str, Operation]] = {
    "person": lambda registry: registry.person(FATIMA, "fr"),
    "household": lambda registry: registry.household(FATIMA, "fr"),
    "registration": lambda registry: registry.registration(FATIMA, "fr"),
    "enrolments": lambda registry: registry.enrolments(FATIMA, "fr"),
    "is_enrolled": lambda registry: registry.is_enrolled(FATIMA, "asd"),
    "send_code": lambda registry: registry.send_code(FATIMA, TRANSACTION),
    "confirm_code": lambda registry: registry.confirm_code(FATIMA, TRANSACTION, CODE),
    "members": lambda registry: registry.members(FATIMA, "fr"),
    "applications": lambda registry: registry.applications(FATIMA, "fr"),
    "application": lambda registry: registry.application(REFERENCE, "fr"),
    "submit_application": lambda registry: registry.submit_application(an_application(FATIMA)),
    "submit_document": lambda registry: registry.submit_document(a_document(REFERENCE)),
    "documents": lambda registry: registry.documents(REFERENCE),
    "payments": lambda registry: registry.payments(FATIMA, "fr"),
    "covers": lambda registry: registry.covers(FATIMA, "fr"),
    "home_office": lambda registry: registry.home_office(FATIMA, "fr"),
    "offices": lambda registry: registry.offices("Salé", "fr"),
    "offices_near": lambda registry: registry.offices_near(34.0, -6.8, "fr"),
    "programmes": lambda registry: registry.programmes("fr"),
    "slots": lambda registry: registry.slots("CSC-04-01"),
    "submit_complaint": lambda registry: registry.submit_complaint(a_complaint(FATIMA)),
    "complaint": lambda registry: registry.complaint(REFERENCE, "fr"),
    "complaints": lambda registry: registry.complaints(FATIMA, "fr"),
    "update_contact": lambda registry: registry.update_contact(
        FATIMA, ContactChange("key-of-the-suite", address=ADDRESS)
    ),
    "subscribe": lambda registry: registry.subscribe(FATIMA, (EventKind.PAYMENT_CHANGED,)),
    "unsubscribe": lambda registry: registry.unsubscribe("subscription-1"),
}


def an_application(idcs: str, **changes: Any) -> NewApplication:
    """An application to send, with a key and a reference of its own."""
    fields: dict[str, Any] = {
        "idempotency_key": uuid.uuid4().hex,
        "reference": new_reference(),
        "programme": "birth_grant",
        "idcs": idcs,
        "for_idcs": (),
        "answers": {"born_on": "2026-10-02"},
        "language": "fr",
        "channel": "ussd",
        "consent_version": "2026-11",
        "assisted": False,
        "given_on": datetime.now(UTC),
    }
    return NewApplication(**(fields | changes))


def a_document(application: str, **changes: Any) -> NewDocument:
    """A document to send for an application, with a key of its own."""
    fields: dict[str, Any] = {
        "idempotency_key": uuid.uuid4().hex,
        "application": application,
        "content_type": "image/png",
        "content": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "channel": "whatsapp",
        "given_on": datetime.now(UTC),
    }
    return NewDocument(**(fields | changes))


def a_complaint(idcs: str, **changes: Any) -> NewComplaint:
    """A complaint to send, with a key and a reference of its own."""
    fields: dict[str, Any] = {
        "idempotency_key": uuid.uuid4().hex,
        "reference": new_reference(),
        "category": "payment",
        "text": WORDS,
        "idcs": idcs,
        "about": "asd",
        "language": "fr",
        "channel": "sms",
        "given_on": datetime.now(UTC),
    }
    return NewComplaint(**(fields | changes))
