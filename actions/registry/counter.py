"""Applications, complaints, contacts: messages of our own resource (docs/openapi).

Every call is a POST whose body holds the identifiers; what is handed in carries a key under which
it is taken once.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from actions.registry.envelope import locale_of
from actions.registry.port import (
    ALREADY_OPEN,
    INVALID,
    NOT_IN_HOUSEHOLD,
    NOT_TAKEN,
    PROGRAMME_CLOSED,
    SLOT_TAKEN,
    TOO_LARGE,
    UNKNOWN_APPLICATION,
)
from actions.registry.reading import Day, read_as
from actions.registry.records import programme_key
from actions.registry.shapes import (
    Application,
    ApplicationState,
    Complaint,
    ComplaintState,
    ContactChange,
    Document,
    NewApplication,
    NewComplaint,
    NewDocument,
    Receipt,
    RefusalReason,
)

# What a refusal may give as its code.
REASONS: Final = frozenset(
    (
        *(ALREADY_OPEN, PROGRAMME_CLOSED, NOT_IN_HOUSEHOLD, INVALID, SLOT_TAKEN),
        *(UNKNOWN_APPLICATION, TOO_LARGE, NOT_TAKEN),
    )
)


@dataclass(frozen=True, slots=True)
class Search:
    """A search by a reference, or by a person's identifier."""

    reference: str = ""
    idcs: str = ""

    def write(self, language: str) -> dict[str, Any]:
        """The body of the search."""
        asked = {"reference": self.reference} if self.reference else {"person": self.idcs}
        return {**asked, "locale": locale_of(language)}


def write_application(application: NewApplication) -> dict[str, Any]:
    """An application to hand in."""
    return {
        "reference": application.reference,
        "programme": application.programme,
        "person": application.idcs or None,
        "for": list(application.for_idcs),
        "answers": dict(application.answers),
        "locale": locale_of(application.language),
        "channel": application.channel,
        "consent_version": application.consent_version,
        "assisted": application.assisted,
        "given_on": application.given_on.isoformat(),
    }


def write_complaint(complaint: NewComplaint) -> dict[str, Any]:
    """A complaint to hand in."""
    return {
        "reference": complaint.reference,
        "category": complaint.category,
        "text": complaint.text,
        "person": complaint.idcs or None,
        "about": complaint.about,
        "locale": locale_of(complaint.language),
        "channel": complaint.channel,
        "given_on": complaint.given_on.isoformat(),
    }


def write_contact(idcs: str, change: ContactChange) -> dict[str, Any]:
    """A change of how a person is reached; what stays is left out."""
    changes = {"phone": change.phone, "address": change.address}
    return {"person": idcs, **{name: value for name, value in changes.items() if value}}


def write_document(document: NewDocument) -> dict[str, Any]:
    """A document to hand in, with what its content is known again by."""
    return {
        "application": document.application,
        "content_type": document.content_type,
        "content": base64.b64encode(document.content).decode(),
        "sha256": hashlib.sha256(document.content).hexdigest(),
        "channel": document.channel,
        "given_on": document.given_on.isoformat(),
    }


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Receipt(_Answer):
    reference: str = Field(min_length=1, max_length=40)


class _Application(_Receipt):
    programme: str = Field(min_length=1)
    state: ApplicationState
    since: Day
    given_on: Day
    missing: tuple[str, ...] = ()
    reason: str | None = None
    next_by: Day | None = None
    appeal_by: Day | None = None


class _Applications(_Answer):
    applications: list[_Application]


class _Complaint(_Receipt):
    category: str
    state: ComplaintState
    since: Day
    answer: str = ""


class _Complaints(_Answer):
    complaints: list[_Complaint]


class _Document(_Receipt):
    key: str
    content_type: str
    since: Day


class _Documents(_Answer):
    documents: list[_Document]


def read_receipt(answer: Any) -> Receipt:
    """The receipt for what was handed in. Raises RegistryAnswerUnreadable."""
    return Receipt(read_as(_Receipt, answer).reference)


def read_applications(answer: Any) -> tuple[Application, ...]:
    """The applications found, in the registry's order. Raises RegistryAnswerUnreadable."""
    return tuple(
        Application(
            reference=told.reference,
            programme=programme_key(told.programme),
            state=told.state,
            since=told.since,
            given_on=told.given_on,
            missing=told.missing,
            reason=_reason(told.reason),
            next_by=told.next_by,
            appeal_by=told.appeal_by,
        )
        for told in read_as(_Applications, answer).applications
    )


def read_complaints(answer: Any) -> tuple[Complaint, ...]:
    """The complaints found, in the registry's order. Raises RegistryAnswerUnreadable."""
    return tuple(
        Complaint(told.reference, told.category, told.state, told.since, told.answer)
        for told in read_as(_Complaints, answer).complaints
    )


def read_documents(answer: Any) -> tuple[Document, ...]:
    """The documents found, in the registry's order. Raises RegistryAnswerUnreadable."""
    return tuple(
        Document(told.reference, told.key, told.content_type, told.since)
        for told in read_as(_Documents, answer).documents
    )


def _reason(told: str | None) -> RefusalReason | None:
    """A reason we have words for; one we do not know is OTHER, for there is one."""
    if not told:
        return None
    return RefusalReason(told) if told in tuple(RefusalReason) else RefusalReason.OTHER
